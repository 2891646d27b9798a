/** An issuer whose tokens are accepted, as configured. Nothing about it is taken from a token. */
export interface IssuerConfig {
  /** Compared with `iss` as is. */
  readonly issuer: string;
  /** The token must name at least one. */
  readonly audience: string | readonly string[];
  /** Asymmetric only; default ES256, RS256, PS256, EdDSA. */
  readonly algorithms?: readonly string[];
  /** Media types for `typ`, without `application/`; default `at+jwt` (RFC 9068) and `JWT`. */
  readonly tokenTypes?: readonly string[];
  readonly jwks: JwksConfig;
  /** Seconds from `iat`, and from `iat` to `exp`; at most and by default 3600. */
  readonly maxTokenAgeS?: number;
  /** Seconds, at most 30, by default 5. */
  readonly clockToleranceS?: number;
  readonly claims?: Partial<ClaimPaths>;
  /** The tenants this issuer may speak for; any when left out. With several issuers, set it. */
  readonly tenants?: readonly string[];
}

export type JwksConfig =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'inline'; readonly keys: readonly object[] };

/** Where in the claims a value stands: a dot path (`realm_access.roles`) or, with a leading slash, a JSON pointer. */
export interface ClaimPaths {
  readonly tenant: string;
  readonly roles: string;
  readonly groups: string;
  readonly client: string;
  readonly purposes: string;
  /** Regions whose data subjects the caller may speak for; a token without it is held to none. */
  readonly subject_regions: string;
}

export interface IssuerProfile {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly tokenTypes: ReadonlySet<string>;
  readonly jwks: JwksConfig;
  readonly maxTokenAgeS: number;
  readonly clockToleranceS: number;
  readonly claims: ClaimPaths;
  readonly tenants: ReadonlySet<string> | undefined;
}

const ASYMMETRIC: readonly string[] = [
  ...['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA', 'Ed25519'],
];
const MAX_AGE_S = 3600;
const MAX_TOLERANCE_S = 30;

/** Defaults filled in, once. Throws a TypeError or RangeError that names the setting at fault. */
export function issuerProfile(config: IssuerConfig): IssuerProfile {
  const { issuer, jwks, maxTokenAgeS = MAX_AGE_S, clockToleranceS = 5 } = config;
  const algorithms = config.algorithms ?? ['ES256', 'RS256', 'PS256', 'EdDSA'];
  const audience = typeof config.audience === 'string' ? [config.audience] : config.audience;
  const tokenTypes = config.tokenTypes ?? ['at+jwt', 'JWT'];
  if (issuer === '') throw new TypeError('issuer must not be empty');
  if (audience.length === 0 || audience.includes(''))
    throw new TypeError('audience must name at least one audience');
  if (tokenTypes.length === 0) throw new TypeError('tokenTypes must name at least one type');
  // A shared secret verifies and signs alike, and a public key used as one is known to all (RFC 8725 §2.1).
  if (algorithms.length === 0 || !algorithms.every((algorithm) => ASYMMETRIC.includes(algorithm))) {
    throw new TypeError(`algorithms must be of ${ASYMMETRIC.join(', ')}`);
  }
  if (!(maxTokenAgeS > 0 && maxTokenAgeS <= MAX_AGE_S)) {
    throw new RangeError(`maxTokenAgeS must be more than 0 and at most ${MAX_AGE_S}`);
  }
  if (!(clockToleranceS >= 0 && clockToleranceS <= MAX_TOLERANCE_S)) {
    throw new RangeError(`clockToleranceS must be from 0 to ${MAX_TOLERANCE_S}`);
  }
  return {
    issuer,
    audience,
    algorithms,
    tokenTypes: new Set(tokenTypes.map(normaliseType)),
    jwks,
    maxTokenAgeS,
    clockToleranceS,
    claims: {
      tenant: 'tenant',
      roles: 'roles',
      groups: 'groups',
      client: 'client_id',
      purposes: 'purposes',
      subject_regions: 'subject_regions',
      ...config.claims,
    },
    tenants: config.tenants && new Set(config.tenants),
  };
}

/** RFC 7515 §4.1.9: case does not matter and `application/` may be left out. */
export function normaliseType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}
