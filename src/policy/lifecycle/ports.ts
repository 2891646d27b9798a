import { type Json } from '../../domain/json.ts';
import { type Person, type Proposal } from '../../domain/proposal.ts';
import { type Exception, type StoredException } from './exception.ts';

/** A person, with the tenant under whose key their name is kept. */
export interface Actor extends Person {
  readonly tenant: string;
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

export interface Version {
  readonly hash: string;
  readonly name: string;
  /** Undefined for what was imported from the configured file. */
  readonly author: Person | undefined;
  /** False where the database names an author and Cordon did not. */
  readonly isProven: boolean;
  readonly note: string;
  readonly ticket: string;
  readonly createdMs: number;
}

export interface Activation {
  /** Of the proposal. */
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
  readonly author: Person;
  readonly approver: Person | undefined;
  readonly note: string;
  readonly ticket: string;
  readonly endedMs: number | undefined;
  readonly review: Review | undefined;
}

export interface Review {
  readonly by: Person;
  readonly verdict: 'upheld' | 'objected';
  readonly note: string;
  readonly atMs: number;
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
  /**
   * What is in force now; a change that is due gets its number by being asked for. Rejects when what the database says
   * was not made by Cordon.
   */
  settle(): Promise<InForce | undefined>;
  /** The canonical bundle; undefined when there is no such version. */
  bundle(hash: string): Promise<string | undefined>;
  /** In force at that instant; rejects when one of them was not made by Cordon. */
  exceptionsAt(atMs: number): Promise<readonly StoredException[]>;
  receipt(instance: string, number: number, hash: string): Promise<void>;
}

/**
 * Decisions of people, each made once and for good. The database refuses what one person may not do alone: `PolicyRefusal`.
 */
export interface PolicyStore extends PolicyFeed {
  /** False when the version was there already. */
  submit(version: NewVersion, by: Actor): Promise<boolean>;
  /** False when there are versions already. */
  importFirst(version: Pick<NewVersion, 'hash' | 'bundle' | 'name'>): Promise<boolean>;
  /** Resolves with when it takes effect. Repeating it changes nothing. */
  activate(proposal: Proposal): Promise<number>;
  withdraw(activation: string, by: Actor): Promise<void>;
  /** Resolves with when it ends. */
  except(exception: Exception, by: Actor, lastsMs: number, said: Said): Promise<number>;
  agree(proposal: Proposal, exception: Exception): Promise<number>;
  end(exception: string, by: Actor): Promise<void>;
  review(exception: string, by: Actor, verdict: Review['verdict'], note: string): Promise<void>;
  simulated(hash: string, by: Actor, summary: Json): Promise<void>;

  version(hash: string): Promise<Version | undefined>;
  /** Newest first, like all lists. */
  versions(): Promise<readonly Version[]>;
  activations(): Promise<readonly Activation[]>;
  simulations(): Promise<readonly Simulated[]>;
  exceptions(): Promise<readonly ExceptionEntry[]>;
  exception(hash: string): Promise<ExceptionEntry | undefined>;
  receipts(): Promise<readonly Receipt[]>;
  history(limit: number): Promise<readonly InForce[]>;
  /** The first time that this hash was in force, as a version's or with what stood beside it. */
  inForce(hash: string): Promise<InForce | undefined>;
  /** Emergencies that nobody reviewed. */
  unreviewed(): Promise<number>;
}

export interface NewVersion {
  readonly hash: string;
  readonly bundle: string;
  readonly name: string;
  readonly note: string;
  readonly ticket: string;
}

/** What a person wrote about what they did. */
export interface Said {
  readonly note: string;
  readonly ticket: string;
}

/** `own`: it takes another person, or an approval. `unknown`: there is nothing by this name. */
export class PolicyRefusal extends Error {
  override readonly name = 'PolicyRefusal';
  readonly kind: 'own' | 'unknown';
  constructor(kind: 'own' | 'unknown', message: string) {
    super(message);
    this.kind = kind;
  }
}
