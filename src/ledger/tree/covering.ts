import { type NoteSigner } from '../../crypto/signed-note.ts';
import { chainNodes, type TreeSource } from './chain-nodes.ts';
import { type Checkpoint, openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { rootAt } from './proof.ts';

export interface CoveringDeps {
  readonly trees: TreeSource;
  readonly checkpointSigner: NoteSigner;
  readonly origin: string;
}

/** What is stored is not what an earlier checkpoint of ours saw: nothing is signed that contradicts it. */
export class ContradictedError extends RangeError {
  override readonly name = 'ContradictedError';
}

/**
 * The smallest checkpoint that has a record, as sinks elsewhere have it too. A writer that died may have left an end that
 * nobody signed: then one is signed now, over what is there now up to `head.seq`, and marked as such. It continues the
 * newest that is stored; otherwise whoever rewrote a chain would only have to ask, to have it signed.
 */
export async function coveringCheckpoint(
  { trees, checkpointSigner, origin }: CoveringDeps,
  head: { readonly chain: string; readonly seq: number },
  seq: number,
): Promise<{ readonly note: string; readonly checkpoint: Checkpoint; readonly signedNow: boolean }> {
  const { chain, seq: size } = head;
  const kept = await trees.checkpoint(chain, seq);
  const opened = kept === undefined ? undefined : openCheckpoint(kept, [checkpointSigner]);
  if (kept !== undefined && opened?.chain === chain && opened.origin === origin && opened.size >= seq)
    return { note: kept, checkpoint: opened, signedNow: false };
  const nodes = chainNodes(trees, chain);
  const last = await trees.lastCheckpoint(chain);
  const before = last === undefined ? undefined : openCheckpoint(last, [checkpointSigner]);
  if (before?.chain === chain && before.origin === origin) {
    if (before.size > size || !(await rootAt(nodes, before.size)).equals(before.root))
      throw new ContradictedError(`chain ${chain} is not what its checkpoint saw; run a verification`);
  }
  const checkpoint = { origin, chain, size, root: await rootAt(nodes, size) };
  return { note: signCheckpoint(checkpoint, checkpointSigner), checkpoint, signedNow: true };
}
