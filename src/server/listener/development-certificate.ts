import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { Home } from '../home/paths.ts';
import { readIfPresent, writePrivateFile } from '../home/private-file.ts';
import type { ServerCertificate } from './server-certificate.ts';

export interface DevelopmentCertificateOptions {
  /** Of this machine; in the certificate beside `localhost` and the loopback addresses. */
  readonly hostName: string;
  readonly now: Date;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** The longest that Apple's clients accept. */
const CERTIFICATE_DAYS = 398;
const RENEW_BEFORE_DAYS = 30;

/** What the authority can vouch for: should its key be stolen, no public site can be forged with it. */
const LOCAL_NAMES = ['localhost', 'local', 'internal', 'lan', 'home.arpa', 'test'];
const LOCAL_NETWORKS = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
];

/**
 * The certificate for encrypted connections from this machine, and in the home's `tls` folder the authority
 * that clients must trust for it. The authority is made once and lasts ten years; the certificate is made
 * anew when it is about to expire or the machine has another name.
 */
export async function ensureDevelopmentCertificate(
  home: Home,
  options: DevelopmentCertificateOptions,
): Promise<ServerCertificate> {
  const authority = (await readAuthority(home, options)) ?? (await makeAuthority(home, options));
  await writeTrustBundle(home, authority.certificate);
  const names = certifiableNames(authority, options.hostName);
  const existing = await readServerCertificate(home, authority);
  const isGood = existing && isFresh(existing.certificate, options.now) && isFor(existing.certificate, names);
  const { certificate, key } = isGood
    ? existing
    : await makeServerCertificate(home, authority, { names, ...options });
  return {
    cert: certificate.toString() + authority.certificate.toString(),
    key,
    expiresAt: certificate.validToDate,
    names,
  };
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

async function readAuthority(
  home: Home,
  { now }: DevelopmentCertificateOptions,
): Promise<Authority | undefined> {
  const stored = await readPair(home.authorityFile, join(home.tlsDirectory, 'authority.key'));
  if (!stored || stored.certificate.validToDate.getTime() < now.getTime() + CERTIFICATE_DAYS * DAY_MS)
    return undefined;
  return { certificate: stored.certificate, privateKey: createPrivateKey(stored.key) };
}

async function makeAuthority(
  home: Home,
  { hostName, now }: DevelopmentCertificateOptions,
): Promise<Authority> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = asHostName(hostName);
  const { createAuthority } = await loadGenerator();
  const certificate = await createAuthority({
    ...validity(now, AUTHORITY_DAYS),
    commonName: authorityName(hostName),
    keys,
    permitted: { names: own ? [...LOCAL_NAMES, own] : LOCAL_NAMES, networks: LOCAL_NETWORKS },
  });
  await writePrivateFile(join(home.tlsDirectory, 'authority.key'), pemOf(keys.privateKey));
  await writePrivateFile(home.authorityFile, certificate.toString());
  return { certificate, privateKey: keys.privateKey };
}

async function readServerCertificate(home: Home, authority: Authority): Promise<Pair | undefined> {
  const stored = await readPair(join(home.tlsDirectory, 'server.pem'), join(home.tlsDirectory, 'server.key'));
  return stored?.certificate.verify(authority.certificate.publicKey) ? stored : undefined;
}

async function makeServerCertificate(
  home: Home,
  authority: Authority,
  { names, now }: { readonly names: readonly string[]; readonly now: Date },
): Promise<Pair> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { createServerCertificate } = await loadGenerator();
  const certificate = await createServerCertificate({
    ...validity(now, CERTIFICATE_DAYS),
    commonName: 'Samtal',
    publicKey: keys.publicKey,
    issuer: authority,
    names,
  });
  const key = pemOf(keys.privateKey);
  await writePrivateFile(join(home.tlsDirectory, 'server.key'), key);
  await writePrivateFile(join(home.tlsDirectory, 'server.pem'), certificate.toString());
  return { certificate, key };
}

/** Loaded only by a start that makes a certificate: it takes a tenth of a second. */
async function loadGenerator() {
  return await import('./certificate.ts');
}

/** Clients that are given a file of roots trust nothing else, so it holds all that the system trusts too. */
async function writeTrustBundle(home: Home, authority: X509Certificate): Promise<void> {
  const trusted = new Set(
    [...getCACertificates('bundled'), ...getCACertificates('system')].map((pem) => pem.trim()),
  );
  const bundle = `${[...trusted, authority.toString().trim()].join('\n')}\n`;
  if ((await readIfPresent(home.trustBundleFile)) !== bundle)
    await writePrivateFile(home.trustBundleFile, bundle);
}

interface Pair {
  readonly certificate: X509Certificate;
  readonly key: string;
}

/** Undefined also for files that are damaged or do not belong together: they are made anew. */
async function readPair(certificateFile: string, keyFile: string): Promise<Pair | undefined> {
  const [cert, key] = await Promise.all([readIfPresent(certificateFile), readIfPresent(keyFile)]);
  if (cert === undefined || key === undefined) return undefined;
  try {
    const certificate = new X509Certificate(cert);
    return certificate.checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

/** A name that the machine got after the authority was made is left out, for clients would refuse all of it. */
function certifiableNames({ certificate }: Authority, hostName: string): readonly string[] {
  const own = asHostName(hostName);
  const isPermitted =
    own !== undefined &&
    (commonNameOf(certificate) === authorityName(hostName) ||
      LOCAL_NAMES.some((name) => own.endsWith(`.${name}`)));
  return [...new Set(['localhost', '127.0.0.1', '::1', ...(isPermitted ? [own] : [])])];
}

function authorityName(hostName: string): string {
  return `Samtal development on ${asHostName(hostName) ?? 'this machine'}`;
}

function commonNameOf(certificate: X509Certificate): string {
  return certificate.subject.replace(/^CN=/, '');
}

function asHostName(name: string): string | undefined {
  const lower = name.toLowerCase();
  return /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(lower) && isIP(lower) === 0
    ? lower
    : undefined;
}

function isFresh(certificate: X509Certificate, now: Date): boolean {
  return certificate.validToDate.getTime() > now.getTime() + RENEW_BEFORE_DAYS * DAY_MS;
}

function isFor(certificate: X509Certificate, names: readonly string[]): boolean {
  const count = certificate.subjectAltName?.split(', ').length;
  const isNamed = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return count === names.length && names.every(isNamed);
}

function validity(now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  // A day back, for clients whose clock is behind, such as in a virtual machine that slept.
  const notBefore = new Date(now.getTime() - DAY_MS);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * DAY_MS) };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
