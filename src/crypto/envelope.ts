import { createCipheriv, createDecipheriv, createHash, hash, randomBytes, type KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalize } from './jcs.ts';

const VERSION = 1;
const VERSION_BYTE = Buffer.of(VERSION);
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
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  const parts: Buffer[] = [VERSION_BYTE, nonce];
  for (let at = 0; at < plaintext.length; at += CHUNK_BYTES) {
    if (at > 0) await nextTurn();
    parts.push(cipher.update(plaintext.subarray(at, at + CHUNK_BYTES)));
  }
  cipher.final();
  parts.push(cipher.getAuthTag());
  const bytes = Buffer.concat(parts);
  return { bytes, digest: await sha256(bytes) };
}

async function sha256(bytes: Buffer): Promise<Buffer> {
  // In one call where possible: a hash object costs as much as hashing a short text.
  if (bytes.length <= CHUNK_BYTES) return hash('sha256', bytes, 'buffer');
  const state = createHash('sha256');
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    await nextTurn();
    state.update(bytes.subarray(at, at + CHUNK_BYTES));
  }
  return state.digest();
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
