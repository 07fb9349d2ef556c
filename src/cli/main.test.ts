import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SAMTAL = resolve(import.meta.dirname, '../../bin/samtal.js');

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-cli-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function launch(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [SAMTAL, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], SAMTAL_HOME: join(folder, 'home'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcomeOf(child: ReturnType<typeof launch>): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { code, ...output };
}

async function samtal(...args: readonly string[]): Promise<Outcome> {
  return await outcomeOf(launch(args));
}

interface Serving {
  readonly url: string;
  readonly readyLine: string;
  stop(signal: NodeJS.Signals): void;
  /** Resolves once this stands on standard error. */
  says(text: string): Promise<void>;
  readonly outcome: Promise<Outcome>;
}

async function serve(...args: readonly string[]): Promise<Serving> {
  const child = launch(['serve', '--port', '0', ...args]);
  const outcome = outcomeOf(child);
  const { value, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (done) throw new Error(`The server did not start: ${(await outcome).stderr}`);
  const readyLine = String(value);
  const says = async (text: string): Promise<void> => {
    for await (const line of createInterface(child.stderr)) if (line.includes(text)) return;
  };
  const url = /https?:\/\/\S+/.exec(readyLine)?.[0] ?? '';
  return { url, readyLine, outcome, stop: (signal) => child.kill(signal), says };
}

test('the version and the help are printed', async () => {
  const { version } = JSON.parse(await readFile(resolve(SAMTAL, '../../package.json'), 'utf8'));
  expect(await samtal('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  const help = await samtal('--help');
  expect(help.code).toBe(0);
  for (const command of ['serve', 'env', 'key', 'doctor', 'deployments', 'say', 'transcribe', 'config']) {
    expect(help.stdout).toContain(`  ${command} `);
  }
  const sayHelp = await samtal('say', '--help');
  expect(sayHelp.stdout).toContain('Usage: samtal say <text> [options]');
  expect(await samtal('help', 'say')).toEqual(sayHelp);
  expect((await samtal('help', 'srve')).stderr).toContain(
    'There is no command "srve". Did you mean samtal serve?',
  );
});

test('an unknown command or option ends with 2 and advice', async () => {
  expect(await samtal('srve')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'samtal: There is no command "srve". Did you mean samtal serve?\n',
  });
  expect(await samtal('env', '--shel', 'bash')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'samtal: samtal env has no option --shel. Did you mean --shell?\n',
  });
});

test('without a server the commands that need one say how to start it, and print nothing else', async () => {
  await writeFile(join(folder, 'a.wav'), '');
  for (const args of [['env'], ['say', 'hello'], ['transcribe', 'a.wav']]) {
    const { code, stdout, stderr } = await samtal(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^samtal: no server is running .* samtal serve\n$/);
  }
});

test('the key is printed alone and stays the same', async () => {
  const first = await samtal('key');
  expect(first.stdout).toMatch(/^\S{32,}\n$/);
  expect(await samtal('key')).toEqual(first);
});

test('a fault of the configuration is named, and no server starts', async () => {
  await writeFile(join(folder, 'samtal.config.json'), '{"server":{"prot":1}}');
  const { code, stdout, stderr } = await samtal('serve', '--port', '0');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('server.prot: unknown setting; did you mean "port"?');
});

test('the configuration and its schema can be printed', async () => {
  await writeFile(join(folder, 'other.json'), '{"server":{"port":9000}}');
  const shown = JSON.parse((await samtal('config', '--config', 'other.json')).stdout);
  expect(shown.server.port).toBe(9000);
  expect(JSON.parse((await samtal('config', '--schema')).stdout)).toMatchObject({ type: 'object' });
});

test('doctor finds a sound machine, and says it in JSON', async () => {
  await writeFile(join(folder, 'samtal.config.json'), '{"server":{"port":0}}');
  const { code, stdout } = await samtal('doctor', '--json');
  expect(code).toBe(0);
  const findings: { check: string; status: string }[] = JSON.parse(stdout);
  expect(findings).toContainEqual({ check: 'home', status: 'good', detail: join(folder, 'home') });
  expect(findings.find(({ check }) => check === 'server')).toMatchObject({ status: 'note' });
  expect(findings.map(({ check }) => check)).toContain('speaking');
});

test('doctor speaks, hears what it spoke, and asks, and tells how well that went', async () => {
  await writeFile(join(folder, 'samtal.config.json'), '{"server":{"port":0}}');
  const { code, stdout } = await samtal('doctor', '--speak', '--hear', '--think', '--json');
  expect(code).toBe(0);
  const findings: { check: string; status: string; detail: string }[] = JSON.parse(stdout);
  const detailOf = (name: string): string | undefined => findings.find(({ check }) => check === name)?.detail;
  expect(detailOf('try speaking')).toMatch(/flite.*: first audio after \d+ ms, real-time factor 0\.\d+$/);
  expect(detailOf('try thinking')).toMatch(/scripted: first word after .*What is the capital of Sweden\?/);
  const heard = detailOf('try hearing') ?? '';
  if (heard.startsWith('left out')) console.warn('Left out: what doctor hears, without a recognizer.');
  else expect(Number(/: (\d+) % of the words wrong/.exec(heard)?.[1])).toBeLessThanOrEqual(25);
});

test('doctor ends with 1 when the port is taken, and names the remedy', async () => {
  const other = createServer();
  await new Promise<void>((settle) => other.listen(0, '127.0.0.1', settle));
  const { port } = other.address() as AddressInfo;
  await writeFile(join(folder, 'samtal.config.json'), JSON.stringify({ server: { port } }));
  try {
    const { code, stdout, stderr } = await samtal('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ server .*EADDRINUSE/);
    expect(stdout).toContain('samtal serve --port 0');
    expect(stderr).toBe('samtal: not in order: server\n');
    const serving = await samtal('serve', '--port', String(port));
    expect(serving.code).toBe(1);
    expect(serving.stderr).toContain(`another program listens at port ${port} of 127.0.0.1`);
  } finally {
    other.close();
  }
});

test('doctor tells of a model server that does not answer, and of one that refuses the key', async () => {
  const refusing = createServer((_, response) => response.writeHead(401).end());
  await new Promise<void>((settle) => refusing.listen(0, '127.0.0.1', settle));
  const { port } = refusing.address() as AddressInfo;
  const engine = { type: 'openai-chat', model: 'm' };
  const engines = {
    gone: { ...engine, baseUrl: 'http://127.0.0.1:9/v1' },
    locked: { ...engine, baseUrl: `http://127.0.0.1:${port}/v1` },
  };
  await writeFile(join(folder, 'samtal.config.json'), JSON.stringify({ server: { port: 0 }, engines }));
  try {
    const { code, stdout, stderr } = await samtal('doctor');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'samtal: not in order: engine gone, engine locked\n',
    });
    expect(stdout).toMatch(/✗ engine gone .*does not answer.*\n.*correct engines\.gone\.baseUrl/);
    expect(stdout).toMatch(/✗ engine locked .*refuses the key \(401\)/);
  } finally {
    refusing.close();
  }
});

test('serve prints one line with its URL, answers there, and stops cleanly when asked', async () => {
  const server = await serve();
  expect(server.readyLine).toMatch(/^Samtal is ready at http:\/\/127\.0\.0\.1:\d+ /);
  const health = await fetch(`${server.url}/health`);
  expect(await health.json()).toMatchObject({ status: 'ok', service: 'samtal' });
  server.stop('SIGTERM');
  const { code, stdout } = await server.outcome;
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(existsSync(join(folder, 'home', 'running.json'))).toBe(false);
});

test('a server that waits for a request to finish stops at once when asked again', async () => {
  const server = await serve();
  const client = connect(Number(new URL(server.url).port), '127.0.0.1');
  client.on('error', () => {});
  client.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(client, 'data');
  client.write('POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n');
  client.write('Content-Type: application/json\r\nAuthorization: Bearer x\r\n\r\n{');
  server.stop('SIGINT');
  await server.says('Stopping once running requests are done.');
  server.stop('SIGINT');
  expect(await server.outcome).toMatchObject({ code: 130 });
  client.destroy();
});

test('the variables lead a program to the server, by token, key or OpenAI key', async () => {
  const server = await serve();
  const identity = JSON.parse((await samtal('env', '--shell', 'json')).stdout);
  expect(identity).toEqual({
    AZURE_OPENAI_ENDPOINT: server.url,
    OPENAI_API_VERSION: '2025-01-01-preview',
    AZURE_OPENAI_DEPLOYMENT_NAME: 'gpt-4o-mini-audio-preview',
    IDENTITY_ENDPOINT: `${server.url}/msi/token`,
    IDENTITY_HEADER: expect.stringMatching(/^\S{32,}$/),
    NODE_EXTRA_CA_CERTS: join(folder, 'home', 'tls', 'authority.pem'),
    SSL_CERT_FILE: join(folder, 'home', 'tls', 'bundle.pem'),
    REQUESTS_CA_BUNDLE: join(folder, 'home', 'tls', 'bundle.pem'),
  });
  const resource = 'https://cognitiveservices.azure.com';
  const query = new URLSearchParams({ resource, 'api-version': '2019-08-01' });
  const token = await fetch(`${identity.IDENTITY_ENDPOINT}?${query.toString()}`, {
    headers: { 'x-identity-header': identity.IDENTITY_HEADER },
  });
  expect(await token.json()).toMatchObject({ token_type: 'Bearer', resource });

  const key = (await samtal('key')).stdout.trim();
  const withKey = (await samtal('env', '--key', '--shell', 'bash')).stdout.split('\n');
  expect(withKey).toContain(`export AZURE_OPENAI_API_KEY='${key}'`);
  expect(withKey).toContain('unset IDENTITY_ENDPOINT');
  const openai = JSON.parse((await samtal('env', '--openai', '--shell', 'json')).stdout);
  expect(openai).toMatchObject({ OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: key });
  expect(openai).not.toHaveProperty('AZURE_OPENAI_ENDPOINT');
});

test('the authority of the variables makes a new program trust the server over TLS', async () => {
  const server = await serve();
  const { NODE_EXTRA_CA_CERTS } = JSON.parse((await samtal('env', '--shell', 'json')).stdout);
  const script = `fetch(process.argv[1]).then(async (r) => console.log((await r.json()).service))`;
  const child = spawn(process.execPath, ['-e', script, `${server.url.replace('http:', 'https:')}/health`], {
    env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(await outcomeOf(child)).toEqual({ code: 0, stdout: 'samtal\n', stderr: '' });
});

test('a second server on the same home is refused', async () => {
  const server = await serve();
  const second = await samtal('serve', '--port', '0');
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`answers at ${server.url} already`);
});

test('a text is spoken into a file by the running server', async () => {
  await serve();
  const { code, stderr } = await samtal('say', 'Hello there.', '-o', 'hello.wav');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^hello\.wav: \d{5,} bytes\n$/),
  });
  expect((await readFile(join(folder, 'hello.wav'))).subarray(0, 4).toString()).toBe('RIFF');
  const refused = await samtal('say', 'Hello', '--voice', 'nobody', '-o', 'no.wav');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^samtal: the server answered 400: .*nobody/);
  expect(existsSync(join(folder, 'no.wav'))).toBe(false);
});

test('a text can be spoken as .ogg, and an ending that is no format is refused before anything is spoken', async () => {
  await serve();
  expect((await samtal('say', 'Hello.', '-o', 'hello.ogg')).code).toBe(0);
  expect((await readFile(join(folder, 'hello.ogg'))).subarray(0, 4).toString()).toBe('OggS');
  const { code, stderr } = await samtal('say', 'Hello.', '-o', 'hello.m4a');
  expect(code).toBe(2);
  expect(stderr).toContain('the ending .m4a is no format of samtal say');
  expect((await samtal('say', 'Hello.', '-o', 'hello.m4a', '--format', 'aac')).code).toBe(0);
});

test('a file that can not be written, and a folder that is to be heard, are told in one line', async () => {
  await serve();
  const spoken = await samtal('say', 'Hello.', '-o', 'no/such/folder.wav');
  expect(spoken).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^samtal: .*no\/such\/folder\.wav.*\n$/),
  });
  const heard = await samtal('transcribe', '.');
  expect(heard).toMatchObject({ code: 1, stderr: expect.stringMatching(/^samtal: .* a folder.*\n$/) });
});

test('a home that can not be made is named, not the port', async () => {
  await writeFile(join(folder, 'taken'), '');
  const child = launch(['serve', '--port', '0'], { SAMTAL_HOME: join(folder, 'taken', 'home') });
  const { code, stderr } = await outcomeOf(child);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^samtal: ENOTDIR.*taken\/home.*SAMTAL_HOME\n$/);
});

test('a home that is a file is named', async () => {
  await writeFile(join(folder, 'taken'), '');
  const child = launch(['serve', '--port', '0'], { SAMTAL_HOME: join(folder, 'taken') });
  const { code, stderr } = await outcomeOf(child);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^samtal: EEXIST.*taken.*SAMTAL_HOME\n$/);
});

test.skipIf(process.getuid?.() === 0)('a home that may not be made is no fault of the port', async () => {
  await mkdir(join(folder, 'closed'), { mode: 0o500 });
  const child = launch(['serve', '--port', '0'], { SAMTAL_HOME: join(folder, 'closed', 'home') });
  const { code, stderr } = await outcomeOf(child);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^samtal: EACCES.*closed\/home.*SAMTAL_HOME\n$/);
});

test('speech that breaks off in the middle leaves no file and no stack', async () => {
  let sentences = 0;
  const breaking = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/pcm' });
    sentences += 1;
    if (sentences === 1) response.end(Buffer.alloc(480_000));
    else response.destroy();
  });
  await new Promise<void>((settle) => breaking.listen(0, '127.0.0.1', settle));
  const { port } = breaking.address() as AddressInfo;
  const voice = { type: 'openai-speech', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'breaking' };
  await writeFile(join(folder, 'samtal.config.json'), JSON.stringify({ engines: { voice } }));
  try {
    await serve();
    const { code, stderr } = await samtal('say', 'Hello there, my friend. How are you?', '-o', 'half.wav');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('samtal: the server broke off while it spoke; its log says why\n'),
    });
    expect(existsSync(join(folder, 'half.wav'))).toBe(false);
  } finally {
    breaking.close();
  }
});
