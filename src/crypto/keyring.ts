/** A data encryption key as it is stored: useless without the key encryption key named here. */
export interface WrappedKey {
  readonly kek: string;
  readonly bytes: Buffer;
}

/**
 * Holder of the key encryption keys and of the index key. A file on this machine, or a KMS: hence the promises.
 * `context` is authenticated, so that a wrapped key cannot be passed off as another owner's.
 */
export interface Keyring {
  /** Wraps under the current key. */
  wrap(key: Buffer, context: string): Promise<WrappedKey>;
  /** Rejects with UnusableKeyError when the KEK is unknown (destroyed) or the bytes or context do not match. */
  unwrap(wrapped: WrappedKey, context: string): Promise<Buffer>;
  /**
   * HMAC-SHA256 under the index key over the canonical form of `parts`: a stable pseudonym, which says nothing
   * without the key and cannot be confused across purposes, because the first part names the purpose.
   */
  reference(parts: readonly string[]): Buffer;
}

/** Pseudonym of a person within a tenant; whose keys carry it are destroyed by an erasure. */
export function personReference(keyring: Keyring, tenant: string, person: string): Buffer {
  return keyring.reference(['person', tenant, person]);
}

/** The key cannot be had, now or later; an outage of a key service is any other error. */
export class UnusableKeyError extends Error {
  override readonly name = 'UnusableKeyError';
}
