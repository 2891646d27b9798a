import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Principal } from '../domain/principal.ts';
import { type IssuerConfig, issuerProfile } from './config.ts';
import { createKeySource, type KeySourceTools } from './jwks.ts';
import { refusal } from './refusal.ts';
import { bearerToken, readUnverified } from './token.ts';
import { verifyToken } from './verify.ts';

export interface AuthenticatorOptions {
  readonly issuers: readonly IssuerConfig[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** For JWKS by URL. */
  readonly fetch?: KeySourceTools['fetch'];
}

export interface Authenticator {
  /**
   * The principal of an `Authorization` header. Rejects with `unauthenticated` (always the same message; the reason
   * is in `detail`) or `identity_unavailable`.
   */
  authenticate(authorizationHeader: string | undefined): Promise<Principal>;
  /** Forgets every verified token, also those being verified at this moment. */
  purge(): void;
  /** Reads all keys again and purges. Rejects with `identity_unavailable` when any origin fails. */
  reload(): Promise<void>;
}

const CACHE_TOKENS = 10_000;
const CACHE_MS = 60_000;

/** Throws a TypeError or RangeError on a configuration that could not be meant. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock, fetch = globalThis.fetch } = options;
  const issuers = new Map(
    options.issuers.map((config) => {
      const profile = issuerProfile(config);
      return [profile.issuer, { profile, keys: createKeySource(profile.jwks, { clock, fetch }) }];
    }),
  );
  if (issuers.size !== options.issuers.length) throw new TypeError('two issuers have the same name');
  // Keyed by hash: a dump of this process's memory yields names, not tokens to use.
  const verified = new LRUCache<string, { readonly principal: Principal; readonly untilMs: number }>({
    max: CACHE_TOKENS,
  });
  let epoch = 0;
  const purge = () => {
    epoch += 1;
    verified.clear();
  };

  return {
    async authenticate(authorizationHeader) {
      const token = bearerToken(authorizationHeader);
      const hash = createHash('sha256').update(token).digest('base64');
      const now = clock();
      const known = verified.get(hash);
      if (known !== undefined && now < known.untilMs) return known.principal;
      const unverified = readUnverified(token);
      const issuer = issuers.get(unverified.issuer);
      if (issuer === undefined) throw refusal('issuer_unknown');
      const startedIn = epoch;
      const principal = await verifyToken(token, unverified, issuer.profile, issuer.keys, now);
      if (epoch === startedIn) {
        verified.set(hash, { principal, untilMs: Math.min(principal.expiresAt * 1000, now + CACHE_MS) });
      }
      return principal;
    },
    purge,
    async reload() {
      purge();
      const results = await Promise.allSettled([...issuers.values()].map(({ keys }) => keys.reload()));
      purge();
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
  };
}
