import { CordonError } from '../../domain/errors.ts';
import { type PolicyEngine, type PolicySnapshot } from '../../domain/policy.ts';
import { type PolicyAlert, sendAlert } from '../snapshot.ts';
import { type VersionBuilder } from './in-force.ts';
import { type InForce, type PolicyFeed } from './ports.ts';

export interface FollowerOptions {
  readonly feed: PolicyFeed;
  readonly builder: Pick<VersionBuilder, 'load'>;
  /** Names this process in its receipts. */
  readonly instance: string;
  /** How often to ask, whether or not anybody said that something changed. */
  readonly pollMs: number;
  /** How long after it was last confirmed a snapshot may still be enforced. */
  readonly stalenessMs: number;
  /** Milliseconds that only grow: a clock that is set back must not make old news fresh. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the epoch, for status. */
  readonly clock: () => number;
  readonly onAlert: (alert: PolicyAlert) => void;
  /** Told when this process has begun to enforce another number; a rejection has it told again. */
  readonly onEnforced: (row: InForce) => Promise<void>;
}

export interface FollowerStatus extends InForce {
  readonly enforcedSinceMs: number;
  /** False when this process could not confirm its version for too long, and so serves nothing. */
  readonly fresh: boolean;
}

export interface PolicyFollower extends PolicyEngine {
  /** Enforces what is in force; rejects when that cannot be had. Follows it from then on. */
  start(): Promise<void>;
  /** Somebody says that something changed. Resolves once this process has looked. */
  poke(): Promise<void>;
  status(): FollowerStatus | undefined;
  close(): Promise<void>;
}

const SEEN_EVERY_MS = 5_000;

/** Follows what is in force in the database: each change is built aside and put in force by one assignment. */
export function createPolicyFollower(options: FollowerOptions): PolicyFollower {
  return new Follower(options);
}

interface Enforced {
  readonly row: InForce;
  readonly snapshot: PolicySnapshot;
  readonly sinceMs: number;
}

class Follower implements PolicyFollower {
  readonly #options: FollowerOptions;
  #enforced: Enforced | undefined;
  #confirmedAtMs = 0;
  #receiptAtMs: number | undefined;
  /** The number that `onEnforced` was told last. */
  #told = 0;
  /** An outage is told once, not at every look. */
  #failing = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#schedule();
  }

  current(minimum?: string): PolicySnapshot {
    const enforced = this.#enforced;
    if (enforced === undefined) {
      throw new CordonError('policy_unavailable', 'No policy is in force, so nothing is allowed.');
    }
    if (!this.#fresh()) {
      throw new CordonError(
        'policy_unavailable',
        'This process cannot tell whether its policy is still in force, so it allows nothing.',
        { detail: `number ${enforced.row.number} not confirmed`, retryAfterS: 1 },
      );
    }
    if (minimum !== undefined) checkMinimum(minimum, enforced);
    return enforced.snapshot;
  }

  /** One look at a time; whoever asks meanwhile gets the one after, which sees what they know. */
  poke(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#looking === undefined) return this.#lookSafely();
    this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return this.#closed ? undefined : this.#lookSafely();
    });
    return this.#next;
  }

  status(): FollowerStatus | undefined {
    const enforced = this.#enforced;
    if (enforced === undefined) return undefined;
    return { ...enforced.row, enforcedSinceMs: enforced.sinceMs, fresh: this.#fresh() };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#next;
    await this.#looking;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.poke().finally(() => {
        this.#schedule();
      });
    }, this.#options.pollMs);
    this.#timer.unref();
  }

  #lookSafely(): Promise<void> {
    this.#looking = this.#look()
      .catch((error: unknown) => {
        // What is enforced stays so until it is too old; then nothing is allowed.
        const detail = error instanceof Error ? error.name : typeof error;
        if (!this.#failing) sendAlert(this.#options.onAlert, { kind: 'load_failed', detail });
        this.#failing = true;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { feed, builder, monotonicMs, clock } = this.#options;
    // The answer is as old as the question.
    const askedAtMs = monotonicMs();
    const row = await feed.settle();
    if (row === undefined) {
      this.#enforced = undefined;
      throw new RangeError('no version is in force');
    }
    if (row.number !== this.#enforced?.row.number) {
      const snapshot = await builder.load(row);
      this.#enforced = { row, snapshot, sinceMs: clock() };
      this.#receiptAtMs = undefined;
    }
    this.#confirmedAtMs = askedAtMs;
    await this.#receipt(row, askedAtMs);
    this.#failing = false;
  }

  /** A receipt that cannot be written takes nothing out of force; the next look writes it. */
  async #receipt(row: InForce, nowMs: number): Promise<void> {
    const { feed, instance, onEnforced } = this.#options;
    if (this.#receiptAtMs === undefined || nowMs - this.#receiptAtMs >= SEEN_EVERY_MS) {
      await feed.receipt(instance, row.number, row.hash);
      this.#receiptAtMs = nowMs;
    }
    if (this.#told !== row.number) {
      await onEnforced(row);
      this.#told = row.number;
    }
  }

  #fresh(): boolean {
    return this.#options.monotonicMs() - this.#confirmedAtMs <= this.#options.stalenessMs;
  }
}

/** By number, since numbers only grow; by hash, when that very hash is in force, for an old one may come back. */
function checkMinimum(minimum: string, { row }: Enforced): void {
  const enough = /^\d{1,15}$/.test(minimum)
    ? row.number >= Number(minimum)
    : minimum === row.hash || minimum === row.base;
  if (enough) return;
  throw new CordonError(
    'policy_stale',
    'This process does not enforce the version that Cordon-Policy-Minimum asks for yet.',
    { detail: `number ${row.number}`, retryAfterS: 1 },
  );
}
