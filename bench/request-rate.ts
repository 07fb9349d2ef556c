import type { Benchmark } from './benchmark.ts';
import { compare } from './compare.ts';
import { forkServer } from './forked-server.ts';
import { load } from './load.ts';
import { startSamtal } from './samtal-server.ts';

const target = { atLeast: 0.5 };
const PATH = '/v1/chat/completions';
const CONNECTIONS = 10;
const SECONDS = 2;

const body = JSON.stringify({
  model: 'fake',
  messages: [
    { role: 'system', content: 'You are a helpful assistant. Answer in one sentence.' },
    { role: 'user', content: 'It is sunny in Malmö.' },
  ],
});

/** What of the speed of `node:http` is left when a chat request has gone through the whole server. */
export const requestRate: Benchmark = {
  name: 'request-rate',
  async run(log) {
    await using server = await startSamtal();
    const answer = await (await server.post(PATH, body)).text();
    await using bare = await forkServer('./bare-http-child.ts', [answer]);
    const perSecond = async (url: string, headers: Readonly<Record<string, string>>): Promise<number> =>
      await load({ url: url + PATH, headers, body, connections: CONNECTIONS, until: { seconds: SECONDS } });
    log('Chat requests per second');
    const compared = await compare({
      ours: () => perSecond(server.url, server.headers),
      bare: () => perSecond(bare.url, server.headers),
      target,
      rounds: 5,
      warmUps: 1,
    });
    return [
      {
        name: 'Chat requests per second, fake engines',
        unit: 'ratio',
        spread: compared.spread,
        target,
        how: `\`POST ${PATH}\`, text to text, ${CONNECTIONS} connections for ${SECONDS} s ÷ a \`node:http\` server that parses the same JSON and writes the same answer`,
        detail: `${compared.ours.toFixed(0)}/s ÷ ${compared.bare.toFixed(0)}/s`,
      },
    ];
  },
};
