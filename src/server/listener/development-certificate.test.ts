import { execFile, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Home, homeAt } from '../home/paths.ts';
import { createServerCertificate } from './certificate.ts';
import { ensureDevelopmentCertificate } from './development-certificate.ts';
import { readServerCertificate } from './server-certificate.ts';

const START = new Date();
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(START.getTime() + days * DAY_MS);

const hasPython = spawnSync('python3', ['-c', 'import ssl']).status === 0;
if (!hasPython) console.warn('python3 is not installed: its trust in the certificate was not tried');

let home: Home;
const closing: (() => void)[] = [];

beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'samtal-tls-')));
});

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await rm(home.directory, { recursive: true, force: true });
});

async function listen(pair: { readonly cert: string; readonly key: string }): Promise<number> {
  const server = createServer(pair, (_, response) => response.end('hello'));
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The error of the handshake, or undefined when the client trusts the server. */
async function handshake(port: number, servername: string): Promise<string | undefined> {
  const ca = await readFile(home.authorityFile, 'utf8');
  return await new Promise((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
      resolve(undefined);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

test('a client that trusts the authority alone trusts the server by each of its names', async () => {
  const certificate = await ensureDevelopmentCertificate(home, { hostName: 'My-Box', now: START });
  expect(certificate.names).toEqual(['localhost', '127.0.0.1', '::1', 'my-box']);
  const port = await listen(certificate);
  expect(await handshake(port, 'localhost')).toBeUndefined();
  expect(await handshake(port, 'my-box')).toBeUndefined();
  expect(await handshake(port, 'example.com')).toContain('does not match certificate');
  const { validFromDate, validToDate } = new X509Certificate(certificate.cert);
  expect((validToDate.getTime() - validFromDate.getTime()) / DAY_MS).toBe(398);
});

test('the authority can not vouch for a public site', async () => {
  await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const privateKey = createPrivateKey(await readFile(join(home.tlsDirectory, 'authority.key'), 'utf8'));
  const forged = await createServerCertificate({
    notBefore: inDays(-1),
    notAfter: inDays(1),
    commonName: 'forged',
    publicKey: createPublicKey(privateKey),
    issuer: { certificate: new X509Certificate(await readFile(home.authorityFile)), privateKey },
    names: ['login.example.com'],
  });
  const port = await listen({
    cert: forged.toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  expect(await handshake(port, 'login.example.com')).toContain('permitted subtree violation');
});

test.runIf(hasPython)('python trusts the server by the bundle, under its strictest rules', async () => {
  const port = await listen(await ensureDevelopmentCertificate(home, { hostName: 'box', now: START }));
  const script = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
for name in ['localhost', '127.0.0.1', 'box']:
    with socket.create_connection(('127.0.0.1', int(sys.argv[2]))) as plain:
        with context.wrap_socket(plain, server_hostname=name):
            print('trusts', name)
`;
  const args = ['-c', script, home.trustBundleFile, String(port)];
  const { stdout } = await promisify(execFile)('python3', args);
  expect(stdout.trim().split(/\r?\n/)).toEqual(['trusts localhost', 'trusts 127.0.0.1', 'trusts box']);
});

test('the bundle holds the public authorities too', async () => {
  await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const bundle = await readFile(home.trustBundleFile, 'utf8');
  expect(bundle.split('BEGIN CERTIFICATE').length).toBeGreaterThan(100);
  expect(bundle).toContain((await readFile(home.authorityFile, 'utf8')).trim());
});

test('a second start keeps the authority and the certificate', async () => {
  const first = await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const second = await ensureDevelopmentCertificate(home, { hostName: 'box', now: inDays(300) });
  expect(second.cert).toBe(first.cert);
});

test('a certificate near its end is made anew by the same authority', async () => {
  const first = await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const authority = await readFile(home.authorityFile, 'utf8');
  const second = await ensureDevelopmentCertificate(home, { hostName: 'box', now: inDays(380) });
  expect(second.cert).not.toBe(first.cert);
  expect(second.expiresAt.getTime()).toBeGreaterThan(inDays(770).getTime());
  expect(await readFile(home.authorityFile, 'utf8')).toBe(authority);
});

test('a new name of the machine is taken over where the authority permits it', async () => {
  await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const permitted = await ensureDevelopmentCertificate(home, { hostName: 'new.local', now: START });
  expect(permitted.names).toEqual(['localhost', '127.0.0.1', '::1', 'new.local']);
  expect(await handshake(await listen(permitted), 'new.local')).toBeUndefined();
  const other = await ensureDevelopmentCertificate(home, { hostName: 'other', now: START });
  expect(other.names).toEqual(['localhost', '127.0.0.1', '::1']);
  expect(await handshake(await listen(other), 'localhost')).toBeUndefined();
});

test('damaged files are made anew', async () => {
  await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  await writeFile(join(home.tlsDirectory, 'authority.key'), 'damaged');
  const certificate = await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  expect(await handshake(await listen(certificate), 'localhost')).toBeUndefined();
});

test.runIf(process.platform !== 'win32')('the keys are for the owner alone', async () => {
  await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  expect((await stat(join(home.tlsDirectory, 'authority.key'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(home.tlsDirectory, 'server.key'))).mode & 0o777).toBe(0o600);
});

test("the operator's own certificate is read, and refused with another key", async () => {
  const made = await ensureDevelopmentCertificate(home, { hostName: 'box', now: START });
  const file = (name: string): string => join(home.tlsDirectory, name);
  const own = await readServerCertificate({ cert: file('server.pem'), key: file('server.key') });
  expect(own.expiresAt).toEqual(made.expiresAt);
  expect(own.names).toContain('127.0.0.1');
  const wrong = [
    [{ cert: file('server.pem'), key: file('authority.key') }, /server\.tls\.key: .* is not the key of/],
    [{ cert: file('server.key'), key: file('server.key') }, /server\.tls\.cert: .* is no PEM certificate/],
    [{ cert: file('gone'), key: file('server.key') }, /server\.tls\.cert: the file .* can not be read/],
  ] as const;
  for (const [files, message] of wrong) await expect(readServerCertificate(files)).rejects.toThrow(message);
});
