import { flite } from '../src/engines/flite/flite.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { compare } from './compare.ts';
import { elapsed } from './elapsed.ts';
import { startSamtal } from './samtal-server.ts';
import { piecesOf, REPLY, speakBare, VOICE } from './speech-text.ts';

const target = { atMost: 1.25 };

/** What the server adds to the time its synthesizer takes. */
export const speaking: Benchmark = {
  name: 'speaking',
  async run(log) {
    await using server = await startSamtal();
    await using engine = flite();
    const pieces = await piecesOf(REPLY);
    const bare = async (): Promise<number> => await elapsed(() => speakBare(engine, pieces));
    const ours = async (path: string, body: object): Promise<number> =>
      await elapsed(async () => await (await server.post(path, JSON.stringify(body))).arrayBuffer());
    const figures: Figure[] = [];
    for (const { name, path, body } of requests()) {
      log(name);
      const compared = await compare({ ours: () => ours(path, body), bare, target, rounds: 12, warmUps: 3 });
      figures.push({
        name,
        unit: 'ratio',
        spread: compared.spread,
        target,
        how: `\`POST ${path}\`, from the request to the last byte of 17 s of speech ÷ flite alone on the same sentences`,
        detail: `${compared.ours.toFixed(0)} ms ÷ ${compared.bare.toFixed(0)} ms`,
      });
    }
    return figures;
  },
};

function requests() {
  return [
    {
      name: 'Speech, pcm',
      path: '/v1/audio/speech',
      body: { model: 'real', input: REPLY, voice: VOICE, response_format: 'pcm' },
    },
    {
      name: 'Spoken chat reply, wav',
      path: '/v1/chat/completions',
      body: {
        model: 'real',
        modalities: ['text', 'audio'],
        audio: { voice: VOICE, format: 'wav' },
        messages: [{ role: 'user', content: REPLY }],
      },
    },
  ];
}
