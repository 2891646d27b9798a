/** A data encryption key as it is stored: useless without the key encryption key named here. */
export interface WrappedKey {
  readonly kek: string;
  readonly bytes: Buffer;
}

/**
 * Holder of the key encryption keys and of the index keys. A file on this machine, or a KMS: hence the promises.
 * `context` is authenticated, so that a wrapped key cannot be passed off as another owner's.
 */
export interface Keyring {
  /** Wraps under the current key. */
  wrap(key: Buffer, context: string): Promise<WrappedKey>;
  /** Rejects with UnusableKeyError when the KEK is unknown (destroyed) or the bytes or context do not match. */
  unwrap(wrapped: WrappedKey, context: string): Promise<Buffer>;
  /**
   * HMAC-SHA256 under an index key over the canonical form of `parts`: a stable pseudonym, which says nothing
   * without the key and cannot be confused across purposes, because the first part names the purpose.
   * Unless told, under the first version, which lasts as long as the deployment: people are known by it.
   * Throws RangeError for a version there is not.
   */
  reference(parts: readonly string[], version?: number): Buffer;
  /** Versions of the index key, oldest first. What is written anew goes under the last, what is looked up under all. */
  readonly indexVersions: readonly number[];
  /** Looks whether another process has added or destroyed keys. */
  refresh(): Promise<void>;
}

/** A key encryption key, without itself. */
export interface Kek {
  readonly id: string;
  /** Whether new data keys are wrapped under it. */
  readonly current: boolean;
  /** Undefined for keys of a time when that was not written down. */
  readonly createdMs: number | undefined;
}

/** A keyring whose keys can be changed. One process at a time may do so; the others see it by `refresh`. */
export interface ManagedKeyring extends Keyring {
  /** Where the keys are, for people. */
  readonly description: string;
  /** Those there are, in the order of their making. */
  keks(): Promise<readonly Kek[]>;
  /** Adds a KEK and makes it the current one. */
  rotate(): Promise<Kek>;
  /** Adds a version of the index key; the earlier ones stay. Returns its number. */
  rotateIndex(): Promise<number>;
  /**
   * Destroys a KEK for good: no data key that it wrapped opens again. Does nothing when it is gone already; rejects
   * for the current one. Whether it is still needed is the caller's to know.
   */
  destroy(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Pseudonym of a person within a tenant; whose keys carry it are destroyed by an erasure. */
export function personReference(keyring: Pick<Keyring, 'reference'>, tenant: string, person: string): Buffer {
  return keyring.reference(['person', tenant, person]);
}

/** The key cannot be had, now or later; an outage of a key service is any other error. */
export class UnusableKeyError extends Error {
  override readonly name = 'UnusableKeyError';
}
