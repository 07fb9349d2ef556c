import { afterAll } from 'vitest';
import { describeClients } from './describe-clients.ts';
import { openaiNodeClients } from './openai-node.ts';
import { pythonClients } from './python-client.ts';
import { recordConnections } from './recorder.ts';
import { lowLevelRtClient } from './rt-client.ts';
import { spokenQuestion, startClientServer } from './served.ts';

const server = await startClientServer();
const recorder = await recordConnections(server);
const question = await spokenQuestion(server);
const door = { recorder, key: server.key };
const pythons = await pythonClients(door);

afterAll(async () => {
  for (const python of pythons) await python[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describeClients([...openaiNodeClients(door), lowLevelRtClient(door), ...pythons], { recorder, question });
