import { createSecretKey, randomBytes } from 'node:crypto';
import { checkIndexKept, createReference } from './keyring-document.ts';
import { type Kek, type ManagedKeyring, UnusableKeyError, type WrappedKey } from './keyring.ts';

const KEY_BYTES = 32;

/**
 * A service that keeps the key encryption keys to itself and does the wrapping. Every method rejects with
 * KekServiceError when the service cannot be asked or refuses us.
 */
export interface KekService {
  readonly description: string;
  /** Under its current key; `context` is authenticated. */
  wrap(key: Buffer, context: Buffer): Promise<WrappedKey>;
  /** Rejects with UnusableKeyError when the service says that this does not open. */
  unwrap(wrapped: WrappedKey, context: Buffer): Promise<Buffer>;
  /** Oldest first. */
  keks(): Promise<readonly Kek[]>;
  rotate(): Promise<void>;
  /** Destroys a KEK and with it any older one. */
  destroy(id: string): Promise<void>;
  /** 32 bytes for each version of the index key, always the same, by version. */
  indexKeys(): Promise<ReadonlyMap<number, Buffer>>;
  rotateIndex(): Promise<void>;
  close(): Promise<void>;
}

/** The key service cannot be asked now, or refuses us: nothing that needs it may go on. */
export class KekServiceError extends Error {
  override readonly name = 'KekServiceError';
}

/** Rejects when the service does not answer, or does not bind what it wraps to its context. */
export async function openServiceKeyring(service: KekService): Promise<ManagedKeyring> {
  try {
    // Says what is wrong with the key before anything is asked of it.
    await service.keks();
    let index = await readIndex(service);
    await checkBinding(service);
    const keyring: ManagedKeyring = {
      description: service.description,
      get indexVersions() {
        return [...index.keys()];
      },
      wrap: (key, context) => service.wrap(key, Buffer.from(context, 'utf8')),
      async unwrap(wrapped, context) {
        const key = await service.unwrap(wrapped, Buffer.from(context, 'utf8'));
        if (key.length !== KEY_BYTES)
          throw new KekServiceError('the key service answered with no key of ours');
        return key;
      },
      reference: (parts, version) => createReference(index)(parts, version),
      keks: () => service.keks(),
      async refresh() {
        const read = await readIndex(service);
        checkIndexKept(index, read);
        index = read;
      },
      async rotate() {
        await service.rotate();
        const current = (await service.keks()).find((kek) => kek.current);
        if (current === undefined) throw new KekServiceError('the key service names no current key');
        return current;
      },
      async rotateIndex() {
        await service.rotateIndex();
        await keyring.refresh();
        return index.size;
      },
      destroy: (id) => destroy(service, id),
      close: () => service.close(),
    };
    return keyring;
  } catch (error) {
    await service.close();
    throw error;
  }
}

async function readIndex(service: KekService) {
  const keys = await service.indexKeys();
  if (!keys.has(1)) throw new KekServiceError('the key service has no first version of the index key');
  return new Map([...keys].map(([version, key]) => [version, createSecretKey(key)] as const));
}

/** A service that passes over the context, as old ones do, would open a wrapped key in anybody's name. */
async function checkBinding(service: KekService): Promise<void> {
  const key = randomBytes(KEY_BYTES);
  const wrapped = await service.wrap(key, Buffer.from('cordon.check.a'));
  const opened = await service.unwrap(wrapped, Buffer.from('cordon.check.a'));
  if (!opened.equals(key)) throw new KekServiceError('the key service does not give back what it was given');
  try {
    await service.unwrap(wrapped, Buffer.from('cordon.check.b'));
  } catch (error) {
    if (error instanceof UnusableKeyError) return;
    throw error;
  }
  throw new KekServiceError('the key service does not bind a wrapped key to its context');
}

async function destroy(service: KekService, id: string): Promise<void> {
  const keks = await service.keks();
  const at = keks.findIndex((kek) => kek.id === id);
  if (at < 0) return;
  if (keks[at]?.current === true) throw new RangeError('the current key encryption key cannot be destroyed');
  if (at > 0) throw new RangeError(`${keks[0]?.id ?? ''} is older and must be destroyed first`);
  await service.destroy(id);
}
