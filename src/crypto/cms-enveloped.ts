import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { context, encode, octets, oid, sequence, setOf, small } from './asn1.ts';
import { type Certificate } from './certificate.ts';

const AUTH_ENVELOPED_DATA = oid('1.2.840.113549.1.9.16.1.23');
const DATA = oid('1.2.840.113549.1.7.1');
const AES_256_GCM = oid('2.16.840.1.101.3.4.1.46');
const SHA_256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const MGF1 = oid('1.2.840.113549.1.1.8');
const RSAES_OAEP = oid('1.2.840.113549.1.1.7');
/** RFC 4055 §4.1: SHA-256 for both hashes; the label is the empty one, which is the default. */
const OAEP_SHA_256 = sequence(RSAES_OAEP, sequence(context(0, SHA_256), context(1, sequence(MGF1, SHA_256))));

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
/** NIST SP 800-38D §5.2.1.1: one key and nonce encrypt less than 2^39 − 256 bits. */
const MAX_BYTES = 2 ** 36 - 32;

const INDEFINITE = 0x80;
const END = Buffer.of(0, 0);
/** Constructed, of indefinite length: an explicit or implicit [0], and a SEQUENCE. */
const OPEN_0 = Buffer.of(0xa0, INDEFINITE);
const OPEN_SEQUENCE = Buffer.of(0x30, INDEFINITE);

/**
 * CMS AuthEnvelopedData (RFC 5083) of a stream: AES-256-GCM (RFC 5084) under a key that is used once and wrapped for
 * each recipient with RSA-OAEP-SHA-256 (RFC 3560). BER of indefinite length, so nothing needs to be known in advance
 * and nothing is held but a chunk. Opened by `openssl cms -decrypt -binary -inform DER`.
 */
export async function* encryptCms(
  source: AsyncIterable<Uint8Array>,
  recipients: readonly Certificate[],
): AsyncGenerator<Buffer, void, void> {
  if (recipients.length === 0) throw new RangeError('a message needs a recipient');
  const key = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  yield Buffer.concat([
    OPEN_SEQUENCE,
    AUTH_ENVELOPED_DATA,
    OPEN_0,
    OPEN_SEQUENCE,
    small(0),
    setOf(recipients.map((recipient) => recipientInfo(recipient, key))),
    OPEN_SEQUENCE,
    DATA,
    sequence(AES_256_GCM, sequence(octets(nonce), small(TAG_BYTES))),
    OPEN_0,
  ]);
  key.fill(0);
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new RangeError('a message is at most 64 GiB');
    for (let at = 0; at < piece.length; at += CHUNK_BYTES) {
      yield octets(cipher.update(piece.subarray(at, at + CHUNK_BYTES)));
    }
  }
  cipher.final();
  // The MAC follows what it covers; there are no attributes, so nothing else is authenticated.
  yield Buffer.concat([END, END, octets(cipher.getAuthTag()), END, END, END]);
}

/** RFC 5652 §6.2.1, pointing to the certificate by its issuer and serial number. */
function recipientInfo(recipient: Certificate, key: Buffer): Buffer {
  const wrapped = publicEncrypt(
    { key: recipient.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    key,
  );
  return sequence(small(0), issuerAndSerial(recipient), OAEP_SHA_256, octets(wrapped));
}

export function issuerAndSerial({ issuer, serial }: Pick<Certificate, 'issuer' | 'serial'>): Buffer {
  return encode(0x30, issuer, serial);
}
