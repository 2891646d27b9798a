import { createDeks, type Deks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { createDekStore } from '../store/dek-store.ts';
import { listenForDestroyedKeys } from '../store/key-listener.ts';
import { type ServingRole } from '../store/session.ts';
import { type Closable } from './closer.ts';

/** Data encryption keys that are forgotten as soon as an erasure, here or in another process, destroys them. */
export function openDeks(options: {
  readonly pool: Parameters<typeof createDekStore>[0];
  readonly url: string;
  readonly role: ServingRole;
  readonly deadlineMs: number;
  readonly keyring: Keyring;
}): Deks & Closable {
  const { pool, keyring } = options;
  const deks = createDeks({ store: createDekStore(pool), keyring });
  const listener = listenForDestroyedKeys({
    ...options,
    onDestroyed: (reference) => {
      deks.forget(reference);
    },
  });
  return {
    forSealing: (owner) => available(deks.forSealing(owner)),
    forOpening: (id) => available(deks.forOpening(id)),
    forget: (reference) => {
      deks.forget(reference);
    },
    close: () => listener.close(),
  };
}

/** A database or a key service that does not answer is an outage, whoever needed the key for what. */
async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError(
      'audit_unavailable',
      'A key of the audit cannot be had now: the database or the key service does not answer.',
      { detail: error instanceof Error ? error.name : typeof error, retryAfterS: 1, cause: error },
    );
  }
}
