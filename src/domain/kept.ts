import { type Principal } from './principal.ts';

/** An id under which a runner keeps something of a call: a response, an item of one, a conversation, a chat completion, a container. */
export interface KeptName {
  readonly kind: 'response' | 'item' | 'conversation' | 'completion' | 'container';
  readonly id: string;
}

/** What must be known of a call to understand, later, what a runner kept of it. */
export interface KeptCall {
  readonly requestId: string;
  /** The person whose data this is; the originals are sealed under this person's key. */
  readonly dataSubject: string;
  readonly runner: string;
  readonly model: string;
  /** How values go back into what was answered. */
  readonly answer: 'text' | 'json';
  /** Placeholder → original, of this call alone. */
  readonly originals: Readonly<Record<string, string>>;
  /** Request ids of the calls it built on, however indirectly, that had originals. */
  readonly builtOn: readonly string[];
}

export interface RecalledCall extends Omit<KeptCall, 'dataSubject'> {
  /** With those of the calls it built on, as far as they can still be read. */
  readonly originals: Readonly<Record<string, string>>;
}

/**
 * What runners keep, and whose it is. Every method rejects with `audit_unavailable` when the database does not answer.
 */
export interface KeptCalls {
  /** Durable before it resolves. A second call with the same request id only adds names. */
  keep(owner: Principal, call: KeptCall, names: readonly KeptName[]): Promise<void>;
  /** Adds names to a call that was kept. */
  claim(owner: Principal, requestId: string, names: readonly KeptName[]): Promise<void>;
  /**
   * In the order of the names. Undefined for what is not this owner's: never seen, expired, deleted, somebody else's
   * or given to two; nothing tells these apart, neither the answer nor the work done for it. `hold`: told how much
   * is about to be read into memory; it may throw.
   */
  find(
    owner: Principal,
    names: readonly KeptName[],
    hold?: (bytes: number) => void,
  ): Promise<readonly (RecalledCall | undefined)[]>;
  /** The ids are gone at once; the originals with them, unless a later call builds on them. */
  forget(owner: Principal, requestId: string): Promise<void>;
}
