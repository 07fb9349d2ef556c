// @peculiar/x509 throws on import where this is missing.
import 'reflect-metadata';
import { type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';

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

/** Makes a self-signed certificate authority (RFC 5280). */
export async function createAuthority(request: AuthorityRequest): Promise<X509Certificate> {
  const { notBefore, notAfter, commonName, keys, permitted } = request;
  const publicKey = verificationKey(keys.publicKey);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    notBefore,
    notAfter,
    keys: { publicKey, privateKey: signingKey(keys.privateKey) },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      nameConstraints(permitted),
    ],
  });
  return new X509Certificate(Buffer.from(made.rawData));
}

export interface ServerCertificateRequest extends Validity {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly issuer: { readonly certificate: X509Certificate; readonly privateKey: KeyObject };
  /** Host names and IP addresses. */
  readonly names: readonly string[];
}

/** Makes a certificate for a TLS server (RFC 5280, RFC 9525). */
export async function createServerCertificate(request: ServerCertificateRequest): Promise<X509Certificate> {
  const { notBefore, notAfter, commonName, issuer, names } = request;
  const authority = new x509.X509Certificate(issuer.certificate.raw);
  const publicKey = verificationKey(request.publicKey);
  const made = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: authority.subjectName,
    notBefore,
    notAfter,
    publicKey,
    signingKey: signingKey(issuer.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return new X509Certificate(Buffer.from(made.rawData));
}

/** The one extension of these that x509 has no class for. */
function nameConstraints({ names, networks }: AuthorityRequest['permitted']): x509.Extension {
  const bases = [
    ...names.map((dNSName) => new GeneralName({ dNSName })),
    ...networks.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  const permittedSubtrees = new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base })));
  const value = AsnConvert.serialize(new NameConstraints({ permittedSubtrees }));
  return new x509.Extension(id_ce_nameConstraints, true, value);
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

const signingKey = (key: KeyObject) => key.toCryptoKey(P256, false, ['sign']);
const verificationKey = (key: KeyObject) => key.toCryptoKey(P256, true, ['verify']);
