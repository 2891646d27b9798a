import { foldRight, nodeHash, splitOf } from './hash.ts';

/** Hashes of complete subtrees: `level` 0 is a leaf, `index` counts from the left. Rejects for what is not there. */
export interface NodeSource {
  node(level: number, index: number): Promise<Buffer>;
}

/** The root of the first `size` leaves; `size` ≥ 1. */
export async function rootAt(source: NodeSource, size: number): Promise<Buffer> {
  return subtree(source, 0, size);
}

/**
 * RFC 6962 §2.1.1: the audit path of leaf `index` (from 0) in the tree of the first `size` leaves, from the leaf up.
 * Throws a RangeError for a leaf that is not in that tree.
 */
export async function inclusionProof(
  source: NodeSource,
  index: number,
  size: number,
): Promise<readonly Buffer[]> {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  }
  const path: Promise<Buffer>[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(subtree(source, middle, to));
      to = middle;
    } else {
      path.push(subtree(source, from, middle));
      from = middle;
    }
  }
  return Promise.all(path.reverse());
}

/** RFC 6962 §2.1.2: that the tree of `newer` leaves continues the tree of `older` ones, 1 ≤ older ≤ newer. */
export async function consistencyProof(
  source: NodeSource,
  older: number,
  newer: number,
): Promise<readonly Buffer[]> {
  checkSize(older);
  checkSize(newer);
  if (older > newer) throw new RangeError(`a tree of ${newer} does not continue one of ${older}`);
  const path: Promise<Buffer>[] = [];
  let [from, to] = [0, newer];
  // Whether the subtree in hand is one the older tree had whole: then its verifier knows its hash already.
  let whole = true;
  while (older !== to) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      path.push(subtree(source, middle, to));
      to = middle;
    } else {
      path.push(subtree(source, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) path.push(subtree(source, from, to));
  return Promise.all(path.reverse());
}

/** RFC 9162 §2.1.3.2. False for anything that does not prove that `leaf` is at `index` of the tree under `root`. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const node of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(node, hash);
      [place, last] = skipLeft(place, last);
    } else {
      hash = nodeHash(hash, node);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** RFC 9162 §2.1.4.2. False unless the tree under `newRoot` begins with exactly the leaves of the tree under `oldRoot`. */
export function verifyConsistency(
  older: number,
  newer: number,
  oldRoot: Buffer,
  newRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!Number.isSafeInteger(older) || !Number.isSafeInteger(newer) || older < 1 || older > newer)
    return false;
  if (older === newer) return proof.length === 0 && oldRoot.equals(newRoot);
  // A tree of a power of two is a subtree of every larger one, so its root is left out of the proof.
  const [first, ...rest] = Number.isInteger(Math.log2(older)) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [place, last] = [older - 1, newer - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [left, right] = [first, first];
  for (const node of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      left = nodeHash(node, left);
      right = nodeHash(node, right);
      [place, last] = skipLeft(place, last);
    } else {
      right = nodeHash(right, node);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && left.equals(oldRoot) && right.equals(newRoot);
}

/** Up past the levels at which a node is a left child without a sibling, to where it is a right child or the root. */
function skipLeft(place: number, last: number): [number, number] {
  let [p, l] = [place, last];
  while (p % 2 === 0 && p !== 0) [p, l] = [half(p), half(l)];
  return [p, l];
}

function half(value: number): number {
  return Math.floor(value / 2);
}

/** MTH of leaves `from` up to `to`, where `from` is a multiple of the largest power of two in `to - from`. */
async function subtree(source: NodeSource, from: number, to: number): Promise<Buffer> {
  const nodes: Promise<Buffer>[] = [];
  let at = from;
  while (at < to) {
    const level = Math.floor(Math.log2(to - at));
    nodes.push(source.node(level, at / 2 ** level));
    at += 2 ** level;
  }
  return foldRight(await Promise.all(nodes));
}

/** Beyond this Math.log2 is not exact; a chain that writes 10,000 records a second gets there in three years. */
const MAX_SIZE = 2 ** 40;

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 1 || size > MAX_SIZE)
    throw new RangeError(`${size} is no size of a tree`);
}
