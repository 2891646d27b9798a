import { type JsonObject } from './json.ts';
import { type Principal } from './principal.ts';

/** A person as their issuer knows them. Two issuers may know one person twice: who runs Cordon sees to that. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

export const PROPOSAL_STATES = ['pending', 'approved', 'executed', 'failed', 'rejected', 'expired'] as const;
/** `approved` lasts while the work is being done, or until it is taken up again after a crash. */
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Something that one person asks for and another must approve before it is done. */
export interface Proposal {
  readonly id: string;
  /** What would be done, such as `audit.export`; names the executor. */
  readonly kind: string;
  readonly tenant: string;
  readonly author: Person;
  readonly body: JsonObject;
  /**
   * SHA-256, hex, over kind, tenant, body and a nonce: an approval names it, so that nobody approves what they have not
   * seen. The nonce keeps it from telling anything about the body.
   */
  readonly hash: string;
  /** Not told to anybody; for who proves to the database what the hash is over. */
  readonly nonce: string;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly state: ProposalState;
  /** Who approved or rejected it. */
  readonly decider: Person | undefined;
  readonly decidedMs: number | undefined;
  /** Of a rejection. */
  readonly reason: string | undefined;
  /** What the executor returned; of a failure `{code, message}`. */
  readonly result: JsonObject | undefined;
}

/**
 * Does what was approved and returns what is to be told. Runs again after a crash, so it must be idempotent (by
 * `proposal.id`); long work is enqueued by it, not done. A CordonError below 500 fails the proposal for good, anything
 * else leaves it approved, to be taken up again.
 */
export type Executor = (proposal: Proposal) => Promise<JsonObject>;

export interface ProposalFilter {
  readonly state?: ProposalState | undefined;
  readonly kind?: string | undefined;
  /** Only those that were made before this one. */
  readonly beforeId?: string | undefined;
}

/** Everything is bound to the tenant of the person who asks: what is another tenant's does not exist. */
export interface Proposals {
  /** Durable, and recorded as PROPOSED, when it resolves. Undefined `lifeMs`: 24 hours. */
  propose(principal: Principal, kind: string, body: JsonObject, lifeMs?: number): Promise<Proposal>;
  find(principal: Principal, id: string): Promise<Proposal | undefined>;
  /** Newest first. */
  list(principal: Principal, filter: ProposalFilter, limit: number): Promise<readonly Proposal[]>;
  /** Recorded as APPROVED before anything is done; then executes. Rejects for the author's own and for another hash. */
  approve(principal: Principal, id: string, hash: string): Promise<Proposal>;
  /** Also how an author takes a proposal back. */
  reject(principal: Principal, id: string, reason: string): Promise<Proposal>;
  /** Takes up what was approved and not finished. Never rejects. */
  resume(): Promise<void>;
}
