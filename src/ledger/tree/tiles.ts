import { foldRight, nodeHash } from './hash.ts';
import { type NodeSource } from './proof.ts';

/** Hashes a tile holds when it is full, and tree levels it spans: https://c2sp.org/tlog-tiles. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
export const HASH_BYTES = 32;

/** A row of nodes: those of tree level `8 × level` from `256 × index` on. Final once it holds 256. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 32 bytes each, leftmost first. */
  readonly hashes: Buffer;
}

/**
 * Grows a tree leaf by leaf, holding only its right edge: one unfinished tile a level. Full tiles come out of `append`
 * and are not needed again.
 */
export interface TreeEdge {
  readonly size: number;
  append(leaf: Buffer): readonly Tile[];
  /** The root of what was appended; at least one leaf. */
  root(): Buffer;
  /** The tiles that are not full, lowest level first; with them and the full ones an edge is made again. */
  unfinished(): readonly Tile[];
}

/** The edge of an empty tree, or of one whose unfinished tiles are given. */
export function openTree(unfinished: readonly Tile[] = []): TreeEdge {
  const rows: { index: number; hashes: Buffer[] }[] = [];
  for (const tile of unfinished) {
    if (tile.level !== rows.length) throw new RangeError('an edge has one unfinished tile a level');
    rows.push({ index: tile.index, hashes: hashesOf(tile) });
  }
  let size = rows.reduce((sum, row, level) => sum + row.hashes.length * TILE_WIDTH ** level, 0);
  // Lower rows count from where the row above them ends, so the row on top tells the rest.
  const top = rows.at(-1);
  if (top !== undefined) size += top.index * TILE_WIDTH ** rows.length;

  function push(level: number, hash: Buffer, full: Tile[]): void {
    const row = (rows[level] ??= { index: 0, hashes: [] });
    row.hashes.push(hash);
    if (row.hashes.length < TILE_WIDTH) return;
    full.push({ level, index: row.index, hashes: Buffer.concat(row.hashes) });
    const parent = completeRoot(row.hashes);
    row.index += 1;
    row.hashes = [];
    push(level + 1, parent, full);
  }

  return {
    get size(): number {
      return size;
    },
    append(leaf): readonly Tile[] {
      if (leaf.length !== HASH_BYTES) throw new RangeError('a leaf has 32 bytes');
      const full: Tile[] = [];
      push(0, leaf, full);
      size += 1;
      return full;
    },
    root: () => foldRight(rows.toReversed().flatMap((row) => completeSubtrees(row.hashes))),
    unfinished: () =>
      rows.map((row, level) => ({ level, index: row.index, hashes: Buffer.concat(row.hashes) })),
  };
}

/** Reads nodes out of tiles; `read` gives what is stored of a tile, at least `width` hashes of it, or rejects. */
export function tileSource(read: (level: number, index: number, width: number) => Promise<Tile>): NodeSource {
  return {
    async node(level, index): Promise<Buffer> {
      const row = Math.floor(level / TILE_HEIGHT);
      // A node inside a tile is the root over 2^(level mod 8) hashes of it, which start at a multiple of that.
      const span = 2 ** (level % TILE_HEIGHT);
      const first = index * span;
      const start = first % TILE_WIDTH;
      const tile = await read(row, Math.floor(first / TILE_WIDTH), start + span);
      const hashes = hashesOf(tile).slice(start, start + span);
      if (hashes.length !== span) throw new RangeError(`the tile ${row}/${tile.index} is too short`);
      return completeRoot(hashes);
    },
  };
}

/** The node above a full tile. */
export function tileRoot(tile: Tile): Buffer {
  const hashes = hashesOf(tile);
  if (hashes.length !== TILE_WIDTH) throw new RangeError(`the tile ${tile.level}/${tile.index} is not full`);
  return completeRoot(hashes);
}

function hashesOf(tile: Tile): Buffer[] {
  if (tile.hashes.length % HASH_BYTES !== 0 || tile.hashes.length > TILE_WIDTH * HASH_BYTES) {
    throw new RangeError(`the tile ${tile.level}/${tile.index} has ${tile.hashes.length} bytes`);
  }
  return Array.from({ length: tile.hashes.length / HASH_BYTES }, (_, i) =>
    tile.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** The root over a power of two of hashes. */
function completeRoot(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i + 1 < row.length; i += 2) above.push(nodeHash(at(row, i), at(row, i + 1)));
    row = above;
  }
  return at(row, 0);
}

/** The roots of the complete subtrees that hashes of one level fall into, largest first. */
function completeSubtrees(hashes: readonly Buffer[]): readonly Buffer[] {
  const roots: Buffer[] = [];
  let from = 0;
  while (from < hashes.length) {
    const span = 2 ** Math.floor(Math.log2(hashes.length - from));
    roots.push(completeRoot(hashes.slice(from, from + span)));
    from += span;
  }
  return roots;
}

function at(hashes: readonly Buffer[], index: number): Buffer {
  const hash = hashes[index];
  if (hash === undefined) throw new RangeError('a hash is missing');
  return hash;
}
