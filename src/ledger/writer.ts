import { auditUnavailable, type AppendQueue, type Entry, type LedgerLimits } from './queue.ts';
import { buildBatch, sameContent } from './batch.ts';
import { genesisHash } from './leaf.ts';
import { type Batch, type ChainHead, type ChainRow, type LedgerStore, type WriterSession } from './ports.ts';

/** What operators want to know about the writer; codes and numbers only. */
export type LedgerLogEvent =
  | { readonly event: 'ledger_chain_opened'; readonly chain: string }
  | { readonly event: 'ledger_chain_lost'; readonly chain: string }
  | { readonly event: 'ledger_disconnected'; readonly inDoubt: number }
  | { readonly event: 'ledger_settled'; readonly committed: boolean; readonly records: number }
  | { readonly event: 'ledger_connect_failed'; readonly error: string }
  | { readonly event: 'ledger_partitions_failed'; readonly error: string }
  | { readonly event: 'ledger_record_refused'; readonly type: string };

export interface WriterDeps {
  readonly store: LedgerStore;
  readonly queue: AppendQueue;
  readonly limits: LedgerLimits;
  readonly instance: string;
  readonly now: () => number;
  readonly createId: () => string;
  readonly log: (event: LedgerLogEvent) => void;
  /** Decisions that are durable although their callers were told that they are not. */
  readonly onLate: (decisions: readonly Entry[]) => void;
  /** Leaves that are durable now, in the order of their places in the chain. */
  readonly onDurable: (chain: string, leaves: readonly Buffer[]) => void;
}

interface InDoubt {
  readonly batch: Batch;
  readonly rows: readonly ChainRow[];
  readonly entries: readonly Entry[];
}

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/**
 * The group-commit writer: one connection, one chain. A batch is whatever queued while the last commit ran, so an
 * idle system pays one flush and a busy one shares it; there is no timer to tune.
 *
 * When a statement fails or hangs, its batch is in doubt. The connection is broken, a new one takes the chain's lock
 * (which proves that the old one's backend is gone) and the head tells: it stands behind the batch, and everything in
 * it is durable; or before it, and who still waits is written again. A decision whose caller had already been
 * refused may thus be durable: it is closed as INCOMPLETE, since nothing was forwarded for it.
 */
export class ChainWriter {
  readonly #deps: WriterDeps;
  #session: WriterSession | undefined;
  #head: ChainHead | undefined;
  #inDoubt: InDoubt | undefined;
  /** Durable decisions without a completion, by id, in order of their place. */
  readonly #open = new Map<string, number>();
  #maxRows: number;
  #stopped = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: WriterDeps) {
    this.#deps = deps;
    this.#maxRows = deps.limits.batchRows;
  }

  /** Connects, opens this epoch's chain and begins to write. Rejects when the database is not there. */
  async start(): Promise<WriterSession> {
    const session = await this.#connect();
    this.#running = this.#run();
    return session;
  }

  get connected(): boolean {
    return this.#session !== undefined;
  }

  get chain(): string | undefined {
    return this.#head?.chain;
  }

  /** Something is queued, or the connection broke. */
  wake(): void {
    this.#wake();
  }

  /** Ends without waiting for what is queued. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    this.#session?.destroy();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stopped) {
      try {
        const session = this.#session ?? (await this.#connect());
        const entries = this.#deps.queue.take(this.#maxRows);
        if (entries.length > 0) await this.#write(session, entries);
        else await this.#sleep();
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        this.#disconnect();
        this.#deps.log({ event: 'ledger_connect_failed', error: errorCode(error) });
        await this.#sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    this.#session?.destroy();
  }

  async #sleep(ms?: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        // A pause between attempts is not cut short by each record that queues meanwhile.
        if (timer !== undefined && !this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #connect(): Promise<WriterSession> {
    const before = this.#head;
    const session = await this.#deps.store.connect(before?.chain);
    try {
      if (before !== undefined) await this.#resume(session, before);
      if (this.#head === undefined) await this.#openChain(session);
    } catch (error) {
      session.destroy();
      throw error;
    }
    this.#session = session;
    void session.ended.then(() => {
      if (this.#session !== session || this.#stopped) return;
      this.#disconnect();
      this.#wake();
    });
    return session;
  }

  /** Back on our chain: settles what was in doubt, and gives the chain up if another closed or moved it. */
  async #resume(session: WriterSession, before: ChainHead): Promise<void> {
    if (!(await session.lockOwn(before.chain))) throw auditUnavailable('the chain is still locked');
    const found = await session.head(before.chain);
    const doubt = this.#inDoubt;
    if (doubt !== undefined) {
      const committed = found?.seq === doubt.batch.lastSeq && found.hash.equals(doubt.batch.hash);
      this.#inDoubt = undefined;
      this.#deps.log({ event: 'ledger_settled', committed, records: doubt.entries.length });
      if (committed) this.#committed(doubt);
      else this.#deps.queue.putBack(doubt.entries);
    }
    const own = this.#head;
    if (own !== undefined && found?.seq === own.seq && found.hash.equals(own.hash) && !found.closed) return;
    this.#lose(before.chain);
  }

  async #openChain(session: WriterSession): Promise<void> {
    const chain = this.#deps.createId();
    const { instance } = this.#deps;
    const openedMs = this.#deps.now();
    const head = {
      chain,
      instance,
      openedMs,
      seq: 0,
      hash: genesisHash(chain, instance, openedMs),
      closed: false,
    };
    if (!(await session.lockOwn(chain))) throw auditUnavailable('a new chain is locked');
    await session.openChain(head);
    this.#head = head;
    this.#deps.log({ event: 'ledger_chain_opened', chain });
  }

  async #write(session: WriterSession, entries: readonly Entry[]): Promise<void> {
    const head = this.#head;
    if (head === undefined) {
      this.#deps.queue.putBack(entries);
      throw auditUnavailable('no chain is open');
    }
    const { batch, rows } = buildBatch(head, entries);
    const doubt = { batch, rows, entries };
    this.#inDoubt = doubt;
    const result = await session.append(batch, rows, this.#settledSeq(head.seq));
    this.#inDoubt = undefined;
    if (result === 'appended') {
      this.#committed(doubt);
      this.#maxRows = Math.min(this.#maxRows * 2, this.#deps.limits.batchRows);
    } else if (result === 'fenced') {
      this.#deps.queue.putBack(entries);
      this.#lose(head.chain);
      await this.#openChain(session);
    } else {
      await this.#isolate(session, rows, entries);
    }
  }

  /** One row spoils its batch: halve it until the row stands alone, so that the others go through. */
  async #isolate(
    session: WriterSession,
    rows: readonly ChainRow[],
    entries: readonly Entry[],
  ): Promise<void> {
    const [row] = rows;
    const [entry] = entries;
    if (row === undefined || entry === undefined || entries.length > 1) {
      this.#deps.queue.putBack(entries);
      this.#maxRows = Math.max(1, entries.length >> 1);
      return;
    }
    const stored = await session.header(row).catch((error: unknown) => {
      this.#deps.queue.putBack(entries);
      throw error;
    });
    if (stored !== undefined && sameContent(stored, row.header)) {
      this.#deps.queue.succeed(entries);
      return;
    }
    this.#deps.log({ event: 'ledger_record_refused', type: row.type });
    this.#deps.queue.refuse(
      entry,
      new RangeError('the record id is taken, or the database cannot hold the record'),
    );
  }

  #committed({ batch, rows, entries }: InDoubt): void {
    if (this.#head !== undefined) this.#head = { ...this.#head, seq: batch.lastSeq, hash: batch.hash };
    for (const [index, entry] of entries.entries()) {
      if (entry.type === 'DECISION') this.#open.set(entry.id, batch.firstSeq + index);
      if (entry.type === 'COMPLETION' || entry.type === 'INCOMPLETE') this.#open.delete(entry.id);
    }
    this.#deps.onDurable(
      batch.chain,
      rows.map((row) => row.leaf),
    );
    const late = this.#deps.queue.succeed(entries);
    if (late.length > 0) this.#deps.onLate(late);
  }

  /** Up to where every decision of this chain has been closed; insertion order is order of place. */
  #settledSeq(headSeq: number): number {
    const [oldest] = this.#open.values();
    return oldest === undefined ? headSeq : oldest - 1;
  }

  #lose(chain: string): void {
    this.#head = undefined;
    this.#open.clear();
    this.#deps.log({ event: 'ledger_chain_lost', chain });
  }

  #disconnect(): void {
    if (this.#session === undefined) return;
    this.#session.destroy();
    this.#session = undefined;
    this.#deps.log({ event: 'ledger_disconnected', inDoubt: this.#inDoubt?.entries.length ?? 0 });
  }
}

/** A code or a class name, never a message: those may quote values. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
