import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

const GUEST_KEY = 'guest-key-of-the-deployment-tests-0123456789';
const asGuest = { 'api-key': GUEST_KEY };

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  const sha256 = createHash('sha256').update(GUEST_KEY).digest('hex');
  server = await startTestServer({
    config: {
      auth: { keys: [{ name: 'guest', from: { sha256 }, roles: ['user'] }] },
      deployments: { fixed: { model: 'house-model', synthesizer: 'flite', defaults: { voice: 'coral' } } },
      server: { allowedOrigins: ['https://app.example.com'] },
    },
  });
  deployments = deploymentsOf(server);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const talk = { properties: { model: { name: 'gpt-audio' } } };

function withSamtal(samtal: object, model = 'gpt-audio') {
  return { properties: { model: { name: model }, samtal } };
}

function samtalOf(answer: { readonly body: Readonly<Record<string, unknown>> }): Record<string, unknown> {
  const { samtal } = answer.body['properties'] as { readonly samtal: Record<string, unknown> };
  return samtal;
}

function fault(code: string, message: unknown = expect.any(String), target?: string) {
  return { error: { code, message, ...(target !== undefined && { target }) } };
}

describe('a deployment', () => {
  test('is created, told, replaced and deleted', async () => {
    const created = await deployments.put('talk', talk);
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
    const replaced = await deployments.put('talk', talk);
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
    await deployments.put('brief', talk);
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
    const { etag } = await deployments.put('guarded', talk);
    const headers = Object.fromEntries(
      Object.entries(conditions).map(([name, value]) => [name, value.replace('ETAG', etag ?? '')]),
    );
    const body = method === 'PUT' ? talk : method === 'PATCH' ? { tags: { a: 'b' } } : undefined;
    const answer = await deployments.ask(method, '/deployments/guarded', { body, headers });
    expect(answer.status).toBe(status);
    if (status !== 412) return;
    expect(answer.body).toEqual(fault('PreconditionFailed'));
    expect(await deployments.get('guarded')).toMatchObject({ etag });
  });

  test('hold for a deployment that is not there as well', async () => {
    expect((await deployments.put('absent', talk, { 'if-match': '*' })).status).toBe(412);
    expect((await deployments.remove('absent', { 'if-match': '*' })).status).toBe(412);
    expect((await deployments.put('absent', talk, { 'if-none-match': '*' })).status).toBe(201);
    await deployments.remove('absent');
  });

  test('see every change, also one that changes nothing', async () => {
    const { etag } = await deployments.put('guarded', talk);
    const again = await deployments.put('guarded', talk);
    expect(again.etag).not.toBe(etag);
    await deployments.remove('guarded');
    expect((await deployments.put('guarded', talk)).etag).not.toBe(again.etag);
    await deployments.remove('guarded');
  });
});

describe('what can not be is refused when it is asked for:', () => {
  const at = 'properties.samtal';

  test.each<[title: string, body: unknown, message: unknown, target?: string]>([
    [
      'an engine that there is not',
      withSamtal({ engines: { synthesizer: 'espak' } }),
      expect.stringMatching(/^'espak' is no synthesizer of this server\. Did you mean 'espeak'\? .*'flite'/),
      `${at}.engines.synthesizer`,
    ],
    [
      'an engine that does other work',
      withSamtal({ engines: { recognizer: 'flite' } }),
      expect.stringContaining("'flite' is no recognizer of this server. There are: 'pocketsphinx'."),
      `${at}.engines.recognizer`,
    ],
    [
      'the name of something every object has',
      withSamtal({ engines: { recognizer: 'constructor' } }),
      expect.stringContaining("'constructor' is no recognizer"),
      `${at}.engines.recognizer`,
    ],
    [
      'a voice for a model that listens',
      withSamtal({ engines: { synthesizer: 'flite' } }, 'whisper-1'),
      expect.stringContaining("the model 'whisper-1' only transcribes and has no use for a synthesizer"),
      `${at}.engines.synthesizer`,
    ],
    [
      'a language model for a model that speaks',
      withSamtal({ engines: { languageModel: 'scripted' } }, 'tts-1'),
      expect.stringContaining("the model 'tts-1' only speaks and has no use for a language model"),
      `${at}.engines.languageModel`,
    ],
    [
      'a voice that nobody has',
      withSamtal({ defaults: { voice: 'bob' } }),
      expect.stringMatching(/^There is no voice 'bob'\. There are: 'alloy', .*'cedar'\.$/),
      `${at}.defaults.voice`,
    ],
    [
      'a model that does not talk',
      withSamtal({}, 'text-embedding-3-small'),
      expect.stringContaining("nothing that could stand for the model 'text-embedding-3-small'"),
      'properties.model.name',
    ],
    [
      'a filter of content',
      { properties: { ...talk.properties, raiPolicyName: 'strict' } },
      expect.stringContaining('Samtal filters no content'),
      'properties.raiPolicyName',
    ],
    [
      'a model of another format',
      { properties: { model: { format: 'Meta', name: 'Llama-3' } } },
      "Invalid value: 'Meta'. Supported values are: 'OpenAI'.",
      'properties.model.format',
    ],
    [
      'a deployment to spill over to',
      { properties: { ...talk.properties, spilloverDeploymentName: 'other' } },
      "Unknown parameter: 'properties.spilloverDeploymentName'.",
      'properties.spilloverDeploymentName',
    ],
    [
      'a temperature too hot',
      withSamtal({ defaults: { temperature: 3 } }),
      expect.stringContaining('<= 2'),
      `${at}.defaults.temperature`,
    ],
    [
      'half a token',
      withSamtal({ defaults: { maxOutputTokens: 0.5 } }),
      expect.any(String),
      `${at}.defaults.maxOutputTokens`,
    ],
    [
      'instructions without end',
      withSamtal({ defaults: { instructions: 'a'.repeat(65_537) } }),
      expect.stringContaining('too long'),
      `${at}.defaults.instructions`,
    ],
    [
      'fifty-one tags',
      { ...talk, tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ''])) },
      expect.stringContaining('50 tags'),
      'tags',
    ],
    ['no properties', {}, "Missing required parameter: 'properties'.", 'properties'],
    ['properties of another type', { properties: 3 }, expect.stringContaining('an integer'), 'properties'],
    ['samtal of another type', withSamtal([]), expect.stringContaining('an array'), at],
    ['an unknown member', { ...talk, colour: 'blue' }, expect.stringContaining('colour'), 'colour'],
    [
      'an unknown member of ours',
      withSamtal({ engine: {} }),
      "Unknown parameter: 'properties.samtal.engine'.",
      `${at}.engine`,
    ],
    ['a list', [], 'Send a JSON object: the body of the request was an array.'],
    ['a text', '"talk"', 'Send a JSON object: the body of the request was a string.'],
    ['null', 'null', 'Send a JSON object: the body of the request was null.'],
    ['no JSON', '{"properties":', expect.stringContaining('We could not parse the JSON body')],
  ])('%s', async (_title, body, message, target) => {
    expect(await deployments.put('refused', body)).toMatchObject({
      status: 400,
      body: fault('InvalidRequestContent', message, target),
    });
    expect((await deployments.get('refused')).status).toBe(404);
  });

  test.each(['-dash', 'a b', 'ä', 'x'.repeat(65), 'a/b'])('the name %j', async (name) => {
    const { status, body } = await deployments.put(name, talk);
    expect(status).toBe(400);
    expect(body).toMatchObject(fault('InvalidRequestContent', expect.stringContaining('at most 64 letters')));
  });

  test('a body that is not JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await deployments.put('refused', talk, headers)).toMatchObject({
      status: 415,
      body: fault('UnsupportedMediaType'),
    });
    expect(await deployments.ask('PUT', '/deployments/refused')).toMatchObject({ status: 400 });
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
    ['PUT', talk],
    ['PATCH', { tags: { a: 'b' } }],
    ['DELETE', undefined],
  ])('is not changed by %s', async (method, body) => {
    expect(await deployments.ask(method, '/deployments/fixed', { body })).toMatchObject({
      status: 409,
      body: fault('Conflict', expect.stringContaining("'fixed' stands in the configuration file")),
    });
  });
});

describe('who may', () => {
  test('read: every caller', async () => {
    expect((await deployments.get('gpt-audio', asGuest)).status).toBe(200);
    expect((await deployments.ask('GET', '/deployments', { headers: asGuest })).status).toBe(200);
    expect((await deployments.ask('GET', '', { headers: asGuest })).status).toBe(200);
    expect((await server.get('/samtal/v1/engines', { headers: asGuest })).status).toBe(200);
  });

  test.each([
    ['PUT', '/deployments/talk', talk],
    ['PATCH', '/deployments/gpt-audio', {}],
    ['DELETE', '/deployments/gpt-audio', undefined],
    ['PUT', '', {}],
    ['DELETE', '', undefined],
  ])('%s %s: contributors', async (method, path, body) => {
    const verb = method === 'DELETE' ? 'delete' : 'write';
    const action = `'Microsoft.CognitiveServices/accounts/deployments/${verb}'`;
    expect(await deployments.ask(method, path, { body, headers: asGuest })).toMatchObject({
      status: 403,
      body: fault(
        'AuthorizationFailed',
        expect.stringContaining(
          `The client 'key:guest' does not have authorization to perform action ${action}`,
        ),
      ),
    });
    expect((await deployments.get('gpt-audio')).status).toBe(200);
  });

  test('do anything: nobody without a key', async () => {
    expect(await deployments.get('gpt-audio', { 'api-key': '' })).toMatchObject({
      status: 401,
      body: fault('AuthenticationFailed'),
    });
    expect(await deployments.get('gpt-audio', { 'api-key': 'wrong-key-of-somebody-else' })).toMatchObject({
      status: 401,
      body: fault('AuthenticationFailed', expect.stringContaining('samtal key')),
    });
  });
});

describe('the address', () => {
  test.each(['2024-10-01', '2023-05-01', '2025-06-01-preview'])(
    'is served in version %s',
    async (version) => {
      expect((await deployments.ask('GET', `/deployments?api-version=${version}`)).status).toBe(200);
    },
  );

  test.each([
    ['/deployments?', 'MissingApiVersionParameter'],
    ['/deployments?api-version=', 'MissingApiVersionParameter'],
    ['/deployments?api-version=latest', 'InvalidApiVersionParameter'],
  ])('%s is refused as %s', async (path, code) => {
    expect(await deployments.ask('GET', path)).toMatchObject({ status: 400, body: fault(code) });
  });

  test('names any subscription and group, and the ids with them', async () => {
    const group = '/subscriptions/a%20b/resourceGroups/G/providers/Microsoft.CognitiveServices/accounts';
    const response = await server.get(`${group}/Samtal/deployments/tts-1?api-version=2025-06-01`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: `${group}/samtal/deployments/tts-1` });
  });

  test('names the one account that there is', async () => {
    const path = deployments.account.replace(/samtal$/, 'other');
    const response = await server.get(`${path}/deployments?api-version=2025-06-01`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(
      fault('ResourceNotFound', expect.stringContaining("The one account of this server is 'samtal'.")),
    );
  });

  test('of something else is not found, in the words of the plane', async () => {
    expect(await deployments.ask('GET', '/raiPolicies')).toMatchObject({
      status: 404,
      body: fault('ResourceNotFound'),
    });
  });

  test('lets pages that are allowed change deployments', async () => {
    const response = await server.get(`${deployments.account}/deployments/talk?api-version=2025-06-01`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'PATCH' },
    });
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
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

describe('the list of the data plane', () => {
  const path = '/openai/deployments';
  const version = '?api-version=2022-12-01';

  test('makes a deployment under a name of its own, and deletes it', async () => {
    const response = await server.post(path + version, {
      model: 'gpt-audio',
      scale_settings: { scale_type: 'standard' },
    });
    expect(response.status).toBe(201);
    const made = (await response.json()) as { readonly id: string };
    expect(made).toMatchObject({
      id: expect.stringMatching(/^deployment-[0-9a-f]{32}$/),
      object: 'deployment',
      model: 'gpt-audio',
      status: 'succeeded',
    });
    const one = `${path}/${made.id}${version}`;
    expect(await (await server.get(one)).json()).toEqual(made);
    expect((await deployments.get(made.id)).status).toBe(200);
    expect((await server.get(one, { method: 'DELETE' })).status).toBe(204);
    expect((await server.get(one)).status).toBe(404);
    expect((await server.get(one, { method: 'DELETE' })).status).toBe(404);
  });

  test.each([
    [{}, 'model'],
    [{ model: 7 }, 'model'],
    [{ model: 'gpt-audio', scale_settings: { scale_type: 'wide' } }, 'scale_settings.scale_type'],
    [{ model: 'gpt-audio', owner: 'me' }, 'owner'],
  ])('refuses %j', async (body, param) => {
    const response = await server.post(path + version, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  test('is changed by contributors alone, and never where the configuration stands', async () => {
    const make = await server.post(path + version, { model: 'gpt-audio' }, { headers: asGuest });
    // As Azure's data plane answers a missing role.
    expect(make.status).toBe(401);
    expect(await make.json()).toMatchObject({ error: { code: 'PermissionDenied' } });
    const remove = { method: 'DELETE' };
    expect((await server.get(`${path}/tts-1${version}`, { ...remove, headers: asGuest })).status).toBe(401);
    expect((await server.get(`${path}/fixed${version}`, remove)).status).toBe(409);
    const put = await server.post(`${path}/tts-1${version}`, {}, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  });
});
