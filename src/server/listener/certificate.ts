import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  taggedAll,
  time,
  utf8String,
} from './der.ts';

/** A key of the curve P-256. */
export interface CertificateKeys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface AuthorityRequest extends Validity {
  readonly commonName: string;
  readonly keys: CertificateKeys;
  /** What the certificates it signs may be for: names with all that end in them, and networks. */
  readonly permitted: { readonly names: readonly string[]; readonly networks: readonly string[] };
}

/** Makes a self-signed certificate authority (RFC 5280), DER. */
export function createAuthority({ commonName, keys, permitted, ...validity }: AuthorityRequest): Buffer {
  return createCertificate({
    ...validity,
    subject: commonName,
    publicKey: keys.publicKey,
    issuer: { commonName, keys },
    extensions: [
      extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), { critical: true }),
      extension('2.5.29.15', KEY_CERT_SIGN_AND_CRL_SIGN, { critical: true }),
      extension('2.5.29.14', octetString(keyIdentifier(keys.publicKey))),
      extension('2.5.29.30', nameConstraints(permitted), { critical: true }),
    ],
  });
}

export interface ServerCertificateRequest extends Validity {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  /** Host names and IP addresses. */
  readonly names: readonly string[];
}

interface Issuer {
  readonly commonName: string;
  readonly keys: CertificateKeys;
}

/** Makes a certificate for a TLS server (RFC 5280, RFC 9525), DER. */
export function createServerCertificate(request: ServerCertificateRequest): Buffer {
  const { commonName, publicKey, issuer, names, ...validity } = request;
  const issuerKeyIdentifier = tagged(0, keyIdentifier(issuer.keys.publicKey));
  return createCertificate({
    ...validity,
    subject: commonName,
    publicKey,
    issuer,
    extensions: [
      extension('2.5.29.19', sequence(), { critical: true }),
      extension('2.5.29.15', DIGITAL_SIGNATURE, { critical: true }),
      extension('2.5.29.37', sequence(objectIdentifier(SERVER_AUTHENTICATION))),
      extension('2.5.29.17', sequence(...names.map(subjectName))),
      extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
      extension('2.5.29.35', sequence(issuerKeyIdentifier)),
    ],
  });
}

const DIGITAL_SIGNATURE = bitString(Buffer.from([0x80]), 7);
const KEY_CERT_SIGN_AND_CRL_SIGN = bitString(Buffer.from([0x06]), 1);
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

interface CertificateContent extends Validity {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  readonly extensions: readonly Buffer[];
}

function createCertificate(content: CertificateContent): Buffer {
  const signed = sequence(
    taggedAll(0, integer(Buffer.from([2]))),
    // RFC 5280 4.1.2.2: positive, at most 20 bytes.
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    distinguishedName(content.issuer.commonName),
    sequence(time(content.notBefore), time(content.notAfter)),
    distinguishedName(content.subject),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    taggedAll(3, sequence(...content.extensions)),
  );
  return sequence(
    signed,
    ECDSA_WITH_SHA256,
    bitString(sign('sha256', signed, content.issuer.keys.privateKey)),
  );
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));
}

function extension(id: string, value: Buffer, { critical = false } = {}): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** RFC 7093 2.1: the first 160 bits of the SHA-256 of the public key, which is a point of 65 bytes. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
  return createHash('sha256').update(point).digest().subarray(0, 20);
}

function subjectName(name: string): Buffer {
  return isIP(name) === 0 ? tagged(2, Buffer.from(name)) : tagged(7, addressBytes(name));
}

/** RFC 5280 4.2.1.10: a network is its address followed by its mask. */
function nameConstraints({ names, networks }: AuthorityRequest['permitted']): Buffer {
  return sequence(
    taggedAll(
      0,
      ...names.map((name) => sequence(tagged(2, Buffer.from(name)))),
      ...networks.map((network) => sequence(tagged(7, networkBytes(network)))),
    ),
  );
}

function networkBytes(network: string): Buffer {
  const [address = '', prefix = ''] = network.split('/');
  const bytes = addressBytes(address);
  const mask = bytes.map(
    (_, index) => (0xff00 >> Math.min(8, Math.max(0, Number(prefix) - index * 8))) & 0xff,
  );
  return Buffer.concat([bytes, mask]);
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
