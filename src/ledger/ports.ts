/** What the ledger needs from a database. store/ implements it; nothing here knows SQL. */

import { type Facts } from './search/facts.ts';
import { type Token } from './search/tokens.ts';

/** A record in its final form: what is stored and what its leaf covers. */
export interface ChainRow {
  readonly seq: number;
  readonly requestId: string;
  readonly type: string;
  readonly tenant: string;
  readonly atMs: number;
  /** First day of the month of `atMs`, `YYYY-MM-01` (UTC). */
  readonly period: string;
  readonly header: string;
  readonly leaf: Buffer;
  readonly fields: SealedFields<Buffer>;
  readonly index: IndexRow;
}

/** What a record is found by. Not evidence: see search/. */
export interface IndexRow extends Facts {
  readonly tokens: readonly Token[];
}

/** One value for each sealed field that is there. */
export interface SealedFields<T> {
  readonly context?: T;
  readonly body?: T;
  readonly findings?: T;
  readonly response?: T;
}

export type SealedFieldName = keyof SealedFields<unknown>;

export interface Batch {
  readonly chain: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** RFC 6962 tree hash over the leaves of the rows. */
  readonly root: Buffer;
  readonly prev: Buffer;
  readonly hash: Buffer;
}

export interface ChainHead {
  readonly chain: string;
  readonly instance: string;
  readonly openedMs: number;
  readonly seq: number;
  readonly hash: Buffer;
  readonly closed: boolean;
}

/**
 * `appended`: durable. `fenced`: nothing was written, the head was not where the writer left it. `refused`: nothing
 * was written, the database refuses one of the rows as data (a repeated id, a value it cannot hold).
 */
export type AppendResult = 'appended' | 'fenced' | 'refused';

/** A decision that nothing has closed. */
export interface OpenDecision {
  readonly seq: number;
  readonly requestId: string;
  readonly tenant: string;
}

/**
 * One database session with the writer's rights. Every method rejects when the session's deadline passes, and the
 * session is then dead: whether the statement took effect is unknown until the next session looks.
 */
export interface WriterSession {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>;
  /** Takes the lock of the chain this session is to write; false when another living session holds it. */
  lockOwn(chain: string): Promise<boolean>;
  /** Takes another chain's lock, until `unlock` or the session's end. */
  lock(chain: string): Promise<boolean>;
  unlock(chain: string): Promise<void>;
  openChain(head: ChainHead): Promise<void>;
  head(chain: string): Promise<ChainHead | undefined>;
  /** Rows and batch in one transaction, only if the chain's head is still at `batch.firstSeq - 1`. */
  append(batch: Batch, rows: readonly ChainRow[], settledSeq: number): Promise<AppendResult>;
  /** The stored header of a record id, if there is one. */
  header(row: Pick<ChainRow, 'requestId' | 'type' | 'period'>): Promise<string | undefined>;
  /** Chains not closed, oldest first. */
  openChains(): Promise<readonly ChainHead[]>;
  openDecisions(chain: string, afterSeq: number, limit: number): Promise<readonly OpenDecision[]>;
  closeChain(chain: string): Promise<void>;
  /** Breaks the connection at once, whatever it is waiting for. */
  destroy(): void;
}

export interface LedgerStore {
  /**
   * Opens a session; when `chain` is given, first ends what an earlier, broken session of that chain left running.
   * Rejects when the database cannot promise durability.
   */
  connect(chain: string | undefined): Promise<WriterSession>;
  /**
   * Creates the partitions of this month and the next where missing, those of the index included, and drops those of the
   * index whose records are gone.
   */
  ensurePartitions(atMs: number): Promise<void>;
  /** True when the database answers. */
  ping(): Promise<boolean>;
}

/** A record as stored, with those of its payloads that were asked for. */
export interface FoundRow extends Omit<ChainRow, 'fields' | 'index'> {
  readonly fields: SealedFields<Buffer>;
}

/** As verification reads it: with the SHA-256 of every payload there is. */
export interface StoredRow extends FoundRow {
  readonly digests: SealedFields<Buffer>;
}

export interface RecordFilter {
  readonly tenant?: string;
  readonly requestId?: string;
  /** Any of these. */
  readonly requestIds?: readonly string[];
  readonly types?: readonly string[];
  /** Inclusive, milliseconds since the epoch. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Only records whose id sorts before this one: the last id of the page before. */
  readonly beforeId?: string;
}

/** A month that retention dropped, and the RETENTION_STARTED record it went by, at its place. */
export interface StoredDrop {
  readonly start: string;
  readonly month: string;
  readonly chain: string;
  readonly seq: number;
  readonly header: string;
}

/** Leaves of dropped records, 32 bytes each, from `firstSeq` on. */
export interface LeafRun {
  readonly start: string;
  readonly chain: string;
  readonly firstSeq: number;
  readonly leaves: Buffer;
}

/** A stretch of one chain. */
export interface SeqRange {
  readonly chain: string;
  /** Exclusive. */
  readonly afterSeq: number;
  /** Inclusive. */
  readonly upToSeq: number;
}

/** What a verification reads: a database, or a dump of one. */
export interface LedgerSource {
  /** All chains, in the order they were opened. */
  chains(): Promise<readonly ChainHead[]>;
  /** At most `limit` batches in order of `firstSeq`. */
  batches(chain: string, afterSeq: number, limit: number): Promise<readonly Batch[]>;
  /** At most `limit` rows in order of `seq`. Of the payloads, only those named are read. */
  rows(
    chain: string,
    afterSeq: number,
    limit: number,
    payloads: readonly SealedFieldName[],
  ): Promise<readonly StoredRow[]>;
  /** Chains that records or batches name but the list of chains does not. */
  strayChains(): Promise<readonly string[]>;
  /** Oldest first. */
  drops(): Promise<readonly StoredDrop[]>;
  /** At most `limit` runs of one chain, in order of `firstSeq`. */
  chainRuns(chain: string, afterSeq: number, limit: number): Promise<readonly LeafRun[]>;
  /** At most `limit` runs of one drop behind the given one, in order of chain and place. */
  dropRuns(
    start: string,
    after: Pick<LeafRun, 'chain' | 'firstSeq'> | undefined,
    limit: number,
  ): Promise<readonly LeafRun[]>;
}

/** Read access, with the reader's rights. */
export interface RecordSource extends LedgerSource {
  /** What the filter finds in a stretch of a chain: at most `limit` rows in order of `seq`. */
  select(
    filter: RecordFilter,
    range: SeqRange,
    limit: number,
    payloads: readonly SealedFieldName[],
  ): Promise<readonly StoredRow[]>;
  /** Newest first by record id. Of the payloads, only those named are read. */
  find(
    filter: RecordFilter,
    limit: number,
    payloads: readonly SealedFieldName[],
  ): Promise<readonly FoundRow[]>;
}
