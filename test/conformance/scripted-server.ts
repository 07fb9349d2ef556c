import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptSource } from '../../src/engines/scripted/script.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

export interface ScriptedServerOptions {
  /** The deployments that a script answers for, each by its name. */
  readonly scripts: Readonly<Record<string, ScriptSource>>;
  /** What else stands in the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The whole server with deployments whose model says what the test wants, beside those of the box. */
export async function startScriptedServer({ scripts, config }: ScriptedServerOptions): Promise<TestServer> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'samtal-scripts-'));
  resources.defer(async () => await rm(folder, { recursive: true }));
  // The default model comes first, so that the deployments of the box keep it.
  const engines: Record<string, object> = { standard: { type: 'scripted' } };
  const deployments: Record<string, object> = {};
  for (const [name, source] of Object.entries(scripts)) {
    const script = join(folder, `${name}.json`);
    await writeFile(script, JSON.stringify(source));
    engines[name] = { type: 'scripted', script };
    deployments[name] = { languageModel: name };
  }
  // Scripts are read at the start, so their folder can go once the server answers.
  return await startTestServer({ config: { ...config, engines, deployments } });
}
