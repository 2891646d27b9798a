import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { context, encode, nothing, octets, oid, sequence, small, TAG, time } from '../../src/crypto/asn1.ts';

export interface TestCertificate {
  readonly key: KeyObject;
  readonly keyPem: string;
  readonly certificate: string;
  readonly name: Buffer;
}

export interface CertificateWishes {
  readonly kind?: 'rsa' | 'ec';
  readonly bits?: number;
  readonly commonName?: string;
  /** First octet of the key usage; none when undefined. */
  readonly keyUsage?: number;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  /** Who signs it; itself when undefined. */
  readonly issuer?: TestCertificate;
  readonly authority?: boolean;
}

const DAY_MS = 86_400_000;
const RSA_SHA_256 = sequence(oid('1.2.840.113549.1.1.11'), nothing());
const ECDSA_SHA_256 = sequence(oid('1.2.840.10045.4.3.2'));
const TRUE = encode(TAG.boolean, Buffer.of(255));

/** A certificate as asked for, with its key. */
export function createTestCertificate(wishes: CertificateWishes = {}): TestCertificate {
  const { kind = 'rsa', bits = 2048, commonName = 'counsel.example', keyUsage, issuer } = wishes;
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signing = issuer?.key ?? privateKey;
  const algorithm = signing.asymmetricKeyType === 'rsa' ? RSA_SHA_256 : ECDSA_SHA_256;
  const name = sequence(
    encode(TAG.set, sequence(oid('2.5.4.3'), encode(TAG.utf8String, Buffer.from(commonName)))),
  );
  const usage =
    keyUsage === undefined
      ? []
      : [sequence(oid('2.5.29.15'), TRUE, octets(encode(TAG.bitString, Buffer.of(0, keyUsage))))];
  const basic = wishes.authority === true ? [sequence(oid('2.5.29.19'), TRUE, octets(sequence(TRUE)))] : [];
  const extensions = [...usage, ...basic];
  const body = sequence(
    context(0, small(2)),
    encode(TAG.integer, Buffer.of(1), randomBytes(9)),
    algorithm,
    issuer?.name ?? name,
    sequence(time(wishes.notBeforeMs ?? Date.now() - DAY_MS), time(wishes.notAfterMs ?? Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [context(3, sequence(...extensions))]),
  );
  const signature = encode(TAG.bitString, Buffer.of(0), sign('sha256', body, signing));
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    name,
  };
}
