import { setTimeout } from 'node:timers/promises';
import { toPcmBytes } from '../src/audio/pcm-bytes.ts';
import { testSpeech } from '../src/audio/test-speech.ts';
import { wavHeader } from '../src/audio/wav-writer.ts';
import { type Benchmark, isMet, type Log } from './benchmark.ts';
import { type LoopDelay, type SamtalServer, startSamtal } from './samtal-server.ts';
import { quantile, spreadOf } from './spread.ts';

const target = { atMost: 25 };
const PATH = '/v1/chat/completions';
const FILE_BYTES = 20_000_000;
const AT_ONCE = 4;
const ROUNDS = 4;
const MOST_BATCHES = 3;
const IDLE_MS = 500;
const SMALL_EVERY_MS = 20;
const SAMPLE_RATE = 48_000;
/** Characters of base64 that hold the 44 bytes of the header, to the next whole three bytes. */
const BASE64_OF_HEADER = 60;

/** Whether large recordings hold up everybody else. */
export const loopDelay: Benchmark = {
  name: 'loop-delay',
  async run(log) {
    await using server = await startSamtal();
    const large = Array.from({ length: AT_ONCE }, largeBody);
    const waits: number[] = [];
    const delays: LoopDelay[] = [];
    await postLarge(server, large, log);
    const idle: number[] = [];
    for (let batch = 0; batch < MOST_BATCHES && !isSettled(delays); batch++) {
      for (let round = 0; round < ROUNDS; round++) {
        idle.push(await idleDelay(server));
        await server.watchLoop();
        waits.push(...(await besides(server, postLarge(server, large, log))));
        delays.push(await server.loopDelay());
      }
    }
    const longest = Math.max(...delays.map(({ maxMs }) => maxMs));
    return [
      {
        name: `Event loop delay, p99, under ${AT_ONCE} posts of 20 MB`,
        unit: 'ms',
        spread: spreadOf(delays.map(({ p99Ms }) => p99Ms)),
        target,
        how: `\`monitorEventLoopDelay\` (1 ms) in the server's process while ${AT_ONCE} chat requests with \`input_audio\` of 20 MB (WAV, 48 kHz, stereo) run at once and small ones beside them; a fake recognizer takes the audio as fast as it comes`,
        detail: `idle ${quantile(idle, 0.5).toFixed(1)} ms, longest ${longest.toFixed(0)} ms; small requests p50 ${quantile(waits, 0.5).toFixed(0)} ms, p99 ${quantile(waits, 0.99).toFixed(0)} ms`,
      },
    ];
  },
};

function isSettled(delays: readonly LoopDelay[]): boolean {
  return isMet(
    target,
    quantile(
      delays.map(({ p99Ms }) => p99Ms),
      0.5,
    ),
  );
}

/** The p99 of a server that has nothing to do, which is the machine's own doing. */
async function idleDelay(server: SamtalServer): Promise<number> {
  await server.watchLoop();
  await setTimeout(IDLE_MS);
  return (await server.loopDelay()).p99Ms;
}

/** What was heard before is remembered, so each post has a sample that is its own. */
async function postLarge(server: SamtalServer, large: readonly LargeBody[], log: Log): Promise<void> {
  const start = performance.now();
  const posts = large.map(async ({ json, audioStart }, index) => {
    json.write(toBase64(posted + index), audioStart + BASE64_OF_HEADER);
    await (await server.post(PATH, json)).text();
  });
  posted += large.length;
  await Promise.all(posts);
  log(`${AT_ONCE} posts of 20 MB in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

let posted = 0;

/** Three bytes, which are four characters. */
function toBase64(value: number): string {
  return Buffer.from([value & 0xff, value >> 8, 0]).toString('base64');
}

/** The milliseconds that small requests take while `work` goes on. */
async function besides(server: SamtalServer, work: Promise<void>): Promise<number[]> {
  const body = JSON.stringify({ model: 'fake', messages: [{ role: 'user', content: 'Hello.' }] });
  const waits: number[] = [];
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const start = performance.now();
    await (await server.post(PATH, body)).text();
    waits.push(performance.now() - start);
    await setTimeout(SMALL_EVERY_MS);
  }
  await ended;
  return waits;
}

interface LargeBody {
  readonly json: Buffer<ArrayBuffer>;
  /** Where its base64 begins. */
  readonly audioStart: number;
}

function largeBody(): LargeBody {
  const second = testSpeech(1, SAMPLE_RATE);
  const frames = Math.floor(FILE_BYTES / 4);
  const samples = Int16Array.from(
    { length: frames * 2 },
    (_, index) => second[(index >> 1) % SAMPLE_RATE] ?? 0,
  );
  const data = Buffer.concat([stereoHeader(samples.length), toPcmBytes(samples)]).toString('base64');
  const content = [{ type: 'input_audio', input_audio: { data, format: 'wav' } }];
  const json = Buffer.from(JSON.stringify({ model: 'fake', messages: [{ role: 'user', content }] }));
  return { json, audioStart: json.indexOf(data.slice(0, BASE64_OF_HEADER)) };
}

/** The header of `wavHeader` for two channels: their number, the bytes of a second and of a frame. */
function stereoHeader(samples: number): Uint8Array {
  const header = Buffer.from(wavHeader(SAMPLE_RATE, samples));
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(SAMPLE_RATE * 4, 28);
  header.writeUInt16LE(4, 32);
  return header;
}
