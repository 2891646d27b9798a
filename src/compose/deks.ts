import { createDeks, type Deks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
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
  return { ...deks, close: () => listener.close() };
}
