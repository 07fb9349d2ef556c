import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fastify, LogController } from 'fastify';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sendBytes } from '../audio/send-bytes.ts';
import { sendEvents } from './event-stream.ts';

type Answer = Parameters<typeof sendEvents>;

/** A server with one route, and the messages of its log one by one. */
async function serving(answer: (reply: Answer[0], signal: AbortSignal) => Promise<unknown>) {
  const log = new PassThrough();
  const app = fastify({
    loggerInstance: pino({ level: 'info' }, log),
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.decorateRequest('gone');
  app.get('/', async (incoming, reply) => {
    incoming.gone = new AbortController();
    reply.raw.once('close', () =>
      incoming.gone.abort(new DOMException('The client has gone.', 'AbortError')),
    );
    return await answer(reply, incoming.gone.signal);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const lines = createInterface(log)[Symbol.asyncIterator]();
  await lines.next();
  const ask = async (): Promise<IncomingMessage> => {
    const [response] = await once(request({ host: '127.0.0.1', port, agent: false }).end(), 'response');
    return response;
  };
  const nextLine = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? '{}');
  return { ask, nextLine, [Symbol.asyncDispose]: async () => await app.close() };
}

async function* untilGone(signal: AbortSignal): AsyncGenerator<{ readonly part: number }, void, void> {
  yield { part: 1 };
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

async function* breaking(): AsyncGenerator<Uint8Array, void, void> {
  yield new Uint8Array(8);
  throw new Error('The voice broke.');
}

test('a client that leaves a stream is no error of the server', async () => {
  await using server = await serving(async (reply, signal) => await sendEvents(reply, untilGone(signal)));
  const response = await server.ask();
  await once(response, 'data');
  response.destroy();
  expect(await server.nextLine()).toMatchObject({ level: 30, msg: 'client left before its answer' });
});

test('a stream that breaks off is told in the log and by an event', async () => {
  await using server = await serving(async (reply) => await sendEvents(reply, breaking()));
  const response = await server.ask();
  expect(await text(response)).toContain(
    '"message":"The server had an error while processing your request."',
  );
  expect(await server.nextLine()).toMatchObject({
    level: 50,
    msg: 'stream failed',
    err: { stack: expect.stringContaining('The voice broke.') },
  });
});

test('a file that breaks off is told in the log, as its status can not say it', async () => {
  await using server = await serving(async (reply) => await sendBytes(reply, breaking(), 'audio/wav'));
  const response = await server.ask();
  response.on('error', () => {});
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(await server.nextLine()).toMatchObject({
    level: 50,
    msg: 'stream failed',
    err: { message: 'The voice broke.' },
  });
});
