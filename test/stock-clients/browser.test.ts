import { afterAll, afterEach, describe, test } from 'vitest';
import { browserClients } from './browser-clients.ts';
import { checkRecording } from './check-recording.ts';
import { recordConnections } from './recorder.ts';
import { SCENARIOS } from './scenarios.ts';
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

afterEach(({ task }) => {
  for (const connection of recorder.take())
    checkRecording(connection, { isWhole: task.name !== 'a reconnect' });
});

describe.skipIf(browser.clients.length === 0)('the browser build', () => {
  describe.each(browser.clients)('$name', (client) => {
    for (const [name, play] of Object.entries(SCENARIOS)) {
      const reason = client.cannot?.[name];
      test.skipIf(reason)(reason ? `${name}: ${reason}` : name, async () => {
        await play({ client, question });
      });
    }
  });
});
