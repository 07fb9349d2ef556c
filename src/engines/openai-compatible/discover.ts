import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { LinkedAbort } from '../../util/linked-abort.ts';
import { openRequest, readText } from './http-request.ts';

export interface ModelServerCandidate {
  readonly name: string;
  /** With its version: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
}

export interface DiscoveredModel extends ModelServerCandidate {
  readonly model: string;
}

export interface Discovery {
  /** The first candidate, in their order, that has a chat model. */
  readonly found: DiscoveredModel | undefined;
  /** What came of each candidate, for a person to read: `no server`, `no chat model`, `chat model llama3.2`. */
  readonly tried: readonly (ModelServerCandidate & { readonly outcome: string })[];
}

export interface DiscoverOptions {
  readonly signal: AbortSignal;
  /** Default: where Ollama, LM Studio, llama.cpp and vLLM listen on this machine. */
  readonly candidates?: readonly ModelServerCandidate[] | undefined;
  /** How long one server may take to list its models. Default 800 ms. */
  readonly timeoutMs?: number | undefined;
}

const LOCAL_SERVERS: readonly ModelServerCandidate[] = [
  { name: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { name: 'lm-studio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp', baseUrl: 'http://127.0.0.1:8080/v1' },
  { name: 'llama.cpp', baseUrl: 'http://127.0.0.1:8081/v1' },
  { name: 'vllm', baseUrl: 'http://127.0.0.1:8000/v1' },
];
/** Models that do not chat, by the names that they go by. */
const NO_CHAT_MODEL =
  /embed|rerank|\bbge\b|\bgte\b|\be5\b|minilm|whisper|transcri|\btts\b|\bclip\b|moderation|diffusion|\bguard\b/i;
const LONGEST_LIST = 1024 * 1024;

const listSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1), owned_by: z.string().nullish() })).nullish(),
});

/**
 * Asks the candidates, all at once, for a chat model. A Samtal server, which lists models too, is passed
 * over. Never rejects but with the reason of an aborted signal.
 */
export async function discoverLanguageModel(options: DiscoverOptions): Promise<Discovery> {
  options.signal.throwIfAborted();
  const candidates = options.candidates ?? LOCAL_SERVERS;
  const outcomes = await Promise.all(candidates.map((candidate) => probe(candidate, options)));
  options.signal.throwIfAborted();
  return {
    found: outcomes.find((outcome) => 'model' in outcome),
    tried: outcomes.map((outcome) => ({
      name: outcome.name,
      baseUrl: outcome.baseUrl,
      outcome: 'model' in outcome ? `chat model ${outcome.model}` : outcome.why,
    })),
  };
}

type Outcome = DiscoveredModel | (ModelServerCandidate & { readonly why: string });

async function probe(
  { name, baseUrl }: ModelServerCandidate,
  { signal, timeoutMs = 800 }: DiscoverOptions,
): Promise<Outcome> {
  using limited = new LinkedAbort(signal);
  const timer = setTimeout(() => limited.abort(), timeoutMs);
  try {
    const response = await openRequest(new URL(`${baseUrl}/models`), {
      method: 'GET',
      headers: { accept: 'application/json' },
      connectMs: timeoutMs,
      signal: limited.signal,
    });
    const text = await readText(response, LONGEST_LIST);
    return { name, baseUrl, ...judge(response, text) };
  } catch {
    return { name, baseUrl, why: limited.signal.aborted ? 'no answer in time' : 'no server' };
  } finally {
    clearTimeout(timer);
  }
}

function judge(response: IncomingMessage, text: string): { model: string } | { why: string } {
  const { server = '', 'x-samtal': samtal } = response.headers;
  if (samtal !== undefined || /samtal/i.test(String(server))) return { why: 'a Samtal server' };
  if (response.statusCode !== 200) return { why: `answered ${response.statusCode}` };
  const models = listSchema.safeParse(parseJson(text)).data?.data;
  if (!models) return { why: 'not a model server' };
  if (models.some((model) => /^samtal$/i.test(model.owned_by ?? ''))) return { why: 'a Samtal server' };
  const model = models.find(({ id }) => !NO_CHAT_MODEL.test(id))?.id;
  return model === undefined ? { why: 'no chat model' } : { model };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
