import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { context, encode, nothing, octets, oid, sequence, setOf, small, TAG, time } from './asn1.ts';
import { type Certificate, CertificateError, parseSignerChain } from './certificate.ts';
import { issuerAndSerial } from './cms-enveloped.ts';

const SIGNED_DATA = oid('1.2.840.113549.1.7.2');
const DATA = oid('1.2.840.113549.1.7.1');
const SHA_256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const CONTENT_TYPE = oid('1.2.840.113549.1.9.3');
const MESSAGE_DIGEST = oid('1.2.840.113549.1.9.4');
const SIGNING_TIME = oid('1.2.840.113549.1.9.5');
const RSA = sequence(oid('1.2.840.113549.1.1.1'), nothing());
const ECDSA_SHA_256 = sequence(oid('1.2.840.10045.4.3.2'));

/** Who signs: a private key, its certificate, and those above it. */
export interface CmsSigner {
  readonly key: KeyObject;
  readonly chain: readonly [Certificate, ...Certificate[]];
}

/** Throws a CertificateError when key and certificate do not go together, or are of a kind we do not sign with. */
export function createCmsSigner(keyPem: string, certificatesPem: string, nowMs: number): CmsSigner {
  const chain = parseSignerChain(certificatesPem, nowMs);
  let key: KeyObject;
  try {
    key = createPrivateKey(keyPem);
  } catch {
    // The library's message may quote the key.
    throw new CertificateError('the signing key is not a private key in PEM');
  }
  const kind = key.asymmetricKeyType;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (kind !== 'rsa' && !(kind === 'ec' && curve === 'prime256v1'))
    throw new CertificateError('the signing key is neither RSA nor EC P-256');
  if (!createPublicKey(key).equals(chain[0].publicKey))
    throw new CertificateError('the signing key does not belong to the certificate');
  return { key, chain };
}

/**
 * CMS SignedData (RFC 5652 §5) beside its content, in DER: SHA-256, with content type, digest and signing time signed.
 * Verified by `openssl cms -verify -binary -inform DER -content …`.
 */
export function signCms(content: Buffer, { key, chain }: CmsSigner, nowMs: number): Buffer {
  const [own] = chain;
  const attributes = setOf([
    attribute(CONTENT_TYPE, DATA),
    attribute(MESSAGE_DIGEST, octets(hash('sha256', content, 'buffer'))),
    attribute(SIGNING_TIME, time(nowMs)),
  ]);
  const signer = sequence(
    small(1),
    issuerAndSerial(own),
    SHA_256,
    // Signed as a SET, sent as an implicit [0].
    Buffer.concat([Buffer.of(0xa0), attributes.subarray(1)]),
    key.asymmetricKeyType === 'rsa' ? RSA : ECDSA_SHA_256,
    octets(sign('sha256', attributes, key)),
  );
  const certificates = setOf(chain.map(({ der }) => der));
  return sequence(
    SIGNED_DATA,
    context(
      0,
      sequence(
        small(1),
        setOf([SHA_256]),
        sequence(DATA),
        Buffer.concat([Buffer.of(0xa0), certificates.subarray(1)]),
        setOf([signer]),
      ),
    ),
  );
}

function attribute(type: Buffer, value: Buffer): Buffer {
  return sequence(type, encode(TAG.set, value));
}
