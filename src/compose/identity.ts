import { type Config } from '../config/load.ts';
import { type Authenticator, createAuthenticator } from '../identity/authenticator.ts';
import { type IssuerConfig } from '../identity/config.ts';
import { createDevIssuer, type DevIssuer } from '../identity/dev-issuer.ts';
import path from 'node:path';

export interface OpenIdentity {
  readonly authenticator: Authenticator;
  /** Undefined in production, and wherever an issuer is configured. */
  readonly devIssuer: DevIssuer | undefined;
}

/** The configured issuers; with none, and only in development, one of our own. */
export async function openIdentity(config: Config, clock: () => number): Promise<OpenIdentity> {
  if (config.issuers.length > 0) {
    const issuers = config.issuers.map((issuer) => toIssuerConfig(issuer, config.baseDirectory));
    return { authenticator: createAuthenticator({ issuers, clock }), devIssuer: undefined };
  }
  const devIssuer = await openDevIssuer(config, clock);
  return { authenticator: createAuthenticator({ issuers: [devIssuer.config], clock }), devIssuer };
}

/** The development issuer of this data directory. Throws in production. */
export function openDevIssuer(config: Config, clock: () => number): Promise<DevIssuer> {
  return createDevIssuer({ directory: config.dataDirectory, environment: config.environment, clock });
}

function toIssuerConfig(issuer: Config['issuers'][number], baseDirectory: string): IssuerConfig {
  const { jwks_file: file, jwks_url: url } = issuer;
  return {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: issuer.algorithms,
    tokenTypes: issuer.token_types,
    jwks:
      file === undefined
        ? { kind: 'url', url: url ?? '' }
        : { kind: 'file', path: path.resolve(baseDirectory, file) },
    maxTokenAgeS: issuer.max_token_age_s,
    clockToleranceS: issuer.clock_tolerance_s,
    claims: issuer.claims,
    ...(issuer.tenants === undefined ? {} : { tenants: issuer.tenants }),
  };
}
