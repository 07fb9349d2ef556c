import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-deployments-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Does `work` with a server of the same home, which it starts and stops. */
async function serving<T>(
  work: (deployments: ManagementClient) => Promise<T>,
  config: Record<string, unknown> = {},
): Promise<T> {
  await using server = await startTestServer({ home, config });
  return await work(deploymentsOf(server));
}

async function namesOf(deployments: ManagementClient): Promise<readonly string[]> {
  const { value } = (await deployments.list()).body as {
    readonly value: readonly { readonly name: string }[];
  };
  return value.map(({ name }) => name);
}

async function removeAll(deployments: ManagementClient): Promise<void> {
  for (const name of await namesOf(deployments)) await deployments.remove(name);
}

const talk = {
  properties: {
    model: { name: 'gpt-audio' },
    samtal: { engines: { synthesizer: 'flite' }, defaults: { instructions: 'Be brief.' } },
  },
};

test('what was created, changed and deleted is so after a restart', async () => {
  const before = await serving(async (deployments) => {
    await deployments.put('talk', talk);
    await deployments.patch('talk', { properties: { samtal: { defaults: { voice: 'coral' } } } });
    await deployments.patch('gpt-audio', { properties: { samtal: { defaults: { voice: 'ash' } } } });
    await deployments.remove('tts-1');
    await deployments.put('gone', talk);
    await deployments.remove('gone');
    return await deployments.list();
  });
  expect(await serving(async (deployments) => await deployments.list())).toEqual(before);
  await serving(async (deployments) => {
    expect(await deployments.get('talk')).toMatchObject({
      body: {
        properties: {
          samtal: { origin: 'created', defaults: { instructions: 'Be brief.', voice: 'coral' } },
        },
      },
    });
    expect(await deployments.get('gpt-audio')).toMatchObject({
      body: { properties: { samtal: { origin: 'standard', defaults: { voice: 'ash' } } } },
    });
    const names = await namesOf(deployments);
    expect(names).not.toContain('tts-1');
    expect(names).not.toContain('gone');
    expect((await deployments.put('tts-1', { properties: { model: { name: 'tts-1' } } })).status).toBe(201);
  });
});

test('a standard deployment that was made again can be deleted again', async () => {
  await serving(async (deployments) => {
    await deployments.remove('tts-1');
    await deployments.put('tts-1', talk);
    expect(await deployments.get('tts-1')).toMatchObject({
      body: { properties: { samtal: { origin: 'created' } } },
    });
    await deployments.remove('tts-1');
    expect((await deployments.get('tts-1')).status).toBe(404);
  });
  expect(await serving(async (deployments) => (await deployments.get('tts-1')).status)).toBe(404);
});

test('the configuration takes the place of what was created, and gives it back', async () => {
  await serving(async (deployments) => await deployments.put('talk', talk));
  const config = { deployments: { talk: { model: 'house-model' } } };
  await serving(async (deployments) => {
    expect(await deployments.get('talk')).toMatchObject({
      body: { properties: { model: { name: 'house-model' }, samtal: { origin: 'configuration' } } },
    });
    expect((await deployments.remove('talk')).status).toBe(409);
  }, config);
  await serving(async (deployments) => {
    expect(await deployments.get('talk')).toMatchObject({
      body: { properties: { model: { name: 'gpt-audio' }, samtal: { origin: 'created' } } },
    });
  });
});

test('an engine that is no longer configured is missing from its deployment, which can be mended', async () => {
  const config = { engines: { reader: { type: 'flite' } } };
  const { properties } = talk;
  const body = { properties: { ...properties, samtal: { engines: { synthesizer: 'reader' } } } };
  await serving(async (deployments) => await deployments.put('talk', body), config);
  await serving(async (deployments) => {
    const told = await deployments.get('talk');
    expect(told.body).toMatchObject({ properties: { samtal: { answers: { speaks: null } } } });
    expect(JSON.stringify(told.body)).toContain("There is no engine 'reader'.");
    const patch = (samtal: object) => deployments.patch('talk', { properties: { samtal } });
    expect((await patch({ defaults: { temperature: 1 } })).status).toBe(200);
    expect(await patch({ engines: { synthesizer: 'flite' } })).toMatchObject({
      status: 200,
      body: { properties: { samtal: { answers: { speaks: { engine: 'flite' } } } } },
    });
  });
});

test('an account without deployments is deleted, and made anew as that of a new server', async () => {
  await serving(async (deployments) => {
    await deployments.put('talk', talk);
    expect(await deployments.ask('DELETE', '')).toMatchObject({
      status: 409,
      body: { error: { code: 'CannotDeleteResource', message: expect.stringContaining('and 11 more') } },
    });
    await removeAll(deployments);
    expect((await deployments.ask('DELETE', '')).status).toBe(200);
    expect((await deployments.ask('DELETE', '')).status).toBe(204);
  });
  await serving(async (deployments) => {
    for (const answer of [
      await deployments.ask('GET', ''),
      await deployments.list(),
      await deployments.put('talk', talk),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'ResourceNotFound' } } });
    }
    expect(
      await deployments.ask('PUT', '', { body: { kind: 'OpenAI', location: 'here', sku: { name: 'S0' } } }),
    ).toMatchObject({
      status: 201,
      body: { location: 'here', properties: { provisioningState: 'Succeeded' } },
    });
    const names = await namesOf(deployments);
    expect(names).toContain('tts-1');
    expect(names).not.toContain('talk');
  });
});

test('an account with a deployment of the configuration says where that is deleted', async () => {
  await serving(
    async (deployments) => {
      for (const name of await namesOf(deployments)) if (name !== 'fixed') await deployments.remove(name);
      expect(await deployments.ask('DELETE', '')).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringMatching(/: fixed\. .*configuration file/) } },
      });
    },
    { deployments: { fixed: {} } },
  );
});

test.each([
  [{ kind: 'Speech' }, 'kind'],
  [{ properties: { publicNetworkAccess: 'Disabled' } }, 'properties.publicNetworkAccess'],
  [{ properties: { encryption: {} } }, 'properties.encryption'],
  ['[]', undefined],
])('the account is not made what it can not be: %j', async (body, target) => {
  await serving(async (deployments) => {
    expect(await deployments.ask('PUT', '', { body })).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidRequestContent', ...(target && { target }) } },
    });
  });
});
