import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { fault, withSamtal } from './deployment-bodies.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  server = await startTestServer({
    config: { deployments: { house: { synthesizer: 'flite', voices: { anna: 'shimmer' } } } },
  });
  deployments = deploymentsOf(server);
});

afterAll(async () => await server[Symbol.asyncDispose]());

async function speak(model: string, voice: string): Promise<Buffer> {
  const body = { model, voice, input: 'Good morning.', response_format: 'pcm' };
  const response = await server.post('/v1/audio/speech', body);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

test('a voice of the configuration speaks as the one that it means', async () => {
  const anna = await speak('house', 'anna');
  expect(anna.equals(await speak('house', 'shimmer'))).toBe(true);
  expect(anna.equals(await speak('house', 'alloy'))).toBe(false);
});

test('a deployment that is created can rename a voice of the API', async () => {
  const settings = withSamtal({ engines: { synthesizer: 'flite' }, voices: { alloy: 'echo' } });
  expect((await deployments.put('turned', settings)).status).toBe(201);
  const turned = await speak('turned', 'alloy');
  expect(turned.equals(await speak('tts-1', 'echo'))).toBe(true);
});

test('a voice of one deployment is none of another', async () => {
  const body = { model: 'tts-1', voice: 'anna', input: 'Good morning.' };
  expect((await server.post('/v1/audio/speech', body)).status).toBe(400);
});

test('a voice that means none is refused by its name', async () => {
  const refused = await deployments.put('lost', withSamtal({ voices: { anna: 'berta' } }));
  expect(refused.body).toEqual(
    fault(
      'InvalidRequestContent',
      expect.stringContaining("There is no voice 'berta'"),
      'properties.samtal.voices.anna',
    ),
  );
});
