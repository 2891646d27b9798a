import { CordonError } from '../domain/errors.ts';
import { TOKEN_BYTES, type Draft, type RecordType } from './draft.ts';
import { type SealedRecord } from './seal.ts';

export interface LedgerLimits {
  /** How long a caller waits for its record to be durable, and how long a statement may take. */
  readonly deadlineMs: number;
  /** Records admitted and not yet settled. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly batchRows: number;
  readonly batchBytes: number;
}

export const LEDGER_LIMITS: LedgerLimits = {
  deadlineMs: 2_000,
  maxRecords: 4_096,
  maxBytes: 64 * 1024 * 1024,
  batchRows: 256,
  batchBytes: 8 * 1024 * 1024,
};

const RETRY_AFTER_S = 1;

export function auditUnavailable(detail: string, cause?: unknown): CordonError {
  return new CordonError(
    'audit_unavailable',
    'The audit record could not be written, so the call was denied.',
    {
      detail,
      retryAfterS: RETRY_AFTER_S,
      cause,
    },
  );
}

/**
 * A record on its way. `sealing`: being encrypted. `queued`: waiting for a batch. `sent`: in a batch whose outcome is
 * not known. `settled`: no longer ours.
 */
export interface Entry {
  readonly id: string;
  readonly type: RecordType;
  readonly tenant: string;
  readonly bytes: number;
  state: 'sealing' | 'queued' | 'sent' | 'settled';
  sealed: SealedRecord | undefined;
  /** The caller was told that it failed. */
  abandoned: boolean;
  /** The completion of this decision, when it was handed in before the decision was durable. */
  follower: Entry | undefined;
  /** Settles when the entry leaves `sealing`. */
  readonly ready: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Where records wait for the writer: bounded, first in first out, each with a deadline. A caller that was told its
 * record failed will not find it written later, except when it was already sent and that batch proves committed.
 */
export class AppendQueue {
  readonly #limits: LedgerLimits;
  readonly #seal: (draft: Draft) => Promise<SealedRecord>;
  readonly #onQueued: () => void;
  #retry: Entry[] = [];
  readonly #queued = new Set<Entry>();
  readonly #all = new Set<Entry>();
  readonly #decisions = new Map<string, Entry>();
  #bytes = 0;
  #drained: (() => void) | undefined;

  constructor(limits: LedgerLimits, seal: (draft: Draft) => Promise<SealedRecord>, onQueued: () => void) {
    this.#limits = limits;
    this.#seal = seal;
    this.#onQueued = onQueued;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Resolves once the record is durable; rejects with `audit_unavailable` otherwise. */
  submit(draft: Draft): Promise<void> {
    const indexed = (draft.tokens?.length ?? 0) * TOKEN_BYTES;
    const bytes = draft.payloads.reduce((sum, { text }) => sum + Buffer.byteLength(text), 1024 + indexed);
    if (this.#all.size >= this.#limits.maxRecords || this.#bytes + bytes > this.#limits.maxBytes) {
      return Promise.reject(auditUnavailable('the ledger queue is full'));
    }
    return new Promise((resolve, reject) => {
      let ready: () => void = () => undefined;
      const entry: Entry = {
        id: draft.id,
        type: draft.type,
        tenant: draft.tenant,
        bytes,
        state: 'sealing',
        sealed: undefined,
        abandoned: false,
        follower: undefined,
        ready: new Promise((done) => (ready = done)),
        resolve,
        reject,
        timer: setTimeout(() => {
          this.#expire(entry);
        }, this.#limits.deadlineMs),
      };
      this.#all.add(entry);
      this.#bytes += bytes;
      const leader = this.#follow(entry);
      this.#prepare(entry, draft, leader).then(ready, (error: unknown) => {
        const known =
          error instanceof RangeError || error instanceof TypeError || error instanceof CordonError;
        this.refuse(entry, known ? error : auditUnavailable('a record could not be encrypted', error));
        ready();
      });
    });
  }

  /** The next records, oldest first: at least one when any is queued, otherwise within both bounds. */
  take(maxRows: number): readonly Entry[] {
    const taken: Entry[] = [];
    let bytes = 0;
    for (const entry of this.#waiting()) {
      if (taken.length >= maxRows || (bytes > 0 && bytes + entry.bytes > this.#limits.batchBytes)) break;
      bytes += entry.bytes;
      taken.push(entry);
    }
    for (const entry of taken) {
      entry.state = 'sent';
      this.#queued.delete(entry);
    }
    this.#retry = this.#retry.filter((entry) => entry.state === 'queued');
    return taken;
  }

  *#waiting(): Iterable<Entry> {
    yield* this.#retry;
    yield* this.#queued;
  }

  /** The batch was not committed: who still waits goes back to the front, who was told it failed is dropped. */
  putBack(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.abandoned) this.refuse(entry, auditUnavailable('deadline'));
      else if (entry.state === 'sent') entry.state = 'queued';
    }
    this.#retry = [...entries.filter((entry) => entry.state === 'queued'), ...this.#retry];
  }

  /** The batch is durable. Returns the decisions without a completion whose callers had been told otherwise. */
  succeed(entries: readonly Entry[]): readonly Entry[] {
    for (const entry of entries) {
      this.#forget(entry);
      entry.resolve();
    }
    return entries.filter(
      (entry) => entry.abandoned && entry.type === 'DECISION' && entry.follower === undefined,
    );
  }

  /** This entry will not be written, nor will the completion that follows it. */
  refuse(entry: Entry, error: unknown): void {
    if (entry.state === 'settled') return;
    this.#forget(entry);
    entry.reject(error);
    if (entry.follower !== undefined) this.refuse(entry.follower, error);
  }

  refuseAll(error: unknown): void {
    for (const entry of this.#all) this.refuse(entry, error);
  }

  /** Resolves when nothing is on its way any more. */
  async drained(): Promise<void> {
    if (this.#all.size === 0) return;
    await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  /** A completion must not overtake its decision, whichever is encrypted first. */
  #follow(entry: Entry): Entry | undefined {
    if (entry.type === 'DECISION') this.#decisions.set(entry.id, entry);
    if (entry.type !== 'COMPLETION') return undefined;
    const leader = this.#decisions.get(entry.id);
    if (leader !== undefined) leader.follower = entry;
    return leader;
  }

  async #prepare(entry: Entry, draft: Draft, leader: Entry | undefined): Promise<void> {
    const sealed = await this.#seal(draft);
    if (leader?.state === 'sealing') await leader.ready;
    if (entry.state !== 'sealing') return;
    entry.sealed = sealed;
    entry.state = 'queued';
    this.#queued.add(entry);
    this.#onQueued();
  }

  #expire(entry: Entry): void {
    if (entry.state === 'sent') {
      entry.abandoned = true;
      entry.reject(auditUnavailable('deadline'));
    } else {
      this.refuse(entry, auditUnavailable('deadline'));
    }
  }

  #forget(entry: Entry): void {
    if (entry.state === 'settled') return;
    entry.state = 'settled';
    entry.sealed = undefined;
    clearTimeout(entry.timer);
    this.#queued.delete(entry);
    this.#retry = this.#retry.length === 0 ? this.#retry : this.#retry.filter((other) => other !== entry);
    this.#all.delete(entry);
    this.#bytes -= entry.bytes;
    if (this.#decisions.get(entry.id) === entry) this.#decisions.delete(entry.id);
    if (this.#all.size === 0) this.#drained?.();
  }
}
