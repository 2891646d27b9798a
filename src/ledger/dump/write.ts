import { Pages, PAGE } from '../pages.ts';
import {
  type Batch,
  type ChainHead,
  type LeafRun,
  type LedgerSource,
  type SealedFields,
  type StoredRow,
} from '../ports.ts';
import { SEALED_FIELDS } from '../leaf.ts';
import { checkUnmoved } from '../unmoved.ts';

/** A signed note of the database's own copies. */
export interface StoredCheckpoint {
  readonly chain: string;
  readonly size: number;
  readonly note: string;
}

/** As `LedgerSource`, with the checkpoints that are stored. */
export interface DumpedSource extends LedgerSource {
  /** At most `limit`, in order of size. */
  checkpoints(chain: string, afterSize: number, limit: number): Promise<readonly StoredCheckpoint[]>;
}

export const DUMP_FORMAT = 'cordon-dump/1';

/**
 * A dump: everything a verification reads, a line each, without a ciphertext. `c` is a chain, `b` a batch, `r` a record
 * with the SHA-256 of each of its ciphertexts, `k` a checkpoint, `d` a month that retention dropped, `y` leaves of it; then the chain, the number it is ordered by, and JSON.
 * Lines of one kind and chain follow each other. The last line counts the others, so that a dump cut short is not taken
 * for a smaller ledger. Rejects with MovedError when retention dropped something meanwhile: begin again.
 */
export async function* writeDump(source: DumpedSource): AsyncGenerator<string, void> {
  yield `${DUMP_FORMAT}\n`;
  let lines = 0;
  const line = (kind: string, chain: string, at: number, json: object): string => {
    lines += 1;
    return `${kind} ${chain} ${at} ${JSON.stringify(json)}\n`;
  };
  const heads = await source.chains();
  for (const head of heads) yield line('c', head.chain, 0, chainJson(head));
  const drops = await source.drops();
  for (const { chain, ...drop } of drops) yield line('d', chain, 0, drop);
  for (const chain of [...heads.map((head) => head.chain), ...(await source.strayChains())]) {
    const belongs = createBelongs(source, chain, heads.find((head) => head.chain === chain)?.seq ?? 0);
    const batches = new Pages<Batch>(
      (after) => source.batches(chain, after, PAGE),
      (batch) => batch.firstSeq,
    );
    for await (const batch of all(batches)) {
      if (await belongs(batch.firstSeq)) yield line('b', chain, batch.firstSeq, batchJson(batch));
    }
    const rows = new Pages<StoredRow>(
      (after) => source.rows(chain, after, PAGE, []),
      (row) => row.seq,
    );
    for await (const row of all(rows))
      if (await belongs(row.seq)) yield line('r', chain, row.seq, rowJson(row));
    const runs = new Pages<LeafRun>(
      (after) => source.chainRuns(chain, after, PAGE),
      (run) => run.firstSeq,
    );
    for await (const { start, firstSeq, leaves } of all(runs))
      yield line('y', chain, firstSeq, { start, leaves: leaves.toString('base64') });
    const checkpoints = new Pages<StoredCheckpoint>(
      (after) => source.checkpoints(chain, after, PAGE),
      (checkpoint) => checkpoint.size,
    );
    for await (const { size, note } of all(checkpoints)) {
      if (await belongs(size)) yield line('k', chain, size, { note });
    }
  }
  await checkUnmoved(source, drops);
  yield `e - ${lines} {}\n`;
}

/**
 * Whether what stands at a place is of this dump: all up to the head as it was listed. What a living writer added since
 * is the next dump's; but nothing is there before its head is, so what lies beyond a head that is read after it was put
 * there by nobody's writer, and belongs to the evidence.
 */
function createBelongs(
  source: DumpedSource,
  chain: string,
  listed: number,
): (seq: number) => Promise<boolean> {
  let written = listed;
  return async (seq) => {
    if (seq <= listed) return true;
    if (seq > written) {
      written = (await source.chains()).find((head) => head.chain === chain)?.seq ?? listed;
    }
    return seq > written;
  };
}

async function* all<T>(pages: Pages<T>): AsyncGenerator<T, void> {
  for (let item = await pages.peek(); item !== undefined; item = await pages.peek()) {
    pages.skip();
    yield item;
  }
}

function chainJson({ instance, openedMs, seq, hash, closed }: ChainHead): object {
  return { instance, openedMs, seq, hash: hash.toString('hex'), closed };
}

function batchJson({ lastSeq, root, prev, hash }: Batch): object {
  return { lastSeq, root: root.toString('hex'), prev: prev.toString('hex'), hash: hash.toString('hex') };
}

function rowJson({ requestId, type, tenant, atMs, period, header, leaf, digests }: StoredRow): object {
  return {
    requestId,
    type,
    tenant,
    atMs,
    period,
    header,
    leaf: leaf.toString('hex'),
    digests: hexOf(digests),
  };
}

function hexOf(digests: SealedFields<Buffer>): object {
  return Object.fromEntries(
    SEALED_FIELDS.flatMap((field) => {
      const digest = digests[field];
      return digest === undefined ? [] : [[field, digest.toString('hex')]];
    }),
  );
}
