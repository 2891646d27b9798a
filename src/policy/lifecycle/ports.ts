import { type Json } from '../../domain/json.ts';
import { type ExceptionKind, type StoredException } from './exception.ts';

/** A person as the issuer of their token vouched for them. Two are the same when both parts are. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

/** One row of what was in force: a version and what stood beside it, from `sinceMs` until the next number. */
export interface InForce {
  readonly number: number;
  readonly activation: string;
  /** Hash of the version. */
  readonly base: string;
  /** Hash of the version and the exceptions beside it. */
  readonly hash: string;
  readonly sinceMs: number;
}

export interface VersionHead {
  readonly hash: string;
  readonly name: string;
  /** Undefined for what was imported from the configured file. */
  readonly author: Person | undefined;
  readonly note: string;
  readonly ticket: string;
  readonly createdMs: number;
}

export interface Activation {
  readonly id: string;
  readonly kind: 'import' | 'activate' | 'rollback';
  readonly hash: string;
  readonly proposer: Person | undefined;
  readonly approver: Person | undefined;
  readonly approvedMs: number;
  readonly fromMs: number;
  readonly untilMs: number | undefined;
  readonly withdrawnMs: number | undefined;
}

export interface ExceptionEntry extends StoredException {
  readonly kind: ExceptionKind;
  readonly author: Person;
  readonly approver: Person | undefined;
  readonly note: string;
  readonly ticket: string;
  readonly endedMs: number | undefined;
  readonly review:
    | {
        readonly by: Person;
        readonly verdict: 'upheld' | 'objected';
        readonly note: string;
        readonly atMs: number;
      }
    | undefined;
}

export interface Simulated {
  readonly hash: string;
  readonly by: Person;
  readonly atMs: number;
  readonly summary: Json;
}

export interface Receipt {
  readonly instance: string;
  readonly number: number;
  readonly hash: string;
  readonly sinceMs: number;
  readonly seenMs: number;
}

/** What a process needs to follow what is in force. Rejects when the database does not answer. */
export interface PolicyFeed {
  /** What is in force now; a change that is due gets its number by being asked for. */
  settle(): Promise<InForce | undefined>;
  /** The canonical bundle; undefined when there is no such version. */
  bundle(hash: string): Promise<string | undefined>;
  /** In force at that instant. `content` is as stored; its hash names it. */
  exceptionsAt(
    atMs: number,
  ): Promise<readonly { readonly content: string; readonly fromMs: number; readonly untilMs: number }[]>;
  receipt(instance: string, number: number, hash: string): Promise<void>;
}

/**
 * Decisions of people, each once and for good. The database refuses what one person may not do alone, with
 * `PolicyRefusal`.
 */
export interface PolicyStore extends PolicyFeed {
  /** False when the version was there already. */
  submit(
    version: { readonly bundle: string; readonly hash: string } & Omit<VersionHead, 'createdMs' | 'author'>,
    by: Person,
  ): Promise<boolean>;
  /** False when there are versions already. */
  importFirst(
    version: { readonly bundle: string; readonly hash: string; readonly name: string },
    id: string,
  ): Promise<boolean>;
  /** Resolves with when it takes effect. The same id again changes nothing. */
  activate(
    decision: Omit<Activation, 'kind' | 'approvedMs' | 'fromMs' | 'withdrawnMs' | 'proposer' | 'approver'> & {
      readonly kind: 'activate' | 'rollback';
      readonly proposer: Person;
      readonly approver: Person;
      /** At once when undefined or past. */
      readonly fromMs: number | undefined;
    },
  ): Promise<number>;
  withdraw(activation: string, by: Person): Promise<void>;
  /** Resolves with when it ends. */
  except(exception: NewException, by: Person): Promise<number>;
  agree(exception: NewException, author: Person, approver: Person): Promise<number>;
  end(exception: string, by: Person): Promise<void>;
  review(exception: string, by: Person, verdict: 'upheld' | 'objected', note: string): Promise<void>;
  simulated(hash: string, by: Person, summary: Json): Promise<void>;

  versions(): Promise<readonly VersionHead[]>;
  activations(): Promise<readonly Activation[]>;
  simulations(): Promise<readonly Simulated[]>;
  /** Newest first. */
  exceptions(limit: number): Promise<readonly ExceptionEntry[]>;
  receipts(): Promise<readonly Receipt[]>;
  /** Newest first. */
  history(limit: number): Promise<readonly InForce[]>;
  /** The first time that this hash, of a version alone or with what stood beside it, was in force. */
  inForce(hash: string): Promise<InForce | undefined>;
}

export interface NewException {
  readonly hash: string;
  readonly kind: ExceptionKind;
  readonly content: string;
  readonly note: string;
  readonly ticket: string;
  readonly lastsMs: number;
}

/** `own`: it takes another person. `unknown`: there is nothing by this name. */
export class PolicyRefusal extends Error {
  override readonly name = 'PolicyRefusal';
  readonly kind: 'own' | 'unknown';
  constructor(kind: 'own' | 'unknown', message: string) {
    super(message);
    this.kind = kind;
  }
}
