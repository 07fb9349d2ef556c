import type { GenerateEvent, GenerateRequest, LanguageModel } from '../../engine/language-model.ts';
import { type FakeUpstream, serveFake } from './fake-upstream.ts';
import { type OpenAiCompatibleOptions, openAiCompatible } from './index.ts';

/** What the tests of this folder ask a model. */
export const ASK: GenerateRequest = {
  messages: [{ role: 'user', text: 'Hello.' }],
  tools: [],
  toolChoice: 'auto',
  sampling: {},
};
/** The chunk that ends an answer. */
export const STOPPED = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
export const WEATHER = { name: 'get_weather', parameters: { type: 'object' } };

export function connect(
  upstream: FakeUpstream,
  options: Partial<OpenAiCompatibleOptions> = {},
): LanguageModel {
  return openAiCompatible({ baseUrl: upstream.baseUrl, model: 'tiny', ...options });
}

export async function run(model: LanguageModel, request: GenerateRequest = ASK): Promise<GenerateEvent[]> {
  return await Array.fromAsync(model.generate(request, { signal: new AbortController().signal }));
}

export function textOf(events: readonly GenerateEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.delta : '')).join('');
}

/** What is made of `body`, when a server answers with it. */
export async function answerWith(
  body: string,
  request = ASK,
  type = 'text/event-stream',
): Promise<GenerateEvent[]> {
  await using upstream = await serveFake((_, response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  return await run(connect(upstream), request);
}
