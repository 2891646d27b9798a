import { foldRight, nodeHash } from './hash.ts';
import { type NodeSource } from './proof.ts';

/** The hash of a complete subtree of 2^level leaves none of which is shown. */
export interface HiddenSubtree {
  readonly level: number;
  readonly hash: Buffer;
}

/**
 * What is needed beside the leaves at some places of a tree to compute its root: the largest complete subtrees between
 * them, from left to right. One proof for any number of leaves: nothing for all of them, an audit path's worth for one.
 */
export interface Pruner {
  /** What is hidden between the leaf shown last and the one at `index` (from 0). Indexes only grow. */
  show(index: number): Promise<readonly HiddenSubtree[]>;
  /** What is hidden behind the last leaf shown, in a tree of this size. */
  end(size: number): Promise<readonly HiddenSubtree[]>;
}

export function createPruner(nodes: NodeSource): Pruner {
  let at = 0;
  async function hide(to: number): Promise<readonly HiddenSubtree[]> {
    const hidden: HiddenSubtree[] = [];
    while (at < to) {
      const level = levelAt(at, to);
      hidden.push({ level, hash: await nodes.node(level, at / 2 ** level) });
      at += 2 ** level;
    }
    return hidden;
  }
  return {
    async show(index): Promise<readonly HiddenSubtree[]> {
      if (index < at) throw new RangeError('leaves are shown in order, each once');
      const hidden = await hide(index);
      at = index + 1;
      return hidden;
    },
    end: hide,
  };
}

/** The largest subtree that begins at a place, with a multiple of its size, and does not reach beyond `to`. */
function levelAt(at: number, to: number): number {
  let level = 0;
  while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
  return level;
}

/** Grows a root from leaves and hidden subtrees in their order. */
export interface PrunedRoot {
  readonly size: number;
  /** Throws a RangeError when no subtree of this size begins here. */
  push(level: number, hash: Buffer): void;
  /** At least one was pushed. */
  root(): Buffer;
}

export function createPrunedRoot(): PrunedRoot {
  const stack: { level: number; hash: Buffer }[] = [];
  let size = 0;
  return {
    get size(): number {
      return size;
    },
    push(level, hash): void {
      if (!Number.isInteger(level) || level < 0 || level > 40 || size % 2 ** level !== 0)
        throw new RangeError('no such subtree begins here');
      size += 2 ** level;
      let node = { level, hash };
      for (let last = stack.at(-1); last?.level === node.level; last = stack.at(-1)) {
        stack.pop();
        node = { level: node.level + 1, hash: nodeHash(last.hash, node.hash) };
      }
      stack.push(node);
    },
    root: () => foldRight(stack.map(({ hash }) => hash)),
  };
}
