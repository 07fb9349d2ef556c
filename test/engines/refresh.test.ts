import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/server/config/load-config.ts';
import { openEngines } from '../../src/server/engines/engines.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import { childProcesses } from '../support/child-processes.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { laboriousToneVoice, writeToneVoice } from '../support/onnx/tone-voice.ts';
import { putModel, putPackage } from '../support/pulled.ts';

const sherpa = (await findEnginePackage('looking twice for what has been pulled', 'sherpa-onnx-node')) ?? '';
const VOICE = 'kokoro-en-v0.19';

describe.runIf(sherpa !== '' && process.platform === 'linux')('looking for what has been pulled', () => {
  test('a model that goes while it is being loaded does not get the work', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'samtal-refresh-'));
    try {
      const config = parseConfig('{"discovery":{"languageModel":false}}', join(directory, 'config.json'));
      await using engines = await openEngines(config, homeAt(directory));
      await putPackage(directory, 'sherpa-onnx-node', sherpa);
      await putModel(directory, VOICE, async (folder) => {
        await writeToneVoice(folder, laboriousToneVoice(20));
      });
      const first = engines.refresh();
      await expect.poll(() => childProcesses('synthesizer-child').length).toBe(1);
      await rm(join(directory, 'models', VOICE, 'samtal-model.json'));
      await Promise.all([first, engines.refresh()]);
      expect(engines.synthesizer()?.name).not.toContain(VOICE);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
