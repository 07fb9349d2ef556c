import { afterAll, describe } from 'vitest';
import { browserClients } from './browser-clients.ts';
import { describeClients } from './describe-clients.ts';
import { recordConnections } from './recorder.ts';
import { spokenQuestion, startClientServer } from './served.ts';

const server = await startClientServer();
const recorder = await recordConnections(server);
const question = await spokenQuestion(server);
const browser = await browserClients({ recorder, key: server.key });

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe.skipIf(browser.clients.length === 0)('the browser build', () => {
  describeClients(browser.clients, { recorder, question });
});
