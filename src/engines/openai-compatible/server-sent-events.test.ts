import { expect, test } from 'vitest';
import { readEvents } from './server-sent-events.ts';

async function* oneByOne(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

test('events survive a body that comes byte by byte, whatever its line ends', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const body = [
      ': ping',
      'data: på dig 😀',
      '',
      'event: x',
      'data: two',
      'data: lines',
      '',
      'data: cut off',
    ].join(end);
    expect(await Array.fromAsync(readEvents(oneByOne(body)))).toEqual(['på dig 😀', 'two\nlines', 'cut off']);
  }
});
