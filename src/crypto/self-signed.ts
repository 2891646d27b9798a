import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { context, encode, octets, oid, sequence, small, TAG, time } from './asn1.ts';

const DAY_MS = 86_400_000;
const YEARS_MS = 10 * 365 * DAY_MS;
const ECDSA_SHA_256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const KEY_USAGE = oid('2.5.29.15');
const TRUE = encode(TAG.boolean, Buffer.of(0xff));
/** One unused bit would do; seven say that only the first, digital signature, is meant. */
const DIGITAL_SIGNATURE = encode(TAG.bitString, Buffer.of(7, 0x80));

/** A key (EC P-256, PKCS #8) and a certificate that it signed itself, in PEM. Nobody vouches for it: for development. */
export function createSelfSigned(
  commonName: string,
  nowMs: number,
): { readonly key: string; readonly certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    encode(TAG.set, sequence(COMMON_NAME, encode(TAG.utf8String, Buffer.from(commonName)))),
  );
  const body = sequence(
    context(0, small(2)),
    // Begins with a one, so that it is positive and not padded.
    encode(TAG.integer, Buffer.of(1), randomBytes(15)),
    ECDSA_SHA_256,
    name,
    sequence(time(nowMs - DAY_MS), time(nowMs + YEARS_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(sequence(KEY_USAGE, TRUE, octets(DIGITAL_SIGNATURE)))),
  );
  const signature = encode(TAG.bitString, Buffer.of(0), sign('sha256', body, privateKey));
  const lines =
    sequence(body, ECDSA_SHA_256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
