import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { fault, samtalOf, TALK, withSamtal } from './deployment-bodies.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  server = await startTestServer({
    config: {
      deployments: { fixed: { model: 'house-model', synthesizer: 'flite', defaults: { voice: 'coral' } } },
    },
  });
  deployments = deploymentsOf(server);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('a deployment', () => {
  test('is created, told, replaced and deleted', async () => {
    const created = await deployments.put('talk', TALK);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: `${deployments.account}/deployments/talk`,
      name: 'talk',
      type: 'Microsoft.CognitiveServices/accounts/deployments',
      sku: { name: 'GlobalStandard', capacity: 1 },
      systemData: { createdBy: 'key:default', createdByType: 'Key', lastModifiedBy: 'key:default' },
      properties: {
        model: { format: 'OpenAI', name: 'gpt-audio', version: '1' },
        provisioningState: 'Succeeded',
        capabilities: { chatCompletion: 'true', realtime: 'true' },
        rateLimits: [],
        samtal: { origin: 'created', engines: {}, defaults: {}, answers: { thinks: { engine: 'scripted' } } },
      },
    });
    expect(created.etag).toBe(created.body['etag']);
    expect(await deployments.get('talk')).toEqual({ ...created, status: 200 });
    expect((await deployments.put('talk', withSamtal({ defaults: { voice: 'coral' } }))).status).toBe(200);
    const replaced = await deployments.put('talk', TALK);
    expect(samtalOf(replaced)['defaults']).toEqual({});
    expect(await deployments.remove('talk')).toMatchObject({ status: 200, body: {} });
    expect((await deployments.remove('talk')).status).toBe(204);
    expect(await deployments.get('talk')).toMatchObject({
      status: 404,
      body: fault('ResourceNotFound', "There is no deployment 'talk'. PUT creates it."),
    });
  });

  test('answers as soon as it is created, and no more once it is deleted', async () => {
    const ask = async (): Promise<Response> =>
      await server.post('/v1/chat/completions', {
        model: 'brief',
        messages: [{ role: 'user', content: 'Hello' }],
      });
    expect((await ask()).status).toBe(404);
    await deployments.put('brief', TALK);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ model: 'gpt-audio' });
    await deployments.remove('brief');
    expect((await ask()).status).toBe(404);
  });

  test('says which engines it has, and what they can', async () => {
    const body = withSamtal({ engines: { languageModel: 'scripted', synthesizer: 'flite' } });
    const { answers, engines, missing } = samtalOf(await deployments.put('named', body));
    expect(engines).toEqual({ languageModel: 'scripted', synthesizer: 'flite' });
    expect(answers).toMatchObject({
      thinks: { engine: 'scripted' },
      speaks: { engine: 'flite', languages: ['en'], voices: expect.arrayContaining(['alloy', 'cedar']) },
    });
    // Whoever names the scripted model wants it; as a default it stands in for what is missing.
    expect(missing).not.toContainEqual(expect.objectContaining({ part: 'thinks' }));
    expect(samtalOf(await deployments.get('gpt-audio'))['missing']).toContainEqual({
      part: 'thinks',
      reason: expect.stringContaining('No language model is connected'),
      remedy: expect.stringContaining('samtal.config.json'),
    });
    await deployments.remove('named');
  });

  test.each([
    ['my-ears', 'whisper-1', { transcription: 'true' }],
    ['my-ears', 'gpt-4o-mini-transcribe', { transcription: 'true' }],
    ['my-voice', 'tts-1-hd', { speech: 'true' }],
    ['my-voice', 'gpt-4o-mini-tts', { speech: 'true' }],
  ])('%s of the model %s does what that model does', async (name, model, capabilities) => {
    const { body } = await deployments.put(name, withSamtal({}, model));
    const told = body['properties'] as { readonly capabilities: object };
    const { hears } = samtalOf({ body })['answers'] as { readonly hears: unknown };
    // This machine may have nothing to hear with.
    const isDeaf = 'transcription' in capabilities && hears === null;
    expect(told.capabilities).toEqual(isDeaf ? {} : capabilities);
    await deployments.remove(name);
  });

  test('takes back what it told of itself', async () => {
    const { body } = await deployments.put('echo', withSamtal({ defaults: { instructions: 'Be brief.' } }));
    const again = await deployments.put('echo', body);
    expect(again.status).toBe(200);
    expect(samtalOf(again)).toEqual(samtalOf({ body }));
    await deployments.remove('echo');
  });

  test('keeps what only rations, and tells it', async () => {
    const kept = {
      sku: { name: 'ProvisionedManaged', capacity: 50 },
      tags: { team: 'voice' },
      properties: {
        model: { format: 'OpenAI', name: 'gpt-audio', version: '2025-08-28' },
        scaleSettings: { scaleType: 'Standard' },
        versionUpgradeOption: 'NoAutoUpgrade',
        raiPolicyName: 'Microsoft.Default',
      },
    };
    expect((await deployments.put('kept', kept)).body).toMatchObject(kept);
    await deployments.remove('kept');
  });
});

describe('PATCH', () => {
  test.each(['application/json', 'application/merge-patch+json'])('merges %s', async (type) => {
    await deployments.put('patched', {
      sku: { name: 'Standard', capacity: 3 },
      ...withSamtal({ engines: { synthesizer: 'flite' }, defaults: { voice: 'coral', temperature: 0.5 } }),
    });
    const patch = { properties: { samtal: { engines: { synthesizer: null }, defaults: { voice: 'ash' } } } };
    const changed = await deployments.patch('patched', patch, { 'content-type': type });
    expect(changed).toMatchObject({ status: 200, body: { sku: { name: 'Standard', capacity: 3 } } });
    expect(samtalOf(changed)).toMatchObject({ engines: {}, defaults: { voice: 'ash', temperature: 0.5 } });
    expect(samtalOf(changed)['engines']).toEqual({});
    expect(await deployments.get('patched')).toEqual(changed);
    await deployments.remove('patched');
  });

  test('of a deployment that is not there is refused', async () => {
    expect(await deployments.patch('nobody', {})).toMatchObject({
      status: 404,
      body: fault('ResourceNotFound'),
    });
  });

  test('can not leave a deployment without a model', async () => {
    expect(await deployments.patch('gpt-audio', { properties: { model: null } })).toMatchObject({
      status: 400,
      body: fault(
        'InvalidRequestContent',
        "Missing required parameter: 'properties.model'.",
        'properties.model',
      ),
    });
  });
});

describe('conditions', () => {
  const wrong = '"somebody-changed-it"';

  test.each([
    ['PUT', { 'if-match': wrong }, 412],
    ['PATCH', { 'if-match': wrong }, 412],
    ['DELETE', { 'if-match': wrong }, 412],
    ['PUT', { 'if-none-match': '*' }, 412],
    ['PATCH', { 'if-match': '*' }, 200],
    ['PATCH', { 'if-match': `${wrong}, ETAG` }, 200],
    // A weak tag never allows a change (RFC 9110 8.8.3.2).
    ['PATCH', { 'if-match': 'W/ETAG' }, 412],
    ['PATCH', { 'if-match': 'nonsense' }, 412],
    ['PUT', { 'if-match': 'ETAG' }, 200],
    ['PUT', { 'if-none-match': wrong }, 200],
    ['GET', { 'if-none-match': 'ETAG' }, 304],
    ['GET', { 'if-none-match': 'W/ETAG' }, 304],
    ['GET', { 'if-none-match': wrong }, 200],
    ['DELETE', { 'if-match': 'ETAG' }, 200],
  ])('%s with %j is answered with %i', async (method, conditions, status) => {
    const { etag } = await deployments.put('guarded', TALK);
    const headers = Object.fromEntries(
      Object.entries(conditions).map(([name, value]) => [name, value.replace('ETAG', etag ?? '')]),
    );
    const body = method === 'PUT' ? TALK : method === 'PATCH' ? { tags: { a: 'b' } } : undefined;
    const answer = await deployments.ask(method, '/deployments/guarded', { body, headers });
    expect(answer.status).toBe(status);
    if (status !== 412) return;
    expect(answer.body).toEqual(fault('PreconditionFailed'));
    expect(await deployments.get('guarded')).toMatchObject({ etag });
  });

  test('hold for a deployment that is not there as well', async () => {
    expect((await deployments.put('absent', TALK, { 'if-match': '*' })).status).toBe(412);
    expect((await deployments.remove('absent', { 'if-match': '*' })).status).toBe(412);
    expect((await deployments.put('absent', TALK, { 'if-none-match': '*' })).status).toBe(201);
    await deployments.remove('absent');
  });

  test('see every change, also one that changes nothing', async () => {
    const { etag } = await deployments.put('guarded', TALK);
    const again = await deployments.put('guarded', TALK);
    expect(again.etag).not.toBe(etag);
    await deployments.remove('guarded');
    expect((await deployments.put('guarded', TALK)).etag).not.toBe(again.etag);
    await deployments.remove('guarded');
  });
});

describe('a deployment of the configuration', () => {
  test('is told, with its engines and defaults', async () => {
    const { body } = await deployments.get('fixed');
    expect(body).toMatchObject({ properties: { model: { name: 'house-model' } } });
    expect(samtalOf({ body })).toMatchObject({
      origin: 'configuration',
      engines: { synthesizer: 'flite' },
      defaults: { voice: 'coral' },
    });
  });

  test.each([
    ['PUT', TALK],
    ['PATCH', { tags: { a: 'b' } }],
    ['DELETE', undefined],
  ])('is not changed by %s', async (method, body) => {
    expect(await deployments.ask(method, '/deployments/fixed', { body })).toMatchObject({
      status: 409,
      body: fault('Conflict', expect.stringContaining("'fixed' stands in the configuration file")),
    });
  });
});

describe('the engines', () => {
  interface Catalog {
    readonly engines: readonly { readonly name: string }[];
    readonly defaults: unknown;
  }

  test('are told with what each can do', async () => {
    const response = await server.get('/samtal/v1/engines');
    const { engines, defaults } = (await response.json()) as Catalog;
    expect(engines.map(({ name }) => name)).toEqual(['flite', 'espeak', 'pocketsphinx', 'scripted']);
    expect(engines[0]).toEqual({
      name: 'flite',
      type: 'flite',
      roles: ['synthesizer'],
      languages: ['en'],
      voices: expect.arrayContaining(['alloy', 'cedar']),
      // The deployment of the configuration names it.
      isDefaultFor: ['synthesizer'],
      missing: null,
    });
    expect(engines[3]).toMatchObject({ roles: ['languageModel'], isDefaultFor: ['languageModel'] });
    expect(defaults).toMatchObject({ languageModel: 'scripted', synthesizer: 'flite' });
  });
});
