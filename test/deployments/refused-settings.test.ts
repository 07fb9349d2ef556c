import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { fault, TALK, withSamtal } from './deployment-bodies.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  server = await startTestServer();
  deployments = deploymentsOf(server);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
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
      'a model whose name moves the cursor of a terminal',
      withSamtal({}, 'gpt-audio\u001b[2J'),
      'A name can not hold control characters.',
      'properties.model.name',
    ],
    [
      'a model whose name is read backwards',
      withSamtal({}, 'gpt-audio\u202e'),
      'A name can not hold control characters.',
      'properties.model.name',
    ],
    [
      'a filter of content',
      { properties: { ...TALK.properties, raiPolicyName: 'strict' } },
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
      { properties: { ...TALK.properties, spilloverDeploymentName: 'other' } },
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
      { ...TALK, tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ''])) },
      expect.stringContaining('50 tags'),
      'tags',
    ],
    ['no properties', {}, "Missing required parameter: 'properties'.", 'properties'],
    ['properties of another type', { properties: 3 }, expect.stringContaining('an integer'), 'properties'],
    ['samtal of another type', withSamtal([]), expect.stringContaining('an array'), at],
    ['an unknown member', { ...TALK, colour: 'blue' }, expect.stringContaining('colour'), 'colour'],
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
    const { status, body } = await deployments.put(name, TALK);
    expect(status).toBe(400);
    expect(body).toMatchObject(fault('InvalidRequestContent', expect.stringContaining('at most 64 letters')));
  });

  test('a body that is not JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await deployments.put('refused', TALK, headers)).toMatchObject({
      status: 415,
      body: fault('UnsupportedMediaType'),
    });
    expect(await deployments.ask('PUT', '/deployments/refused')).toMatchObject({ status: 400 });
  });
});
