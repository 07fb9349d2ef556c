import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { configJsonSchema, findConfigFile, loadConfig, readSecret } from './index.ts';
import { parseConfig } from './load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'samtal-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultsOf(config: unknown): string[] {
  try {
    parseConfig(typeof config === 'string' ? config : JSON.stringify(config), '/etc/samtal.json');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split('\n').map((line) => line.trim());
  }
  return [];
}

test('without a file everything has its default', () => {
  expect(loadConfig({ cwd: folder, env: {} })).toEqual({
    server: {
      host: '127.0.0.1',
      port: 8080,
      allowedOrigins: [],
      trustProxy: false,
      limits: {
        bodyBytes: 33554432,
        audioBytes: 20971520,
        audioSeconds: 1800,
        jsonDepth: 64,
        jsonKeys: 20000,
        requestSeconds: 60,
        concurrentPerKey: 16,
        messages: 2048,
        sessionSeconds: 3600,
        sessionIdleSeconds: 900,
        sessionAudioPace: 20,
      },
    },
    auth: { keys: [] },
    engines: {},
    discovery: { languageModel: true },
    deployments: {},
    storage: { audioSeconds: 3600, completionDays: 30, maxBytes: 1073741824 },
    compatibility: { requireAudio: false, promptFilterResults: false },
    log: { level: 'info' },
  });
});

test('the option comes before the variable, the variable before the working directory', () => {
  const env = { SAMTAL_CONFIG: 'b.json' };
  expect(findConfigFile({ path: 'a.json', cwd: folder, env })).toBe(join(folder, 'a.json'));
  expect(findConfigFile({ cwd: folder, env })).toBe(join(folder, 'b.json'));
  expect(findConfigFile({ cwd: folder, env: {} })).toBeUndefined();
  writeFileSync(join(folder, 'samtal.config.json'), '\uFEFF{"server":{"port":9000}}');
  expect(findConfigFile({ cwd: folder, env: {} })).toBe(join(folder, 'samtal.config.json'));
  expect(loadConfig({ cwd: folder, env: {} }).server.port).toBe(9000);
});

test('a file that was asked for and is not there is an error', () => {
  expect(() => loadConfig({ path: 'none.json', cwd: folder, env: {} })).toThrow(
    `the configuration ${join(folder, 'none.json')} can not be read`,
  );
});

test('a fault is named with its place and the value', () => {
  expect(
    faultsOf({
      server: { port: 'x', limits: { bodyBytes: 0 } },
      engines: { local: { type: 'openai-chat', baseUrl: 'foo', model: 'm' }, b: { type: 'flit' } },
      log: { level: 'loud' },
    }),
  ).toEqual([
    'the configuration /etc/samtal.json has a fault:',
    'server.port: expected a number, got "x"',
    'server.limits.bodyBytes: expected at least 1, got 0',
    'engines.local.baseUrl: expected an http(s) URL, got "foo"',
    expect.stringMatching(/^engines\.b\.type: expected "flite", .* or "openai-realtime"$/),
    'log.level: expected "trace", "debug", "info", "warn", "error", "fatal" or "silent", got "loud"',
  ]);
});

test('an unknown setting is refused with the one that was probably meant', () => {
  expect(faultsOf({ server: { hots: 'x' } })).toContain('server.hots: unknown setting; did you mean "host"?');
  expect(faultsOf({ engines: { a: { type: 'flite', worker: 2 } } })).toContain(
    'engines.a.worker: unknown setting; did you mean "workers"?',
  );
  expect(faultsOf({ auth: { keys: [{ name: 'a', from: { env: 'A' }, role: 'user' }] } })).toContain(
    'auth.keys[0].role: unknown setting; did you mean "roles"?',
  );
  expect(faultsOf({ log: { colour: true } })).toContain(
    'log.colour: unknown setting; known here: level, pretty',
  );
});

test.each([
  { engines: { a: { type: 'openai-chat', baseUrl: 'http://x/v1', model: 'm', apiKey: 'sk-secret' } } },
  {
    engines: { a: { type: 'openai-chat', baseUrl: 'http://x/v1', model: 'm', apiKey: { env: 'sk-secret' } } },
  },
  {
    engines: {
      a: { type: 'openai-chat', baseUrl: 'http://x/v1', model: 'm', headers: { Authorization: 'sk-secret' } },
    },
  },
  { auth: { keys: [{ name: 'a', key: 'sk-secret' }] } },
  { auth: { keys: [{ name: 'a', from: 'sk-secret' }] } },
  { auth: { keys: [{ name: 'a', from: { sha256: 'sk-secret' } }] } },
])('a secret that stands in the file is refused and not repeated: %j', (config) => {
  const faults = faultsOf(config).join('\n');
  expect(faults).toMatch(/expected (\{"?env|the name of an env)|A SHA-256 is/);
  expect(faults).not.toContain('sk-secret');
});

test.each([
  ['{\n  "server": {\n    "port": 1,\n  }\n}', '3:14: not JSON: no comma may stand before "}"'],
  ['{\n  // mine\n}', '2:3: not JSON: JSON has no comments'],
  ['{"a": tru}', '1:7: not JSON: expected a value, got "tru"'],
  ['{"a": 1 "b": 2}', '1:9: not JSON: expected "," or "}", got "\\""'],
  ["{'a': 1}", '1:2: not JSON: expected a name in double quotes, got "\'"'],
  ['{"a": "x', '1:7: not JSON: a string that does not end on its line, or has a wrong escape'],
  ['{"a": {}, "a": {}}', '1:11: not JSON: "a" stands here for the second time'],
  ['{"a": 01}', '1:7: not JSON: expected a value, got "01"'],
  ['{} {}', '1:4: not JSON: expected nothing more after the end of the value, got "{"'],
  ['', '1:1: not JSON: expected a value, got the end of the file'],
  ['['.repeat(5000), '1:101: not JSON: expected at most 100 levels, got "["'],
])('a syntax error has its line and column: %#', (text, fault) => {
  expect(faultsOf(text)).toEqual([`/etc/samtal.json:${fault}`]);
});

test('a deployment names engines that exist and can do the work', () => {
  const engines = { local: { type: 'openai-chat', baseUrl: 'http://127.0.0.1:11434/v1', model: 'm' } };
  const good = { languageModel: 'local', recognizer: 'pocketsphinx', synthesizer: 'flite' };
  expect(faultsOf({ engines, deployments: { 'gpt-4o-audio-preview': good } })).toEqual([]);
  const bad = { languageModel: 'flite', recognizer: 'pocketsphnx', synthesizer: 'toString' };
  expect(faultsOf({ engines, deployments: { voice: bad } }).slice(1)).toEqual([
    'deployments.voice.languageModel: the engine "flite" is of type "flite", which is no language model; ' +
      'expected "scripted" or "local"',
    'deployments.voice.recognizer: there is no engine "pocketsphnx"; did you mean "pocketsphinx"?',
    'deployments.voice.synthesizer: there is no engine "toString"; expected "flite" or "espeak"',
  ]);
});

test('paths are relative to the file they stand in', () => {
  const text = JSON.stringify({
    server: { tls: { cert: 'tls/a.pem', key: '/abs/a.key' } },
    auth: { keys: [{ name: 'ci', from: { file: 'keys/ci' } }] },
    engines: {
      s: { type: 'scripted', script: '../script.json' },
      e: { type: 'espeak', command: 'espeak-ng' },
      f: { type: 'espeak', command: './bin/espeak' },
      p: { type: 'pocketsphinx', modelDirectory: 'models/sv' },
      c: {
        type: 'openai-chat',
        baseUrl: 'http://127.0.0.1/v1',
        model: 'm',
        apiKey: { file: 'chat.key' },
        headers: { 'x-a': 'b', authorization: { file: 'auth' } },
      },
    },
  });
  const config = parseConfig(text, '/srv/conf/samtal.json');
  expect(config.server.tls).toEqual({ cert: '/srv/conf/tls/a.pem', key: '/abs/a.key' });
  expect(config.auth.keys[0]).toMatchObject({ name: 'ci', from: { file: '/srv/conf/keys/ci' } });
  expect(config.engines).toEqual({
    s: { type: 'scripted', script: '/srv/script.json' },
    e: { type: 'espeak', command: 'espeak-ng' },
    f: { type: 'espeak', command: '/srv/conf/bin/espeak' },
    p: { type: 'pocketsphinx', modelDirectory: '/srv/conf/models/sv' },
    c: {
      type: 'openai-chat',
      baseUrl: 'http://127.0.0.1/v1',
      model: 'm',
      apiKey: { file: '/srv/conf/chat.key' },
      headers: { 'x-a': 'b', authorization: { file: '/srv/conf/auth' } },
    },
  });
});

test('a secret is read from its variable or file, and its absence names the place', () => {
  writeFileSync(join(folder, 'key'), 'sk-1\n');
  expect(readSecret({ file: join(folder, 'key') }, 'engines.a.apiKey', {})).toBe('sk-1');
  expect(readSecret({ env: 'KEY' }, 'engines.a.apiKey', { KEY: 'sk-2' })).toBe('sk-2');
  expect(() => readSecret({ env: 'KEY' }, 'engines.a.apiKey', {})).toThrow(
    'engines.a.apiKey: the environment variable KEY is not set; set it before the server starts',
  );
  expect(() => readSecret({ file: join(folder, 'gone') }, 'auth.keys[0]', {})).toThrow(
    'auth.keys[0]: the file',
  );
});

test('the schema for editors refuses unknown settings too', () => {
  expect(configJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false });
});

test('a deployment that is to think with two models is refused', () => {
  const baseUrl = 'https://api.example.com/v1';
  const engines = {
    mind: { type: 'openai-chat', baseUrl, model: 'm' },
    voice: { type: 'openai-audio', baseUrl, model: 'm' },
    live: { type: 'openai-realtime', baseUrl: 'wss://api.example.com/v1', model: 'm' },
  };
  const both = { languageModel: 'mind', speechModel: 'voice', realtime: 'live' };
  expect(faultsOf({ engines, deployments: { both } })).toContain(
    'deployments.both: languageModel and speechModel both think; name one of them',
  );
  expect(faultsOf({ engines, deployments: { swapped: { speechModel: 'live' } } })).toContain(
    'deployments.swapped.speechModel: the engine "live" is of type "openai-realtime", which is no speech model; expected "voice"',
  );
});
