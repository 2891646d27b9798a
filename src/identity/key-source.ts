import { type CryptoKey, type JWSHeaderParameters } from 'jose';
import { type KeySet } from './key-set.ts';
import { keysUnavailable } from './refusal.ts';

/** Where an issuer's keys come from. */
export interface KeySource {
  /** Rejects with `unauthenticated` (no such key) or `identity_unavailable` (the keys cannot be had). */
  find(header: JWSHeaderParameters): Promise<CryptoKey>;
  /** Reads the keys again now; a failure keeps those at hand and rejects with `identity_unavailable`. */
  reload(): Promise<void>;
}

export interface RefreshingOptions {
  /** The keys as they are now, or `unchanged` since the last call; rejects on any doubt. */
  readonly read: () => Promise<KeySet | 'unchanged'>;
  readonly clock: () => number;
  /** A set younger than this is used without a look at its origin. */
  readonly freshMs: number;
  /** The least time between two reads, whatever kids the tokens name. */
  readonly cooldownMs: number;
  /** The least time between two reads after a failed one. */
  readonly retryMs: number;
  /** How long keys outlive an origin that fails. */
  readonly staleMs: number;
}

export function fixedKeys(keys: KeySet): KeySource {
  return { find: (header) => keys.find(header), reload: () => Promise.resolve() };
}

/**
 * Keys read again when they age or when a token names an unknown one. jose's remote set does the first half of
 * this; it has no bound on reads while the origin fails, takes no clock, and forgets known keys at once when they age.
 */
export function refreshingKeys(options: RefreshingOptions): KeySource {
  const { read, clock, freshMs, cooldownMs, retryMs, staleMs } = options;
  let keys: KeySet | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failed = false;
  let pending: Promise<void> | undefined;

  const readOnce = async (): Promise<void> => {
    triedAt = clock();
    try {
      const next = await read();
      if (next !== 'unchanged') keys = next;
      readAt = clock();
      failed = false;
    } catch {
      failed = true;
    }
  };
  /** Concurrent callers share one read. */
  const refresh = async (): Promise<void> => {
    pending ??= readOnce().finally(() => (pending = undefined));
    await pending;
  };
  const mayRead = () => pending !== undefined || clock() - triedAt >= (failed ? retryMs : cooldownMs);
  const age = () => clock() - readAt;
  const unavailable = () => keysUnavailable(Math.ceil(retryMs / 1000));

  return {
    async find(header) {
      if ((keys === undefined || age() >= freshMs) && mayRead()) await refresh();
      else if (keys?.has(header) === false && header.kid !== undefined && mayRead()) await refresh();
      if (keys === undefined) throw unavailable();
      // While reads fail, a known key serves on until it is too old; an unknown one may be new, and we cannot tell.
      const known = keys.has(header);
      if (known ? age() >= staleMs : failed) throw unavailable();
      return keys.find(header);
    },
    async reload() {
      if (pending !== undefined) await pending;
      await refresh();
      if (failed) throw unavailable();
    },
  };
}
