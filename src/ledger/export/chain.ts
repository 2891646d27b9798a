import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Deks } from '../../crypto/deks.ts';
import { type NoteSigner } from '../../crypto/signed-note.ts';
import { type SealedField, SEALED_FIELDS } from '../leaf.ts';
import { type RecordFilter, type RecordSource } from '../ports.ts';
import { chainNodes, type TreeSource } from '../tree/chain-nodes.ts';
import { ContradictedError, coveringCheckpoint } from '../tree/covering.ts';
import { createPrunedRoot, createPruner, type HiddenSubtree } from '../tree/pruned.ts';
import { csvRecord } from './csv.ts';
import { toOcsf } from './ocsf.ts';
import { type ExportedRecord, ExportError, selectRecords } from './select.ts';
import { type Spool } from './spool.ts';

/** About a millisecond: an export runs in a process that also serves calls. */
const RECORDS_A_TURN = 32;

export interface ExportedChain {
  readonly chain: string;
  readonly records: number;
  /** Of the checkpoint's tree. */
  readonly size: number;
  readonly checkpoint: string;
  readonly checkpointFile: string;
  readonly treeFile: string;
  /** True when no checkpoint covered the last of the records yet, so that one was made now. */
  readonly signedAtExport: boolean;
}

export interface ChainDeps {
  readonly source: RecordSource;
  readonly trees: TreeSource;
  readonly deks: Deks;
  readonly checkpointSigner: NoteSigner;
  readonly origin: string;
  readonly version: string;
}

/** Where the parts of a record go. */
export interface ChainSinks {
  readonly records: Spool;
  readonly leaves: Spool;
  readonly csv: Spool;
  readonly tree: Spool;
  policy(hash: string): void;
  exported(): void;
}

/** What a filter finds in one chain, with a proof that a signed checkpoint has all of it; undefined when it finds nothing. */
export async function exportChain(
  deps: ChainDeps,
  head: { readonly chain: string; readonly seq: number },
  what: { readonly filter: RecordFilter; readonly opened: readonly SealedField[] },
  sinks: ChainSinks,
): Promise<ExportedChain | undefined> {
  const { chain } = head;
  const nodes = chainNodes(deps.trees, chain);
  const pruner = createPruner(nodes);
  const root = createPrunedRoot();
  const hide = async (hidden: readonly HiddenSubtree[]): Promise<void> => {
    for (const { level, hash } of hidden) {
      root.push(level, hash);
      await sinks.tree.write(`${level} ${hash.toString('base64')}\n`);
    }
  };
  let records = 0;
  let last = 0;
  for await (const record of selectRecords(deps, what.filter, head, what.opened)) {
    last = record.header.seq;
    await hide(await pruner.show(last - 1));
    root.push(0, record.leaf);
    await writeRecord(record, deps.version, sinks);
    records += 1;
    if (records % RECORDS_A_TURN === 0) await nextTurn();
  }
  if (records === 0) return undefined;
  const { note, checkpoint, signedNow } = await coveringCheckpoint(deps, head, last).catch(
    (error: unknown) => {
      throw error instanceof ContradictedError ? new ExportError(error.message) : error;
    },
  );
  await hide(await pruner.end(checkpoint.size));
  if (!root.root().equals(checkpoint.root))
    throw new ExportError(`chain ${chain} is not what its checkpoint saw; run a verification`);
  return {
    ...{ chain, records, size: checkpoint.size, checkpoint: note, signedAtExport: signedNow },
    checkpointFile: `checkpoints/${chain}.note`,
    treeFile: `proofs/${chain}.tree`,
  };
}

async function writeRecord(record: ExportedRecord, version: string, sinks: ChainSinks): Promise<void> {
  const { header, leaf, digests } = record;
  const hex = Object.fromEntries(
    SEALED_FIELDS.flatMap((field) => {
      const digest = digests[field];
      return digest === undefined ? [] : [[field, digest.toString('hex')]];
    }),
  );
  const { chain, seq, data } = header;
  await sinks.records.write(`${JSON.stringify(toOcsf(record, version))}\n`);
  await sinks.csv.write(csvRecord(record));
  await sinks.leaves.write(`${JSON.stringify({ chain, seq, leaf: leaf.toString('hex'), digests: hex })}\n`);
  if (typeof data['policy'] === 'string') sinks.policy(data['policy']);
  sinks.exported();
}
