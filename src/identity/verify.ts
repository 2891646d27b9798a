import { errors, jwtVerify } from 'jose';
import { CordonError } from '../domain/errors.ts';
import { type Principal } from '../domain/principal.ts';
import { principalFromClaims } from './claims.ts';
import { type IssuerProfile, normaliseType } from './config.ts';
import { type KeySource } from './key-source.ts';
import { refusal, type RefusalReason } from './refusal.ts';
import { type UnverifiedToken } from './token.ts';

/**
 * The resource-server profile of RFC 8725, 9068 and 9700 for one issuer. Throws `unauthenticated`, or
 * `identity_unavailable` when the keys cannot be had.
 */
export async function verifyToken(
  token: string,
  unverified: UnverifiedToken,
  profile: IssuerProfile,
  keys: KeySource,
  nowMs: number,
): Promise<Principal> {
  if (!profile.algorithms.includes(unverified.algorithm)) throw refusal('alg_refused');
  if (!profile.tokenTypes.has(normaliseType(unverified.type))) throw refusal('typ_refused');
  const { payload } = await jwtVerify(token, (header) => keys.find(header), {
    algorithms: [...profile.algorithms],
    issuer: profile.issuer,
    audience: [...profile.audience],
    clockTolerance: profile.clockToleranceS,
    maxTokenAge: profile.maxTokenAgeS,
    requiredClaims: ['exp', 'iat', 'sub', 'aud', 'iss'],
    currentDate: new Date(nowMs),
  }).catch((error: unknown) => {
    throw error instanceof CordonError ? error : refusal(reasonOf(error));
  });
  const { exp, iat } = payload;
  if (exp === undefined || iat === undefined) throw refusal('claim_missing');
  if (exp - iat > profile.maxTokenAgeS) throw refusal('lifetime_too_long');
  return principalFromClaims(payload, profile);
}

const BY_CLAIM: Readonly<Record<string, RefusalReason>> = {
  aud: 'audience_refused',
  iss: 'issuer_unknown',
  nbf: 'not_yet_valid',
  iat: 'issued_in_future',
};

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'too_old' : 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return 'claim_missing';
    return error.reason === 'check_failed' ? (BY_CLAIM[error.claim] ?? 'claim_invalid') : 'claim_invalid';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature_invalid';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'token_malformed';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'alg_refused';
  return 'verification_failed';
}
