import {
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { refusal } from './refusal.ts';

const MAX_KEYS = 100;
const MIN_RSA_BITS = 2048;

/** Public keys of one issuer at one moment. */
export interface KeySet {
  /** True when a key for this header is in the set; a header without `kid` fits only a set of one. */
  has(header: JWSHeaderParameters): boolean;
  /** Rejects with `unauthenticated` when no key, or more than one, fits. */
  find(header: JWSHeaderParameters): Promise<CryptoKey>;
}

/** Untrusted JSON → key set. Throws a TypeError that says what is wrong and quotes nothing. */
export function parseKeySet(value: unknown): KeySet {
  if (!isJwks(value)) throw new TypeError('a JWKS is an object with a list of objects as keys');
  const { keys } = value;
  if (keys.length > MAX_KEYS) throw new TypeError(`a JWKS has at most ${MAX_KEYS} keys`);
  for (const key of keys) {
    if (key.kty === 'oct' || key.d !== undefined || key.priv !== undefined) {
      throw new TypeError('a JWKS for verification holds public keys only');
    }
  }
  const resolve = createLocalJWKSet({ keys: [...keys] });
  const kids = new Set(keys.map(({ kid }) => kid));
  return {
    has: ({ kid }) => (kid === undefined ? keys.length === 1 : kids.has(kid)),
    async find(header) {
      // Without a kid the key would be found by trying; RFC 8725 §3.10 wants it chosen.
      if (header.kid === undefined && keys.length > 1) throw refusal('kid_required');
      const key = await resolve(header).catch((error: unknown) => {
        if (error instanceof errors.JWKSMultipleMatchingKeys) throw refusal('key_ambiguous');
        throw refusal('key_unknown');
      });
      const { modulusLength } = key.algorithm as { readonly modulusLength?: number };
      if (modulusLength !== undefined && modulusLength < MIN_RSA_BITS) throw refusal('key_weak');
      return key;
    },
  };
}

function isJwks(value: unknown): value is JSONWebKeySet {
  return (
    typeof value === 'object' &&
    value !== null &&
    'keys' in value &&
    Array.isArray(value.keys) &&
    value.keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
  );
}
