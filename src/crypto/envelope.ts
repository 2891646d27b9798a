import { createCipheriv, createDecipheriv, createHash, randomBytes, type KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalize } from './jcs.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES;
/** About 0.1 ms of AES-GCM and SHA-256: longer texts give the event loop a turn between chunks. */
const CHUNK_BYTES = 128 * 1024;

/** What a ciphertext is bound to. Moved to another record, tenant, field or key, it no longer opens. */
export interface EnvelopeContext {
  readonly schema: string;
  /** The deployment that wrote it. */
  readonly origin: string;
  readonly record: string;
  readonly tenant: string;
  readonly field: string;
  readonly dek: string;
}

export interface Envelope {
  /** `version(1) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`. */
  readonly bytes: Buffer;
  /** SHA-256 of `bytes`: what the leaf commits to. */
  readonly digest: Buffer;
}

export function additionalData(context: EnvelopeContext): Buffer {
  return Buffer.from(canonicalize({ ...context }), 'utf8');
}

/** AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D §8.2.2; the caller bounds the uses of `key`). */
export async function seal(plaintext: Buffer, key: KeyObject, aad: Buffer): Promise<Envelope> {
  const head = Buffer.concat([Buffer.of(VERSION), randomBytes(NONCE_BYTES)]);
  const cipher = createCipheriv('aes-256-gcm', key, head.subarray(1)).setAAD(aad);
  const hash = createHash('sha256').update(head);
  const parts = [head];
  for (let at = 0; at < plaintext.length; at += CHUNK_BYTES) {
    if (at > 0) await nextTurn();
    const part = cipher.update(plaintext.subarray(at, at + CHUNK_BYTES));
    hash.update(part);
    parts.push(part);
  }
  cipher.final();
  const tag = cipher.getAuthTag();
  parts.push(tag);
  return { bytes: Buffer.concat(parts), digest: hash.update(tag).digest() };
}

/** The plaintext; throws when the bytes, the key or the context are not the ones it was sealed with. */
export function open(envelope: Buffer, key: KeyObject, aad: Buffer): Buffer {
  if (envelope.length < HEAD_BYTES + TAG_BYTES || envelope[0] !== VERSION) {
    throw new RangeError('not an envelope of a known version');
  }
  const nonce = envelope.subarray(1, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad).setAuthTag(envelope.subarray(envelope.length - TAG_BYTES));
  const text = decipher.update(envelope.subarray(HEAD_BYTES, envelope.length - TAG_BYTES));
  return Buffer.concat([text, decipher.final()]);
}
