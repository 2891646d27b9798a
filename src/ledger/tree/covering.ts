import { type NoteSigner } from '../../crypto/signed-note.ts';
import { chainNodes, type TreeSource } from './chain-nodes.ts';
import { type Checkpoint, openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { rootAt } from './proof.ts';

export interface CoveringDeps {
  readonly trees: TreeSource;
  readonly checkpointSigner: NoteSigner;
  readonly origin: string;
}

/**
 * The smallest checkpoint that has a record, as sinks elsewhere have it too. A writer that died may have left an end that
 * nobody signed: then one is signed now, over what is there now up to `head.seq`, and marked as such.
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
  const checkpoint = { origin, chain, size, root: await rootAt(chainNodes(trees, chain), size) };
  return { note: signCheckpoint(checkpoint, checkpointSigner), checkpoint, signedNow: true };
}
