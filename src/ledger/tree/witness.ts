import { type Checkpoint } from './checkpoint.ts';
import { type TreeEdge, openTree } from './tiles.ts';

/** Holds the leaves of chains, read in order, against checkpoints that saw them before. */
export class Witness {
  /** What is still to be met, by chain, smallest first. */
  readonly #waiting = new Map<string, Checkpoint[]>();
  readonly #report: (
    kind: 'checkpoint_mismatch' | 'checkpoint_beyond_end',
    chain: string,
    seq: number,
  ) => void;
  readonly count: number;
  #chain = '';
  #edge: TreeEdge = openTree();

  constructor(
    checkpoints: readonly Checkpoint[],
    report: (kind: 'checkpoint_mismatch' | 'checkpoint_beyond_end', chain: string, seq: number) => void,
  ) {
    this.#report = report;
    this.count = checkpoints.length;
    for (const checkpoint of checkpoints) {
      const list = this.#waiting.get(checkpoint.chain) ?? [];
      list.push(checkpoint);
      this.#waiting.set(checkpoint.chain, list);
    }
    for (const list of this.#waiting.values()) list.sort((a, b) => a.size - b.size);
  }

  /** The leaf at place `seq` (from 1) of a chain. Behind a gap there is no tree, so its checkpoints are not met. */
  see(chain: string, seq: number, leaf: Buffer): void {
    const waiting = this.#waiting.get(chain);
    if (waiting === undefined) return;
    if (chain !== this.#chain) [this.#chain, this.#edge] = [chain, openTree()];
    if (seq === this.#edge.size + 1) this.#edge.append(leaf);
    while (waiting[0] !== undefined && waiting[0].size <= seq) {
      const checkpoint = waiting.shift();
      const met = checkpoint?.size === this.#edge.size && checkpoint.root.equals(this.#edge.root());
      if (!met) this.#report('checkpoint_mismatch', chain, seq);
    }
  }

  /** What nothing was there for. The first of a chain tells where it was cut. */
  end(): void {
    for (const [chain, waiting] of this.#waiting) {
      if (waiting[0] !== undefined) this.#report('checkpoint_beyond_end', chain, waiting[0].size);
    }
  }
}
