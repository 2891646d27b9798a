import { type Deks } from '../crypto/deks.ts';
import { periodOf } from './draft.ts';
import { openField } from './open-field.ts';
import { type Checkpoint } from './tree/checkpoint.ts';
import { Witness } from './tree/witness.ts';
import { asObject, isList, parseHeader, type Header } from './header.ts';
import { DroppedLeaves, Drops } from './dropped.ts';
import { batchHash, genesisHash, leafHash, SEALED_FIELDS, treeRoot } from './leaf.ts';
import { Pages, PAGE } from './pages.ts';
import { PairCounter, type Pairing } from './pairing.ts';
import { type Batch, type ChainHead, type LedgerSource, type SealedFields, type StoredRow } from './ports.ts';

export type ProblemKind =
  /** The header or a ciphertext is not what was written. */
  | 'leaf_mismatch'
  | 'header_invalid'
  /** A searchable column says something else than the header, or the row stands at another place. */
  | 'column_mismatch'
  /** This one, and perhaps others behind it. */
  | 'record_missing'
  | 'record_unbatched'
  | 'record_repeated'
  | 'batch_root_mismatch'
  /** A batch does not follow the one before it, or its hash is not its own. */
  | 'batch_link_mismatch'
  | 'head_mismatch'
  /** A later START note saw another head, or the chain is gone. */
  | 'chain_changed'
  | 'chain_unlisted'
  /** A signed checkpoint saw other records up to this one. */
  | 'checkpoint_mismatch'
  /** A signed checkpoint saw this record, and the chain ends before it, or is gone. */
  | 'checkpoint_beyond_end'
  /** Something was dropped that no record of retention in a chain accounts for. */
  | 'drop_unproven'
  /** The ciphertext does not open in its place. */
  | 'decrypt_failed';

export interface Problem {
  readonly kind: ProblemKind;
  readonly chain: string;
  /** The first record concerned; 0 when it is the chain as a whole. */
  readonly seq: number;
}

export interface Verification {
  readonly chains: number;
  readonly records: number;
  /** Records that retention dropped, each with its leaf, by records that stand in a chain. */
  readonly dropped: number;
  readonly batches: number;
  /** Fields decrypted; those whose key is gone are counted beside. */
  readonly opened: number;
  readonly keyUnavailable: number;
  readonly pairing: Pairing;
  /** Signed checkpoints that what is stored was held against. */
  readonly checkpoints: number;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  readonly source: LedgerSource;
  /** Kept elsewhere, their signatures checked. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Also decrypts every field, when given. */
  readonly deks?: Deks;
  readonly onProgress?: (records: number) => void;
}

/**
 * Reads every record of every chain in order and recomputes what it can: leaves from headers and ciphertexts, roots
 * from leaves, links from roots, heads from links. Whoever can write everything, heads included, can still rewrite
 * the end of the newest chain; only checkpoints kept elsewhere show that. Safe on a ledger being written to.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verification> {
  for (let left = MAX_RUNS; ; left -= 1) {
    const { result, moved } = await new Verifier(options).run();
    // A month that was dropped meanwhile looks like one that was deleted.
    if (result.problems.length === 0 || !moved || left <= 1) return result;
  }
}

const MAX_RUNS = 3;

class Verifier {
  readonly #options: VerifyOptions;
  readonly #problems: Problem[] = [];
  readonly #pairs = new PairCounter();
  /** What START notes say about chains that had ended before. */
  readonly #references: {
    readonly chain: string;
    readonly seq: number;
    readonly hash: string;
  }[] = [];
  readonly #witness: Witness;
  #records = 0;
  #batches = 0;
  #opened = 0;
  #keyUnavailable = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#witness = new Witness(options.checkpoints ?? [], (kind, chain, seq) => {
      this.#report(kind, chain, seq);
    });
  }

  /** `moved`: retention dropped something meanwhile. */
  async run(): Promise<{ readonly result: Verification; readonly moved: boolean }> {
    const { source } = this.#options;
    const drops = await Drops.read(source, (chain, seq) => {
      this.#report('drop_unproven', chain, seq);
    });
    const chains = await source.chains();
    const ends = new Map<string, ChainHead>();
    for (const head of chains) {
      await this.#verifyChain(head, drops);
      ends.set(head.chain, head);
    }
    for (const chain of [...(await source.strayChains()), ...drops.chains]) {
      if (!ends.has(chain)) this.#report('chain_unlisted', chain, 0);
    }
    await this.#checkReferences(ends);
    this.#witness.end();
    drops.end();
    const result = {
      chains: chains.length,
      records: this.#records,
      dropped: drops.records,
      batches: this.#batches,
      opened: this.#opened,
      keyUnavailable: this.#keyUnavailable,
      pairing: this.#pairs.result(),
      checkpoints: this.#witness.count,
      problems: this.#problems,
    };
    return { result, moved: (await source.drops()).map(({ start }) => start).join() !== drops.ids };
  }

  /** Up to the head as it was listed: what a living writer adds meanwhile is the next verification's. */
  async #verifyChain(head: ChainHead, drops: Drops): Promise<void> {
    const { source, deks } = this.#options;
    const { chain } = head;
    const gone = new DroppedLeaves(source, chain, drops);
    const rows = new Pages<StoredRow>(
      (after) => source.rows(chain, after, PAGE, deks === undefined ? [] : SEALED_FIELDS),
      (row) => row.seq,
    );
    const batches = new Pages<Batch>(
      (after) => source.batches(chain, after, PAGE),
      (batch) => batch.firstSeq,
    );
    let seq = 0;
    let prev = genesisHash(chain, head.instance, head.openedMs);
    for (let batch = await batches.peek(); batch !== undefined; batch = await batches.peek()) {
      if (batch.firstSeq > head.seq) break;
      batches.skip();
      this.#batches += 1;
      if (batch.firstSeq !== seq + 1 || !batch.prev.equals(prev) || !batchHash(batch).equals(batch.hash)) {
        this.#report('batch_link_mismatch', chain, batch.firstSeq);
      }
      await this.#verifyBatch(rows, batch, gone);
      seq = batch.lastSeq;
      prev = batch.hash;
    }
    await this.#skipUnbatched(rows, chain, head.seq + 1);
    if (seq !== head.seq || !prev.equals(head.hash)) this.#report('head_mismatch', chain, head.seq);
    await this.#checkEnd(rows, chain);
  }

  /** A row is never there before its head is: one beyond a head read later was not put there by a writer. */
  async #checkEnd(rows: Pages<StoredRow>, chain: string): Promise<void> {
    const beyond = await rows.peek();
    if (beyond === undefined) return;
    const head = (await this.#options.source.chains()).find((found) => found.chain === chain);
    if (head === undefined || beyond.seq > head.seq) this.#report('record_unbatched', chain, beyond.seq);
  }

  /** Rows between batches, or behind the last one: nobody's writer put them there. */
  async #skipUnbatched(rows: Pages<StoredRow>, chain: string, beforeSeq: number): Promise<void> {
    for (let row = await rows.peek(); row !== undefined && row.seq < beforeSeq; row = await rows.peek()) {
      rows.skip();
      this.#records += 1;
      this.#report('record_unbatched', chain, row.seq);
    }
  }

  async #verifyBatch(rows: Pages<StoredRow>, batch: Batch, gone: DroppedLeaves): Promise<void> {
    const { chain, firstSeq, lastSeq } = batch;
    const leaves: Buffer[] = [];
    let next = firstSeq;
    const add = (leaf: Buffer): void => {
      leaves.push(leaf);
      gone.drops.meet(chain, next, leaf);
      this.#witness.see(chain, next, leaf);
      next += 1;
    };
    const addDropped = async (beforeSeq: number): Promise<void> => {
      for (const leaf of await gone.take(next, beforeSeq)) add(leaf);
    };
    await this.#skipUnbatched(rows, chain, firstSeq);
    for (let row = await rows.peek(); row !== undefined && row.seq <= lastSeq; row = await rows.peek()) {
      rows.skip();
      this.#records += 1;
      if (row.seq < next) {
        this.#report('record_unbatched', chain, row.seq);
        continue;
      }
      await addDropped(row.seq);
      // Only the first of a gap: a forged number could open one of any length.
      if (next < row.seq) this.#report('record_missing', chain, next);
      next = row.seq;
      add(await this.#verifyRow(chain, row, gone.drops));
    }
    await addDropped(lastSeq + 1);
    if (next <= lastSeq) this.#report('record_missing', chain, next);
    const complete = leaves.length === lastSeq - firstSeq + 1;
    if (!complete || !treeRoot(leaves).equals(batch.root)) {
      this.#report('batch_root_mismatch', chain, firstSeq);
    }
    this.#options.onProgress?.(this.#records);
  }

  /** The leaf as it must be, for the batch's root. */
  async #verifyRow(chain: string, row: StoredRow, drops: Drops): Promise<Buffer> {
    const leaf = leafHash(row.header, row.digests);
    if (!leaf.equals(row.leaf)) this.#report('leaf_mismatch', chain, row.seq);
    const header = parseHeader(row.header);
    if (header === undefined) {
      this.#report('header_invalid', chain, row.seq);
      return leaf;
    }
    if (!sameColumns(chain, row, header)) this.#report('column_mismatch', chain, row.seq);
    if (this.#pairs.add(header.type, header.id)) this.#report('record_repeated', chain, row.seq);
    if (header.type === 'RETENTION_REFUSED') drops.refuse(header.id, chain, row.seq);
    if (header.type === 'START') this.#collectReferences(header);
    if (this.#options.deks !== undefined) await this.#open(chain, row, header, this.#options.deks);
    return leaf;
  }

  async #open(chain: string, row: StoredRow, header: Header, deks: Deks): Promise<void> {
    for (const field of SEALED_FIELDS) {
      const envelope = row.fields[field];
      if (envelope === undefined) continue;
      const opened = await openField(header, field, envelope, deks);
      if (opened.state === 'open') this.#opened += 1;
      else if (opened.state === 'key_unavailable') this.#keyUnavailable += 1;
      else this.#report('decrypt_failed', chain, row.seq);
    }
  }

  #collectReferences(header: Header): void {
    const after = asObject(header.data)?.['after'];
    for (const reference of isList(after) ? after : []) {
      const [chain = '', seq = '', hash = ''] = typeof reference === 'string' ? reference.split(' ') : [];
      this.#references.push({ chain, seq: Number(seq), hash });
    }
  }

  /**
   * A chain must still hold what a START note saw as its head. It may have grown since: a sweep that crashed before
   * closing a chain leaves it to its writer, if that lives.
   */
  async #checkReferences(ends: ReadonlyMap<string, ChainHead>): Promise<void> {
    for (const { chain, seq, hash } of this.#references) {
      const end = ends.get(chain);
      const [next] =
        end !== undefined && end.seq > seq ? await this.#options.source.batches(chain, seq, 1) : [];
      const link = end?.seq === seq ? end.hash : next?.firstSeq === seq + 1 ? next.prev : undefined;
      if (link?.toString('hex') !== hash) this.#report('chain_changed', chain, seq);
    }
  }

  #report(kind: ProblemKind, chain: string, seq: number): void {
    this.#problems.push({ kind, chain, seq });
  }
}

function sameColumns(chain: string, row: StoredRow, header: Header): boolean {
  const named = new Set(header.sealed.map((entry) => entry.field));
  return (
    header.chain === chain &&
    header.seq === row.seq &&
    header.id === row.requestId &&
    header.type === row.type &&
    header.tenant === row.tenant &&
    header.atMs === row.atMs &&
    periodOf(header.atMs) === row.period &&
    SEALED_FIELDS.every(
      (field: keyof SealedFields<Buffer>) => named.has(field) === (row.digests[field] !== undefined),
    )
  );
}
