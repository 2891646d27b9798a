import { hash } from 'node:crypto';

const NODE_PREFIX = Buffer.of(0x01);

/** The hash of an inner node, SHA-256(0x01 ‖ left ‖ right): RFC 6962 §2.1. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer');
}

/** The root over hashes of complete subtrees, largest and leftmost first. At least one. */
export function foldRight(nodes: readonly Buffer[]): Buffer {
  const last = nodes.at(-1);
  if (last === undefined) throw new RangeError('a tree needs a leaf');
  return nodes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}
