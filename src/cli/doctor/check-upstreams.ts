import { type Config, type EngineConfig, readSecret } from '../../server/config/index.ts';
import { broken, type Finding, good, messageOf } from './finding.ts';

type Upstream = Extract<EngineConfig, { baseUrl: string }>;

const ANSWER_WITHIN_MS = 3000;

/** Whether the servers that engines are connected to answer at all, asked for their list of models. */
export async function checkUpstreams(config: Config): Promise<readonly Finding[]> {
  const findings = Object.entries(config.engines).map(async ([name, engine]) =>
    'baseUrl' in engine ? [await checkUpstream(name, engine)] : [],
  );
  return (await Promise.all(findings)).flat();
}

async function checkUpstream(name: string, engine: Upstream): Promise<Finding> {
  const { baseUrl, apiKey } = engine;
  const check = `engine ${name}`;
  const key = apiKey && readSecret(apiKey, `engines.${name}.apiKey`, process.env);
  try {
    const isAzure = 'azure' in engine && engine.azure !== undefined;
    const base = baseUrl.replace(/^ws/, 'http').replace(/\/$/, '') + (isAzure ? '/openai/v1' : '');
    const credentials =
      key !== undefined && (isAzure ? { 'api-key': key } : { authorization: `Bearer ${key}` });
    const response = await fetch(`${base}/models`, {
      headers: { ...credentials },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.body?.cancel();
    if (response.status !== 401 && response.status !== 403) return good(check, `${baseUrl} answers`);
    return broken(
      check,
      `${baseUrl} refuses the key (${response.status})`,
      `Correct engines.${name}.apiKey.`,
    );
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    return broken(
      check,
      `${baseUrl} does not answer: ${messageOf(cause)}`,
      `Start that server, or correct engines.${name}.baseUrl.`,
    );
  }
}
