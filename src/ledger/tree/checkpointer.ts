import { type NoteSigner } from '../../crypto/signed-note.ts';
import { signCheckpoint } from './checkpoint.ts';
import { type CheckpointSink, createOutlet } from './outlet.ts';
import { type Tile, type TreeEdge, openTree } from './tiles.ts';

/** A signed checkpoint with what names it. */
export interface SignedCheckpoint {
  readonly chain: string;
  readonly size: number;
  readonly atMs: number;
  readonly note: string;
}

/** Where tiles and our own copy of the checkpoints go. Saving one again is no error. */
export interface TreeStore {
  save(checkpoint: SignedCheckpoint, tiles: readonly (Tile & { readonly chain: string })[]): Promise<void>;
}

export interface CheckpointerOptions {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly store: TreeStore;
  /** Outside the reach of whoever administers the database. */
  readonly sinks: readonly CheckpointSink[];
  readonly now: () => number;
  /** At most this long, and this many records, between two checkpoints of a chain that is written to. */
  readonly everyMs: number;
  readonly everyRecords: number;
  readonly sinkDeadlineMs: number;
  readonly onEvent: (event: CheckpointEvent) => void;
}

export type CheckpointEvent =
  | { readonly event: 'checkpoint_published'; readonly sink: string; readonly lagMs: number }
  | { readonly event: 'checkpoint_failed'; readonly sink: string };

export interface Checkpointer {
  /** Leaves that have become durable, in their order. Never blocks and never throws. */
  append(chain: string, leaves: readonly Buffer[]): void;
  /** A checkpoint of everything appended, now; resolves once every sink has it, or has failed once more. */
  close(): Promise<void>;
}

/** The store is one more sink, under this name, with tiles beside the note. */
const STORE = 'database';

/**
 * Grows the tree of the chain this process writes, and signs what it holds at intervals. Whoever keeps a checkpoint
 * can show later that records up to it were changed, removed or rolled back, without trusting the database. Sinks are
 * served side by side, each with its own deadline: one that is dead delays nobody, and gets the newest checkpoint when
 * it is back.
 */
export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  let chain = '';
  let edge: TreeEdge = openTree();
  let signed = 0;
  let timer: NodeJS.Timeout | undefined;
  let tiles: (Tile & { readonly chain: string })[] = [];

  const outlets = [
    createOutlet(
      {
        name: STORE,
        async publish(checkpoint) {
          const taken = tiles;
          tiles = [];
          try {
            await options.store.save(checkpoint, taken);
          } catch (error) {
            tiles = [...taken, ...tiles];
            throw error;
          }
        },
      },
      options,
    ),
    ...options.sinks.map((sink) => createOutlet(sink, options)),
  ];

  function checkpoint(): void {
    clearTimeout(timer);
    timer = undefined;
    if (edge.size === signed) return;
    signed = edge.size;
    const note = signCheckpoint(
      { origin: options.origin, chain, size: edge.size, root: edge.root() },
      options.signer,
    );
    const made = { chain, size: edge.size, atMs: options.now(), note };
    for (const outlet of outlets) outlet.offer(made);
  }

  return {
    append(next, leaves): void {
      if (next !== chain) {
        checkpoint();
        [chain, edge, signed] = [next, openTree(), 0];
      }
      for (const leaf of leaves) for (const tile of edge.append(leaf)) tiles.push({ ...tile, chain });
      if (edge.size - signed >= options.everyRecords) checkpoint();
      else timer ??= setTimeout(checkpoint, options.everyMs).unref();
    },
    async close(): Promise<void> {
      checkpoint();
      await Promise.all(outlets.map((outlet) => outlet.close()));
    },
  };
}
