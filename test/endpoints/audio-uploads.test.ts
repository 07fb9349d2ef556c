import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../support/app.ts';
import { secondCounter } from '../support/second-counter.ts';
import { toneWav } from '../support/tone.ts';
import { type Field, jsonOf, postForm, WHISPER } from './audio-form.ts';

let server: TestApp;
let url: string;

beforeAll(async () => {
  server = await openTestApp({ 'whisper-1': { recognizer: secondCounter() } }, { audioSeconds: 60 });
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function post(fields: readonly Field[], path?: string): Promise<Response> {
  return await postForm({ url, key: server.key }, fields, path);
}

describe('a file of more than 25 MB', () => {
  const tooLarge = 'Maximum content size limit (26214400) exceeded';

  test('is refused by its announced length before a byte of it is read', async () => {
    const answer = await refusalOf({ announced: 30_000_000, sent: 0 });
    expect(answer).toEqual({
      status: 413,
      body: expect.stringContaining(`413: ${tooLarge} (30000000 bytes read)`),
    });
  });

  test('is refused at the first byte too many when its length is not told', async () => {
    const answer = await refusalOf({ announced: undefined, sent: 27_000_000 });
    expect(answer).toEqual({ status: 413, body: expect.stringContaining(tooLarge) });
  });

  test('is refused without cutting off a client that goes on sending', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: ${hostname}\r\napi-key: ${server.key}\r\n` +
        'content-type: multipart/form-data; boundary=x\r\ncontent-length: 30000000\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 [\s\S]*file_too_large/);
    socket.end(Buffer.alloc(30_000_000));
    socket.resume();
    // Rejects when the connection is reset.
    await once(socket, 'close');
  });

  test('is taken when it is just as large as may be', async () => {
    const file = Buffer.alloc(26_214_400);
    toneWav(2).copy(file);
    const response = await post([['file', new Blob([file]), 'a.wav'], WHISPER]);
    expect(await jsonOf(response)).toMatchObject({ text: 'one two' });
  });

  async function refusalOf(size: {
    readonly announced: number | undefined;
    readonly sent: number;
  }): Promise<{ status: number | undefined; body: string }> {
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number | undefined;
      body: string;
    }>();
    const request = httpRequest(`${url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: {
        'api-key': server.key,
        'content-type': 'multipart/form-data; boundary=x',
        ...(size.announced !== undefined && { 'content-length': size.announced }),
      },
    });
    request.on('response', (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('error', reject);
    request.write(head);
    if (size.sent > 0) request.write(Buffer.alloc(size.sent));
    return await promise.finally(() => request.destroy());
  }
});
