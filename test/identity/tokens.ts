import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Authenticator, createAuthenticator } from '../../src/identity/authenticator.ts';
import { type IssuerConfig } from '../../src/identity/config.ts';
import { CordonError } from '../../src/domain/errors.ts';

export const NOW_MS = Date.UTC(2026, 0, 15, 12);
export const NOW_S = NOW_MS / 1000;
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'cordon';

type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

export interface SigningKey {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Written on node:crypto alone, so that tokens jose itself would refuse to make can be made. */
export function createSigningKey(algorithm: Algorithm, kid: string, rsaBits = 2048): SigningKey {
  const pair = generatePair(algorithm, rsaBits);
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  return { algorithm, kid, ...pair, jwk };
}

function generatePair(algorithm: Algorithm, modulusLength: number) {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A good token but for what `parts` changes; `undefined` removes a header or a claim. */
export function signToken(key: SigningKey, { header, claims }: TokenParts = {}): string {
  return signWith(
    { alg: key.algorithm, typ: 'at+jwt', kid: key.kid, ...header },
    { ...GOOD_CLAIMS, ...claims },
    (input) => {
      const hash = key.algorithm === 'EdDSA' ? null : 'sha256';
      return sign(hash, input, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
    },
  );
}

export function signWith(header: object, claims: object, signature: (input: Buffer) => Buffer): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
}

export const GOOD_CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'alice',
  tenant: 'acme',
  roles: ['user'],
  iat: NOW_S - 10,
  exp: NOW_S + 600,
};

export function authenticatorFor(
  keys: readonly SigningKey[],
  config: Partial<IssuerConfig> = {},
  clock: () => number = () => NOW_MS,
): Authenticator {
  const jwks = { kind: 'inline', keys: keys.map(({ jwk }) => jwk) } as const;
  return createAuthenticator({ issuers: [{ issuer: ISSUER, audience: AUDIENCE, jwks, ...config }], clock });
}

/** The error's code and detail, or `accepted`. */
export async function outcome(authenticator: Authenticator, token: string): Promise<string> {
  try {
    await authenticator.authenticate(`Bearer ${token}`);
    return 'accepted';
  } catch (error) {
    return error instanceof CordonError
      ? `${error.code}: ${error.detail ?? ''}`
      : `not a CordonError: ${String(error)}`;
  }
}
