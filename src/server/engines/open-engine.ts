import { espeak } from '../../engines/espeak/espeak.ts';
import { type EspeakProgram, findEspeak } from '../../engines/espeak/find-espeak.ts';
import { flite } from '../../engines/flite/flite.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY, pocketsphinx } from '../../engines/pocketsphinx/index.ts';
import { scripted } from '../../engines/scripted/index.ts';
import { sileroVad } from '../../engines/silero-vad/silero-vad.ts';
import type { EngineConfig } from '../config/index.ts';
import type { Home } from '../home/paths.ts';
import { defined } from './defined.ts';
import { requireSilero } from './find-silero.ts';
import { MissingEngine } from './missing.ts';
import { openLlama, openSherpaRecognizer, openSherpaSynthesizer } from './open-model.ts';
import { openUpstream } from './open-upstream.ts';
import type { OpenedEngine } from './opened-engine.ts';
import { supervised } from './supervised.ts';

export interface OpenEngineOptions {
  /** Releases what the engine holds. */
  readonly stack: AsyncDisposableStack;
  /** Where packages and weights are. */
  readonly home: Home;
}

/**
 * Opens the engine that `settings` describe.
 * @throws {EngineError} `unavailable` when it is not installed; {ConfigError} for a secret that is not there.
 */
export async function openEngine(
  name: string,
  settings: EngineConfig,
  options: OpenEngineOptions,
): Promise<OpenedEngine> {
  const { stack, home } = options;
  switch (settings.type) {
    case 'flite': {
      const synthesizer = stack.use(flite(defined({ workers: settings.workers })));
      return { synthesizer, ...supervised(synthesizer) };
    }
    case 'espeak':
      return { synthesizer: await espeak({ program: await espeakProgram(settings.command) }) };
    case 'pocketsphinx': {
      const { workers, modelDirectory } = settings;
      if (!findPocketsphinx({ modelDirectory })) throw noPocketsphinx(name, modelDirectory);
      const recognizer = stack.use(pocketsphinx(defined({ workers, modelDirectory })));
      return { recognizer, ...supervised(recognizer) };
    }
    case 'silero': {
      const voiceActivity = stack.use(await sileroVad(await requireSilero(home, settings.model)));
      return { voiceActivity, trouble: () => voiceActivity.status.trouble };
    }
    case 'sherpa-recognizer':
      return await openSherpaRecognizer(name, settings, options);
    case 'sherpa-synthesizer':
      return await openSherpaSynthesizer(name, settings, options);
    case 'llama':
      return await openLlama(name, settings, options);
    case 'scripted':
      return { languageModel: await scripted({ script: settings.script }) };
    default:
      return openUpstream(name, settings);
  }
}

async function espeakProgram(command: string | undefined): Promise<EspeakProgram> {
  const program = await findEspeak(command);
  if (program) return program;
  throw new MissingEngine('espeak', {
    reason: `The program ${command ?? 'espeak-ng'} is not installed.`,
    remedy: 'On Debian or Ubuntu: apt-get install espeak-ng',
  });
}

function noPocketsphinx(name: string, modelDirectory: string | undefined): MissingEngine {
  return new MissingEngine(name, {
    reason: modelDirectory
      ? `pocketsphinx is not installed, or has no model in ${modelDirectory}.`
      : 'pocketsphinx is not installed.',
    remedy: `On Debian or Ubuntu: ${POCKETSPHINX_REMEDY}`,
  });
}
