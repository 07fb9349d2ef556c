import multipart from '@fastify/multipart';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deferred } from '../../util/deferred.ts';
import { ApiError } from '../../util/errors.ts';
import { FORM_OPTIONS, type Form, readForm } from './read-form.ts';
import { UploadBudget } from './upload-budget.ts';

let app: FastifyInstance;
let url: string;
/** What each request waits for once its form has been read. */
let answering: Promise<void>;
let forms: Form[];

beforeEach(async () => {
  answering = Promise.resolve();
  forms = [];
  const budget = new UploadBudget(1000);
  app = fastify();
  await app.register(multipart, FORM_OPTIONS);
  app.setErrorHandler(async (error, _request, reply) => {
    return await reply.code(400).send(error instanceof ApiError ? error.kind : 'another');
  });
  app.post('/', async (request, reply) => {
    forms.push(await readForm(request, reply, { budget }));
    await answering;
    return 'read';
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await app.close();
});

async function upload(bytes: number): Promise<string> {
  const body = new FormData();
  body.append('before', '1');
  body.append('file', new Blob([Buffer.alloc(bytes, 'a')]), 'a.wav');
  body.append('after', '2');
  return await (await fetch(url, { method: 'POST', body })).text();
}

test('fields and file are read in whatever order they come', async () => {
  expect(await upload(3)).toBe('read');
  expect(forms).toEqual([
    {
      fields: [
        ['before', '1'],
        ['after', '2'],
      ],
      file: Buffer.from('aaa'),
    },
  ]);
});

test('a file counts until its answer is out, and no longer', async () => {
  const { promise, resolve } = deferred<void>();
  answering = promise;
  const first = upload(700);
  while (forms.length === 0) await new Promise(setImmediate);
  expect(await upload(700)).toBe('overloaded');
  resolve();
  expect(await first).toBe('read');
  expect(await upload(700)).toBe('read');
});

test('a file that is refused counts no longer', async () => {
  expect(await upload(1001)).toBe('overloaded');
  expect(await upload(1000)).toBe('read');
});
