import type { AudioChunk } from '../src/audio/chunk.ts';
import { toPcmBytes } from '../src/audio/pcm-bytes.ts';
import { inChunks } from '../src/audio/test-speech.ts';
import { WAV_HEADER_BYTES, wavHeader } from '../src/audio/wav-writer.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY } from '../src/engines/pocketsphinx/find-pocketsphinx.ts';
import { type Pocketsphinx, pocketsphinx } from '../src/engines/pocketsphinx/pocketsphinx.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { compare } from './compare.ts';
import { elapsed } from './elapsed.ts';
import { type SamtalServer, startSamtal } from './samtal-server.ts';
import { spoken } from './speech-text.ts';

const target = { atMost: 1.25 };
const QUESTION = 'The weather in the city is warm and sunny this afternoon. Will it rain in the morning?';

/** What the server adds to the time its recognizer takes. */
export const hearing: Benchmark = {
  name: 'hearing',
  async run(log) {
    if (!findPocketsphinx()) {
      log(`left out, as pocketsphinx is not installed: ${POCKETSPHINX_REMEDY}`);
      return [];
    }
    const speech = await spoken(QUESTION);
    const wav = Buffer.concat([
      wavHeader(speech.sampleRate, speech.samples.length),
      toPcmBytes(speech.samples),
    ]);
    await using server = await startSamtal();
    await using engine = pocketsphinx();
    const bare = async (): Promise<number> => await elapsed(() => hearBare(engine, speech));
    const figures: Figure[] = [];
    for (const { name, path, post } of requests(server, wav)) {
      log(name);
      const ours = async (): Promise<number> => await elapsed(async () => await (await post()).text());
      const compared = await compare({ ours, bare, target, rounds: 8, warmUps: 2 });
      figures.push({
        name,
        unit: 'ratio',
        spread: compared.spread,
        target,
        how: `\`POST ${path}\` with ${seconds(speech)} s of speech at 16 kHz as WAV ÷ pocketsphinx alone on the same samples`,
        detail: `${compared.ours.toFixed(0)} ms ÷ ${compared.bare.toFixed(0)} ms`,
      });
    }
    return figures;
  },
};

function requests(server: SamtalServer, wav: Buffer<ArrayBuffer>) {
  const form = new FormData();
  form.append('model', 'real');
  form.append('file', new Blob([wav]), 'speech.wav');
  let asked = 0;
  const chat = (): string => {
    // What was heard before is remembered, so each request asks with a sample that is its own.
    wav.writeInt16LE(++asked, WAV_HEADER_BYTES);
    const input_audio = { data: wav.toString('base64'), format: 'wav' };
    const messages = [{ role: 'user', content: [{ type: 'input_audio', input_audio }] }];
    return JSON.stringify({ model: 'real', modalities: ['text'], messages });
  };
  return [
    {
      name: 'Transcription, wav',
      path: '/v1/audio/transcriptions',
      post: () => server.post('/v1/audio/transcriptions', form),
    },
    {
      name: 'Chat, speech in and text out',
      path: '/v1/chat/completions',
      post: () => server.post('/v1/chat/completions', chat()),
    },
  ];
}

async function hearBare(engine: Pocketsphinx, { samples, sampleRate }: AudioChunk): Promise<void> {
  const { signal } = new AbortController();
  const heard = engine.recognize(inChunks(samples, sampleRate, sampleRate / 10), { signal });
  const finals = (await Array.fromAsync(heard)).filter(({ type }) => type === 'final');
  if (finals.length === 0) throw new Error('Pocketsphinx heard nothing in the speech of the bench.');
}

function seconds({ samples, sampleRate }: AudioChunk): string {
  return (samples.length / sampleRate).toFixed(1);
}
