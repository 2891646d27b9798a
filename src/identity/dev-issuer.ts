import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type IssuerConfig } from './config.ts';

/**
 * DEVELOPMENT ONLY: an issuer that vouches for whoever asks this process. It lets a newcomer's first call carry a
 * real token; whoever can read its key file can be anyone, so it refuses to exist in production.
 */
export interface DevIssuerOptions {
  /** Holds the key (0600), so that tokens survive a restart. */
  readonly directory: string;
  readonly environment: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly issuer?: string;
  readonly audience?: string;
}

export interface DevToken {
  readonly subject: string;
  readonly tenant: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  readonly purposes?: readonly string[];
  readonly client?: string;
  /** Seconds, at most and by default 3600. */
  readonly ttlS?: number;
}

export interface DevIssuer {
  /** What the authenticator needs to accept this issuer's tokens; public keys only. */
  readonly config: IssuerConfig;
  /** A signed access token (RFC 9068). */
  issueToken(token: DevToken): Promise<string>;
}

const ALGORITHM = 'ES256';
const KEY_FILE = 'dev-issuer-key.json';
const MAX_TTL_S = 3600;

interface PrivateEcKey extends JWK {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** Throws a TypeError in production, and when the key file is open to others or is not the key we wrote. */
export async function createDevIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const { directory, environment, clock } = options;
  const { issuer = 'https://dev-issuer.cordon.invalid', audience = 'cordon' } = options;
  if (environment === 'production') throw new TypeError('the development issuer does not run in production');
  const jwk = await loadOrCreateKey(directory);
  const key = await importJWK(jwk, ALGORITHM);
  const { kty, crv, x, y } = jwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return {
    config: {
      issuer,
      audience,
      algorithms: [ALGORITHM],
      tokenTypes: ['at+jwt'],
      jwks: { kind: 'inline', keys: [{ kty, crv, x, y, kid, use: 'sig', alg: ALGORITHM }] },
    },
    async issueToken({ subject, tenant, roles = [], groups = [], purposes = [], client, ttlS = MAX_TTL_S }) {
      if (!(ttlS > 0 && ttlS <= MAX_TTL_S))
        throw new RangeError(`ttlS must be more than 0 and at most ${MAX_TTL_S}`);
      const issuedAt = Math.floor(clock() / 1000);
      return new SignJWT({
        tenant,
        roles,
        groups,
        purposes,
        ...(client !== undefined && { client_id: client }),
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlS)
        .setJti(randomUUID())
        .sign(key);
    },
  };
}

async function loadOrCreateKey(directory: string): Promise<PrivateEcKey> {
  const path = join(directory, KEY_FILE);
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify(await exportJWK(privateKey))}\n`, { mode: 0o600, flag: 'wx' });
    // Of several processes that start at once the first link wins, and none ever sees half a file.
    await link(draft, path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const created = await readKey(path);
  if (created === undefined) throw new TypeError('the development key vanished while it was written');
  return created;
}

async function readKey(path: string): Promise<PrivateEcKey | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      throw new TypeError('the development key may be read by others; chmod it to 600');
    return parseKey(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseKey(text: string): PrivateEcKey {
  try {
    const value: unknown = JSON.parse(text);
    if (isPrivateEcKey(value)) return value;
  } catch {
    // A parser's message quotes what it could not read, and that may be a key.
  }
  throw new TypeError(
    'the development key file does not hold the key Cordon wrote; remove it to make a new one',
  );
}

function isPrivateEcKey(value: unknown): value is PrivateEcKey {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    fields.get('kty') === 'EC' &&
    fields.get('crv') === 'P-256' &&
    ['x', 'y', 'd'].every((name) => typeof fields.get(name) === 'string')
  );
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
