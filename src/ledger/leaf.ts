import { hash } from 'node:crypto';
import { canonicalize } from '../crypto/jcs.ts';
import { type SealedFields } from './ports.ts';

/** The sealed parts a record may have, in the order their digests enter the leaf. */
export const SEALED_FIELDS = ['context', 'body', 'findings', 'response'] as const;
export type SealedField = (typeof SEALED_FIELDS)[number];

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);
const BATCH_PREFIX = Buffer.of(0x02);
const GENESIS_PREFIX = Buffer.of(0x03);

/**
 * The header of a record at its place: JCS({chain, record, seq}). `record` is already canonical, and the three
 * names are already in order, so the text is assembled rather than canonicalised again.
 */
export function headerText(chain: string, record: string, seq: number): string {
  return `{"chain":${JSON.stringify(chain)},"record":${record},"seq":${seq}}`;
}

/**
 * The leaf: SHA-256(0x00 ‖ UTF-8(JCS(header)) ‖ SHA-256(envelope₁) ‖ … ‖ SHA-256(envelopeₙ)).
 * The envelopes are those `header.record.sealed` names, in SEALED_FIELDS order; a JSON object ends where its brace
 * closes and every digest has 32 bytes, so no two records share an input. The 0x00 keeps leaves apart from nodes
 * (RFC 6962 §2.1). No hash of clear text is in it: destroying a key leaves nothing to guess against.
 */
export function leafHash(header: string, digests: SealedFields<Buffer>): Buffer {
  const parts: Buffer[] = [LEAF_PREFIX, Buffer.from(header, 'utf8')];
  for (const field of SEALED_FIELDS) {
    const digest = digests[field];
    if (digest !== undefined) parts.push(digest);
  }
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** RFC 6962 §2.1 tree hash: split at the largest power of two below the number of leaves. At least one leaf. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) throw new RangeError('a tree needs a leaf');
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = treeRoot(leaves.slice(0, split));
  const right = treeRoot(leaves.slice(split));
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer');
}

/** What a chain's first batch follows: binds the chain to who opened it and when. */
export function genesisHash(chain: string, instance: string, openedMs: number): Buffer {
  const text = canonicalize({ chain, instance, opened: openedMs, v: 1 });
  return hash('sha256', Buffer.concat([GENESIS_PREFIX, Buffer.from(text)]), 'buffer');
}

/** Links a batch to the one before it; the last of these is the chain's head. */
export function batchHash(batch: {
  readonly chain: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly root: Buffer;
  readonly prev: Buffer;
}): Buffer {
  const text = canonicalize({
    chain: batch.chain,
    first: batch.firstSeq,
    last: batch.lastSeq,
    prev: batch.prev.toString('hex'),
    root: batch.root.toString('hex'),
    v: 1,
  });
  return hash('sha256', Buffer.concat([BATCH_PREFIX, Buffer.from(text)]), 'buffer');
}
