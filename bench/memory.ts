import type { Benchmark, Figure } from './benchmark.ts';
import { load } from './load.ts';
import { type Memory, type SamtalServer, startSamtal } from './samtal-server.ts';
import { VOICE } from './speech-text.ts';
import { spreadOf } from './spread.ts';

const target = { atMost: 1.05 };
const PATH = '/v1/chat/completions';
const TIMES = 3;

interface Kind {
  readonly name: string;
  readonly body: object;
  readonly connections: number;
  readonly few: number;
  readonly many: number;
}

const kinds: readonly Kind[] = [
  {
    name: 'text requests',
    body: { model: 'fake', messages: [{ role: 'user', content: 'It is sunny in Malmö.' }] },
    connections: 10,
    few: 1_000,
    many: 10_000,
  },
  {
    name: 'spoken replies',
    body: {
      model: 'real',
      modalities: ['text', 'audio'],
      audio: { voice: VOICE, format: 'wav' },
      messages: [{ role: 'user', content: 'It is sunny in the city this afternoon.' }],
    },
    connections: 4,
    few: 20,
    many: 200,
  },
];

/** Whether anything is left behind by requests that are over. */
export const memory: Benchmark = {
  name: 'memory',
  async run(log) {
    const figures: Figure[] = [];
    for (const kind of kinds) {
      const growths: Growth[] = [];
      for (let time = 0; time < TIMES; time++) {
        growths.push(await grow(kind));
        log(`${kind.name}: ${describe(growths.at(-1))}`);
      }
      figures.push(toFigure(kind, growths, 'rss'), toFigure(kind, growths, 'heapUsed'));
    }
    return figures;
  },
};

interface Growth {
  readonly few: Memory;
  readonly many: Memory;
}

/** In a server that has done nothing before. */
async function grow(kind: Kind): Promise<Growth> {
  await using server = await startSamtal();
  await send(server, kind, kind.few);
  const few = await server.memory();
  await send(server, kind, kind.many - kind.few);
  return { few, many: await server.memory() };
}

async function send(server: SamtalServer, { body, connections }: Kind, requests: number): Promise<void> {
  const { url, headers } = server;
  await load({ url: url + PATH, headers, body: JSON.stringify(body), connections, until: { requests } });
}

function toFigure({ name, few, many }: Kind, growths: readonly Growth[], part: keyof Memory): Figure {
  const what = part === 'rss' ? 'RSS' : 'Heap';
  return {
    name: `${what} after ${many} ${name} ÷ after ${few}`,
    unit: 'ratio',
    spread: spreadOf(growths.map((growth) => growth.many[part] / growth.few[part])),
    target,
    how: `of the server's process, after a forced collection, in a new process for each of ${TIMES} rounds`,
    detail: growths
      .map((growth) => `${megabytes(growth.many[part])} ÷ ${megabytes(growth.few[part])}`)
      .join(', '),
  };
}

function describe(growth: Growth | undefined): string {
  if (!growth) return '';
  const { few, many } = growth;
  return `RSS ${megabytes(few.rss)} to ${megabytes(many.rss)}, heap ${megabytes(few.heapUsed)} to ${megabytes(many.heapUsed)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
