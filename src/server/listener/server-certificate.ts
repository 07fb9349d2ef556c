import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.ts';

export interface ServerCertificate {
  /** PEM, as the server sends it: the certificate and those above it. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  readonly expiresAt: Date;
  /** The host names and IP addresses it is for. */
  readonly names: readonly string[];
}

/**
 * The operator's own certificate, from the files of `server.tls`.
 * @throws {ConfigError} when a file can not be read, is no PEM, or the two do not belong together.
 */
export async function readServerCertificate(files: {
  readonly cert: string;
  readonly key: string;
}): Promise<ServerCertificate> {
  const cert = await readPem(files.cert, 'server.tls.cert');
  const key = await readPem(files.key, 'server.tls.key');
  const certificate = parse(
    () => new X509Certificate(cert),
    `server.tls.cert: ${files.cert} is no PEM certificate`,
  );
  const privateKey = parse(
    () => createPrivateKey(key),
    `server.tls.key: ${files.key} is no PEM private key, or it has a passphrase; write it without one`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(`server.tls.key: ${files.key} is not the key of ${files.cert}`);
  }
  const names = certificate.subjectAltName?.split(', ').map((name) => name.replace(/^[^:]*:/, ''));
  return { cert, key, expiresAt: certificate.validToDate, names: names ?? [] };
}

async function readPem(file: string, path: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: the file ${file} can not be read`, { cause: error });
  }
}

function parse<T>(read: () => T, message: string): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(message, { cause: error });
  }
}
