import { expect, test } from 'vitest';
import { readChunks } from './read-chunks.ts';

function streamOf(...pieces: readonly string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'x-request-id': 'req_1' } });
}

test('a chunk may be cut anywhere', async () => {
  const response = streamOf(
    'data: {"choi',
    'ces":[]}\n',
    '\ndata: {"choices":[{"delta":{}}]}\n\ndata: [DO',
    'NE]\n\n',
  );
  expect(await Array.fromAsync(readChunks(response))).toEqual([
    { choices: [] },
    { choices: [{ delta: {} }] },
  ]);
});

test('an error inside the stream is thrown with the request it belongs to', async () => {
  const response = streamOf('data: {"error":{"message":"An engine failed.","code":"server_error"}}\n\n');
  await expect(Array.fromAsync(readChunks(response))).rejects.toMatchObject({
    name: 'ServerError',
    message: 'An engine failed.',
    code: 'server_error',
    requestId: 'req_1',
  });
});

test('a stream without its end has broken off', async () => {
  await expect(Array.fromAsync(readChunks(streamOf('data: {"choices":[]}\n\n')))).rejects.toThrow(
    'The answer broke off before its end.',
  );
});
