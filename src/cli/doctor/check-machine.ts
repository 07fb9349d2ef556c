import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../server/config/index.ts';
import type { Home } from '../../server/home/paths.ts';
import { readIfPresent, writePrivateFile } from '../../server/home/private-file.ts';
import { findRunningServer } from '../../server/home/running.ts';
import { readServerCertificate } from '../../server/listener/server-certificate.ts';
import { broken, type Finding, good, messageOf, note } from './finding.ts';

export function checkNode(): Finding {
  // `bin/samtal.js` turns older ones away before this is loaded.
  return good('Node.js', process.versions.node);
}

export async function checkHome({ directory }: Home): Promise<Finding> {
  const probe = join(directory, 'doctor');
  try {
    await writePrivateFile(probe, '');
    await rm(probe);
    return good('home', directory);
  } catch (error) {
    return broken(
      'home',
      `${directory} can not be written: ${messageOf(error)}`,
      'Make it writable, or choose another folder with SAMTAL_HOME.',
    );
  }
}

export async function checkServer(home: Home, { host, port }: Config['server']): Promise<Finding> {
  const server = await findRunningServer(home);
  if (server)
    return good('server', `version ${server.version} answers at ${server.url} since ${server.startedAt}`);
  const fault = await listenOnce(host, port);
  if (fault === undefined)
    return note('server', `not running; port ${port} is free`, 'Start it: samtal serve');
  return broken(
    'server',
    `not running, and port ${port} of ${host} can not be had: ${fault}`,
    'Stop what uses the port, or set another: samtal serve --port 0 takes any that is free.',
  );
}

async function listenOnce(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    server.close();
  }
}

export async function checkCertificate(home: Home, { tls }: Config['server'], now: Date): Promise<Finding> {
  if (tls) return await checkOwnCertificate(tls, now);
  const pem = await readIfPresent(join(home.tlsDirectory, 'server.pem'));
  if (pem === undefined)
    return note('certificate', 'the development certificate is made when the server first starts');
  const { validToDate, subjectAltName } = new X509Certificate(pem);
  const names = subjectAltName?.replaceAll(/DNS:|IP Address:/g, '');
  return good('certificate', `development certificate for ${names}, until ${dateOf(validToDate)}`);
}

async function checkOwnCertificate(
  files: { readonly cert: string; readonly key: string },
  now: Date,
): Promise<Finding> {
  try {
    const { names, expiresAt } = await readServerCertificate(files);
    const detail = `${files.cert} for ${names.join(', ')}, until ${dateOf(expiresAt)}`;
    if (expiresAt > now) return good('certificate', detail);
    return broken('certificate', detail, 'It has expired. Renew it; the server reads it when it starts.');
  } catch (error) {
    return broken('certificate', messageOf(error), 'Correct server.tls in the configuration.');
  }
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
