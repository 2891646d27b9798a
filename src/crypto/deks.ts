import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { canonicalize } from './jcs.ts';
import { UnusableKeyError, type Keyring, type WrappedKey } from './keyring.ts';

/** NIST SP 800-38D allows 2^32 random nonces per key; half of it leaves room. */
const MAX_DEK_USES = 2 ** 31;
/** Uses are reserved in the database in blocks, so that processes sharing a key never exceed its bound together. */
const LEASE_USES = 2 ** 16;
const CACHED_KEYS = 4096;
/** How long a process may keep using a key after it was destroyed in the database. */
const CACHE_TTL_MS = 60_000;
const KEY_BYTES = 32;
const MAX_ATTEMPTS = 5;

/** Whose key: one per tenant and month, and one per data subject and month, which an erasure destroys. */
export interface DekOwner {
  readonly kind: 'tenant' | 'subject';
  readonly tenant: string;
  /** Pseudonym of the data subject (32 bytes); empty for a tenant's key. */
  readonly reference: Buffer;
  /** First day of the month, `YYYY-MM-01`. */
  readonly period: string;
}

export interface StoredDek {
  readonly id: string;
  readonly owner: DekOwner;
  /** Undefined once destroyed. */
  readonly wrapped: WrappedKey | undefined;
}

/** Where wrapped keys are kept. */
export interface DekStore {
  /**
   * Reserves `uses` of the owner's newest key; undefined when there is none, it is destroyed, or the reservation
   * would take it beyond `maxUses`.
   */
  lease(owner: DekOwner, uses: number, maxUses: number): Promise<StoredDek | undefined>;
  /**
   * Adds the owner's next key with no uses taken. Does nothing when another process was first; rejects with
   * RetiredKekError when nothing may be wrapped under its KEK any more.
   */
  add(dek: StoredDek, wrapped: WrappedKey): Promise<void>;
  find(id: string): Promise<StoredDek | undefined>;
}

/** A process wrapped under a key that is about to be destroyed: it has not heard of the one that took its place. */
export class RetiredKekError extends Error {
  override readonly name = 'RetiredKekError';
}

export interface Dek {
  readonly id: string;
  readonly key: KeyObject;
}

export interface Deks {
  /** A key with one use taken from its bound; creates or rotates as needed. */
  forSealing(owner: DekOwner): Promise<Dek>;
  /** Undefined when the key is destroyed, or can no longer be unwrapped; rejects when store or keyring fail. */
  forOpening(id: string): Promise<Dek | undefined>;
  /** Forgets the keys of this owner reference, or all of them: some were destroyed in the database. */
  forget(reference: Buffer | undefined): void;
}

interface Lease {
  readonly dek: Dek;
  readonly reference: Buffer;
  left: number;
}

interface Opened {
  readonly dek: Dek;
  readonly reference: Buffer;
}

export function createDeks(deps: {
  readonly store: DekStore;
  readonly keyring: Pick<Keyring, 'wrap' | 'unwrap' | 'refresh'>;
  readonly leaseUses?: number;
  readonly maxUses?: number;
}): Deks {
  const leases = new LRUCache<string, Lease>({ max: CACHED_KEYS, ttl: CACHE_TTL_MS });
  const opened = new LRUCache<string, Opened>({ max: CACHED_KEYS, ttl: CACHE_TTL_MS });
  // Counts what was forgotten: a key read before that must not be cached after it.
  let epoch = 0;
  const pending = new Map<string, Promise<void>>();
  const uses = deps.leaseUses ?? LEASE_USES;

  const unwrap = async (stored: StoredDek, wrapped: WrappedKey): Promise<Dek> => {
    const bytes = await deps.keyring.unwrap(wrapped, wrapContext(stored));
    return { id: stored.id, key: createSecretKey(bytes) };
  };

  const add = async (fresh: StoredDek, wrapped: WrappedKey): Promise<void> => {
    try {
      await deps.store.add(fresh, wrapped);
    } catch (error) {
      if (!(error instanceof RetiredKekError)) throw error;
      await deps.keyring.refresh();
    }
  };

  /** Undefined for what was wrapped again, and its KEK destroyed, after it was read: there is something newer to read. */
  const unwrapUnlessMoved = async (stored: StoredDek, wrapped: WrappedKey): Promise<Dek | undefined> => {
    try {
      return await unwrap(stored, wrapped);
    } catch (error) {
      if (!(error instanceof UnusableKeyError)) throw error;
      const now = (await deps.store.find(stored.id))?.wrapped;
      if (now?.kek === wrapped.kek && now.bytes.equals(wrapped.bytes)) throw error;
      return undefined;
    }
  };

  const obtain = async (owner: DekOwner): Promise<Lease> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stored = await deps.store.lease(owner, uses, deps.maxUses ?? MAX_DEK_USES);
      if (stored?.wrapped !== undefined) {
        const dek = await unwrapUnlessMoved(stored, stored.wrapped);
        if (dek === undefined) continue;
        return { dek, reference: owner.reference, left: uses };
      }
      const fresh: StoredDek = { id: randomUUID(), owner, wrapped: undefined };
      await add(fresh, await deps.keyring.wrap(randomBytes(KEY_BYTES), wrapContext(fresh)));
    }
    throw new Error('no data encryption key could be obtained');
  };

  const load = (name: string, owner: DekOwner): Promise<void> => {
    const before = epoch;
    const loading = obtain(owner)
      .then((lease) => {
        if (epoch === before) leases.set(name, lease);
      })
      .finally(() => pending.delete(name));
    pending.set(name, loading);
    return loading;
  };

  return {
    async forSealing(owner) {
      const name = canonicalize([owner.kind, owner.tenant, owner.reference.toString('hex'), owner.period]);
      for (;;) {
        const lease = leases.get(name);
        if (lease !== undefined && lease.left > 0) {
          lease.left -= 1;
          return lease.dek;
        }
        // One request to the store however many records wait for the same key.
        await (pending.get(name) ?? load(name, owner));
      }
    },
    async forOpening(id) {
      const known = opened.get(id);
      if (known !== undefined) return known.dek;
      const before = epoch;
      try {
        for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
          const stored = await deps.store.find(id);
          if (stored?.wrapped === undefined) return undefined;
          const dek = await unwrapUnlessMoved(stored, stored.wrapped);
          if (dek === undefined) continue;
          if (epoch === before) opened.set(id, { dek, reference: stored.owner.reference });
          return dek;
        }
        throw new Error('a data encryption key is wrapped again and again');
      } catch (error) {
        if (error instanceof UnusableKeyError) return undefined;
        throw error;
      }
    },
    forget(reference) {
      epoch += 1;
      for (const cache of [leases, opened]) {
        for (const [name, cached] of cache.entries()) {
          if (reference === undefined || cached.reference.equals(reference)) cache.delete(name);
        }
      }
    },
  };
}

/** What a wrapped key is bound to: moved to another row or owner, it no longer opens. */
export function wrapContext(dek: Pick<StoredDek, 'id' | 'owner'>): string {
  const { kind, tenant, reference, period } = dek.owner;
  return canonicalize(['dek', dek.id, kind, tenant, reference.toString('hex'), period]);
}
