import { type NodeSource } from './proof.ts';
import { HASH_BYTES, type Tile, TILE_WIDTH, tileRoot, tileSource } from './tiles.ts';

/** What is stored of the trees, with the reader's rights. */
export interface TreeSource {
  /** The hashes of a full tile; undefined when it is not stored. */
  tile(chain: string, level: number, index: number): Promise<Buffer | undefined>;
  /** Leaf hashes of the records behind `afterSeq`, in order, at most `limit`; without gaps, or shorter. */
  leaves(chain: string, afterSeq: number, limit: number): Promise<readonly Buffer[]>;
  /** Our own copy of the smallest checkpoint with at least `size` records; undefined when there is none. */
  checkpoint(chain: string, size: number): Promise<string | undefined>;
  /** The largest of them. */
  lastCheckpoint(chain: string): Promise<string | undefined>;
}

/** 8 KiB each. */
const KEPT_TILES = 512;

/**
 * Nodes of a chain's tree: out of stored tiles, and for the end of it, whose tiles are not full, out of the records.
 * What is wrong with either shows when the root is not the signed one.
 */
export function chainNodes(source: TreeSource, chain: string): NodeSource {
  const kept = new Map<string, Tile>();

  async function read(level: number, index: number, width: number): Promise<Tile> {
    const name = `${level}/${index}`;
    const known = kept.get(name);
    if (known !== undefined && known.hashes.length >= width * HASH_BYTES) return known;
    const hashes = (await source.tile(chain, level, index)) ?? (await build(level, index, width));
    const tile = { level, index, hashes };
    kept.delete(name);
    kept.set(name, tile);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_TILES && oldest !== undefined) kept.delete(oldest);
    return tile;
  }

  async function build(level: number, index: number, width: number): Promise<Buffer> {
    const hashes: Buffer[] = [];
    if (level === 0) {
      hashes.push(...(await source.leaves(chain, index * TILE_WIDTH, width)));
    } else {
      // A row whose tile is not full yet has the roots of the full tiles below it.
      for (let at = 0; at < width; at++) {
        hashes.push(tileRoot(await read(level - 1, index * TILE_WIDTH + at, TILE_WIDTH)));
      }
    }
    if (hashes.length < width) throw new RangeError('the records of a tile are not all there');
    return Buffer.concat(hashes);
  }

  return tileSource(read);
}
