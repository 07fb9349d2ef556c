import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { checkRecording } from './check-recording.ts';
import type { StockClient } from './driver.ts';
import { openaiNodeClients } from './openai-node.ts';
import { pythonClients } from './python-client.ts';
import { recordConnections } from './recorder.ts';
import { lowLevelRtClient } from './rt-client.ts';
import { SCENARIOS } from './scenarios.ts';
import { spokenQuestion, startClientServer } from './served.ts';

const server = await startClientServer();
const recorder = await recordConnections(server);
const question = await spokenQuestion(server);
const door = { recorder, key: server.key };
const pythons = await pythonClients(door);
const clients: readonly StockClient[] = [...openaiNodeClients(door), lowLevelRtClient(door), ...pythons];

afterAll(async () => {
  for (const python of pythons) await python[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

afterEach(({ task }) => {
  const connections = recorder.take();
  if (task.mode === 'run') expect(connections.length).toBeGreaterThan(0);
  for (const connection of connections) checkRecording(connection, { isWhole: task.name !== 'a reconnect' });
});

describe.each(clients)('$name', (client) => {
  for (const [name, play] of Object.entries(SCENARIOS)) {
    const reason = client.cannot?.[name];
    test.skipIf(reason)(reason ? `${name}: ${reason}` : name, async () => {
      await play({ client, question });
    });
  }
});
