import { type SystemRecordType } from '../../domain/record.ts';

/** What holds, erasures and drops need from a database. store/ implements it; nothing here knows SQL. */

/** Whom and when a hold covers, within one tenant. Without persons, everybody; without times, always. */
export interface HoldScope {
  /** Pseudonyms of data subjects (32 bytes each). */
  readonly subjects: readonly Buffer[];
  /** Pseudonyms of callers. */
  readonly principals: readonly Buffer[];
  /** Inclusive, milliseconds since the epoch; of the records. */
  readonly fromMs: number | undefined;
  /** Exclusive. */
  readonly toMs: number | undefined;
}

export interface Hold extends HoldScope {
  readonly id: string;
  readonly tenant: string;
  /** Counsel's own name of the case; no personal data. */
  readonly matter: string;
  /** Pseudonym of who placed it. */
  readonly author: Buffer;
  readonly placedMs: number;
}

export interface ListedHold extends Hold {
  readonly releasedMs: number | undefined;
}

export type UndertakingKind = 'hold' | 'erasure' | 'drop';

/** What was begun and must be carried on after a crash; the records of an undertaking share its id. */
export interface Undertakings {
  begin(id: string, kind: UndertakingKind, atMs: number): Promise<void>;
  end(id: string): Promise<void>;
  /** Those begun before this moment. */
  unfinished(kind: UndertakingKind, beforeMs: number): Promise<readonly string[]>;
  /** Whether this record is durable. */
  recorded(id: string, type: SystemRecordType): Promise<boolean>;
}

export interface HoldStore {
  /** In force once it resolves; begins an undertaking of kind `hold`. */
  place(hold: Hold): Promise<void>;
  /** Does what the HOLD_RELEASED record of this id says. */
  release(release: string): Promise<void>;
  find(id: string): Promise<ListedHold | undefined>;
  /** Newest first; of every tenant when none is given. */
  list(tenant: string | undefined): Promise<readonly ListedHold[]>;
}

/**
 * `destroyed`: now, or by an earlier call. `held`, `preserved` (by terms of retention without shredding): nothing was
 * destroyed. `refused`: an earlier call was told so.
 */
export interface Destruction {
  readonly outcome: 'destroyed' | 'held' | 'preserved' | 'refused';
  readonly tenant: string;
  readonly subject: Buffer;
  /** Pseudonym, hex, of who asked, as the intent says. */
  readonly by: string;
  readonly deks: readonly string[];
  /** Calls whose originals were kept for stored responses, and are gone now. */
  readonly kept: number;
  readonly atMs: number;
  /** Matters of the holds that forbid it. */
  readonly matters: readonly string[];
}

export interface ErasureStore {
  /** Does what the ERASURE_STARTED record of this id says, in one transaction; repeating it changes nothing. */
  destroy(erasure: string): Promise<Destruction>;
  /** What others indexed before they heard of an erasure of the last hour is found no more. */
  settle(): Promise<void>;
}

export interface DropPlan {
  readonly records: number;
  /** SHA-256 over the runs of leaves; see dropDigest. */
  readonly digest: Buffer;
  /** `<chain> <first seq> <last seq> <records>`, in order of the chain. */
  readonly chains: readonly string[];
}

/** `changed`: the month is not what the record says. `busy`: readers kept the lock; try again. Both know nothing else. */
export interface Drop {
  readonly outcome: 'dropped' | 'held' | 'not_due' | 'absent' | 'changed' | 'busy';
  readonly month: string;
  readonly records: number;
  readonly keysDestroyed: number;
  readonly atMs: number;
  readonly matters: readonly string[];
}

export interface RetentionMonth {
  /** First day, `YYYY-MM-01`. */
  readonly month: string;
  /** The day from which it may go; undefined when nothing says how long to keep it. */
  readonly due: string | undefined;
  /** Matters whose holds keep it. */
  readonly matters: readonly string[];
}

export interface DroppedMonth {
  readonly month: string;
  readonly records: number;
  readonly droppedMs: number;
}

export interface RetentionTerms {
  /** Empty: Cordon itself, and every tenant without terms of its own. */
  readonly tenant: string;
  readonly days: number;
  /** Whether data subjects' keys may be destroyed. */
  readonly shredding: boolean;
}

export interface RetentionStore {
  /** Terms in the database only become stricter; its owner alone can loosen them. */
  demand(terms: RetentionTerms): Promise<void>;
  terms(): Promise<readonly RetentionTerms[]>;
  /** Months that have a partition of their own, oldest first; only those past their time, where wanted. */
  months(onlyDue: boolean): Promise<readonly RetentionMonth[]>;
  dropped(): Promise<readonly DroppedMonth[]>;
  /** Records that no monthly partition took, which are therefore never dropped. */
  unpartitioned(): Promise<number>;
  plan(month: string): Promise<DropPlan>;
  /** Does what the RETENTION_STARTED record of this id says; repeating it changes nothing. */
  drop(start: string): Promise<Drop>;
  /** Undefined when another process is at it. */
  exclusively<T>(work: () => Promise<T>): Promise<T | undefined>;
}
