import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { SpeechSynthesizer } from '../src/engine/speech-synthesizer.ts';
import { flite } from '../src/engines/flite/flite.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { compare } from './compare.ts';
import { echo } from './fake-engines.ts';
import { type SamtalServer, SLOW_WORD_MS, startSamtal } from './samtal-server.ts';
import { audioOf, piecesOf, REPLY, VOICE } from './speech-text.ts';

const target = { atMost: 1.25 };

const cases = [
  { name: 'First audio, model answers at once', deployment: 'real', perWordMs: 0 },
  {
    name: `First audio, model writes a word in ${SLOW_WORD_MS} ms`,
    deployment: 'slow',
    perWordMs: SLOW_WORD_MS,
  },
];

/** How soon a streamed reply begins to sound. */
export const firstAudio: Benchmark = {
  name: 'first-audio',
  async run(log) {
    await using server = await startSamtal();
    await using engine = flite();
    const figures: Figure[] = [];
    for (const { name, deployment, perWordMs } of cases) {
      log(name);
      const compared = await compare({
        ours: () => streamed(server, deployment),
        bare: () => alone(engine, perWordMs),
        target,
        rounds: perWordMs > 0 ? 8 : 16,
        warmUps: 3,
      });
      figures.push({
        name,
        unit: 'ratio',
        spread: compared.spread,
        target,
        how: 'streamed chat completion, from the request to the first `delta.audio.data` ÷ the model alone until its first sentence is written, then flite alone until its first chunk',
        detail: `${compared.ours.toFixed(1)} ms ÷ ${compared.bare.toFixed(1)} ms`,
      });
    }
    return figures;
  },
};

async function streamed(server: SamtalServer, model: string): Promise<number> {
  const body = {
    model,
    stream: true,
    modalities: ['text', 'audio'],
    audio: { voice: VOICE, format: 'pcm16' },
    messages: [{ role: 'user', content: REPLY }],
  };
  const start = performance.now();
  const response = await server.post('/v1/chat/completions', JSON.stringify(body));
  let firstMs: number | undefined;
  // Read to the end, so that nothing is left running under the next measurement.
  for await (const data of eventsOf(response)) {
    if (firstMs === undefined && hasAudio(data)) firstMs = performance.now() - start;
  }
  if (firstMs === undefined) throw new Error('The reply of the bench had no audio.');
  return firstMs;
}

async function* eventsOf(response: Response): AsyncGenerator<string, void, void> {
  if (!response.body) return;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) yield data;
}

function hasAudio(data: string): boolean {
  if (data === '[DONE]') return false;
  const { choices } = JSON.parse(data) as { choices: { delta: { audio?: { data?: string } } }[] };
  return choices[0]?.delta.audio?.data !== undefined;
}

async function alone(engine: SpeechSynthesizer, perWordMs: number): Promise<number> {
  const [sentence = ''] = await piecesOf(REPLY);
  const start = performance.now();
  let firstMs: number | undefined;
  for await (const _ of audioOf(engine, written(sentence, perWordMs))) firstMs ??= performance.now() - start;
  if (firstMs === undefined) throw new Error('The synthesizer said nothing.');
  return firstMs;
}

/** The first sentence, once the model has written it. */
async function* written(sentence: string, perWordMs: number): AsyncGenerator<string, void, void> {
  const { signal } = new AbortController();
  const request = {
    messages: [{ role: 'user', text: REPLY }],
    tools: [],
    toolChoice: 'auto',
    sampling: {},
  } as const;
  let text = '';
  for await (const event of echo(perWordMs).generate(request, { signal })) {
    if (event.type === 'text-delta') text += event.delta;
    if (text.length >= sentence.trimEnd().length) break;
  }
  yield sentence;
}
