import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { randomNumbers } from '../../../util/random-numbers.ts';
import { bunzip2 } from './bunzip2.ts';

/** What `bzip2` makes of nothing, of `hello\n`, and of 100,000 times the letter a. */
const NOTHING = 'QlpoORdyRThQkAAAAAA=';
const HELLO = 'QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi';
const RUN = 'QlpoOTFBWSZTWUNR2fUAAMYRAIQAIAAACCAAMMwFKacYQtgQvF3JFOFCQQ1HZ9Q=';

const hasBzip2 = spawnSync('bzip2', ['--version'], { input: '' }).error === undefined;
if (!hasBzip2) console.info('Left out, as bzip2 is not there: that what it packs is unpacked.');

async function unpack(packed: Uint8Array, pieceBytes = packed.length): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < packed.length; at += pieceBytes) yield packed.subarray(at, at + pieceBytes);
  }
  const unpacked: Uint8Array[] = [];
  for await (const piece of bunzip2(pieces())) unpacked.push(piece);
  return Buffer.concat(unpacked);
}

function packed(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

test('what was packed comes back', async () => {
  expect((await unpack(packed(NOTHING))).length).toBe(0);
  expect((await unpack(packed(HELLO))).toString()).toBe('hello\n');
  expect(await unpack(packed(RUN))).toEqual(Buffer.alloc(100_000, 'a'));
});

test('it does not matter in which pieces it comes', async () => {
  expect((await unpack(packed(HELLO), 1)).toString()).toBe('hello\n');
});

test('several files behind each other are one, as bzip2 has it', async () => {
  const both = Buffer.concat([packed(HELLO), packed(RUN), packed(HELLO)]);
  expect((await unpack(both)).length).toBe(100_012);
});

test.each([
  ['nothing at all', Buffer.alloc(0), 'it does not begin like one'],
  ['another file', Buffer.from('PK\u0003\u0004 and so on'), 'it does not begin like one'],
  ['a block size of zero', Buffer.from('BZh0'), 'it has no block size'],
  ['a header alone', Buffer.from('BZh9'), 'a block does not begin like one'],
  ['rubbish behind', Buffer.concat([packed(HELLO), Buffer.from('rubbish')]), 'it does not begin like one'],
])('%s is not a bzip2 file', async (_what, bytes, message) => {
  await expect(unpack(bytes)).rejects.toThrow(`The bzip2 file is damaged: ${message}.`);
});

test('wherever it is cut off, that is noticed', async () => {
  const whole = packed(HELLO);
  for (let length = 1; length < whole.length; length += 1) {
    await expect(unpack(whole.subarray(0, length)), `${length} bytes`).rejects.toThrow('is damaged');
  }
});

test('whichever bit is another, no other bytes come out', async () => {
  const whole = packed(HELLO);
  let noticed = 0;
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (0x80 >> (bit & 7)), bit >> 3);
    const [result] = await Promise.allSettled([unpack(changed)]);
    // Some bits say nothing, such as those of a table that no group uses.
    if (result.status === 'fulfilled') expect(result.value.toString(), `bit ${bit}`).toBe('hello\n');
    else noticed += 1;
  }
  expect(noticed).toBeGreaterThan(whole.length * 7);
});

test.runIf(hasBzip2).each([1, 9])('what bzip2 -%d packs comes back, of many kinds', async (level) => {
  const random = randomNumbers(level);
  const kinds = [
    Buffer.from(Array.from({ length: 300_000 }, () => random() * 256)),
    Buffer.from(Array.from({ length: 300_000 }, () => 97 + random() * 4)),
    Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => (index >> 8) * (random() < 0.01 ? 1 : 0))),
    ...[3, 4, 5, 254, 255, 256, 259, 260, 1_000].map((length) => Buffer.alloc(length, 'a')),
  ];
  for (const bytes of kinds) {
    const { stdout } = spawnSync('bzip2', [`-${level}`, '-c'], { input: bytes, maxBuffer: 2 ** 26 });
    expect((await unpack(stdout, 65_536)).equals(bytes), `${bytes.length} bytes`).toBe(true);
  }
});
