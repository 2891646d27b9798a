import { CordonError } from '../domain/errors.ts';

/** Why a token was refused. Goes to the record and the log; the caller only learns that it was. */
export type RefusalReason =
  | 'no_token'
  | 'scheme_refused'
  | 'token_too_large'
  | 'token_malformed'
  | 'header_key_refused'
  | 'crit_refused'
  | 'alg_refused'
  | 'typ_refused'
  | 'issuer_unknown'
  | 'kid_required'
  | 'key_unknown'
  | 'key_ambiguous'
  | 'key_weak'
  | 'signature_invalid'
  | 'audience_refused'
  | 'claim_missing'
  | 'claim_invalid'
  | 'expired'
  | 'too_old'
  | 'not_yet_valid'
  | 'issued_in_future'
  | 'lifetime_too_long'
  | 'tenant_refused'
  | 'verification_failed';

/** One answer to every bad token, so that nobody can feel their way along the checks. */
export function refusal(reason: RefusalReason): CordonError {
  return new CordonError('unauthenticated', 'A valid access token is required.', { detail: reason });
}

/** The keys of an issuer cannot be had: nobody of that issuer is let in, and nobody is told to fetch a new token. */
export function keysUnavailable(retryAfterS: number): CordonError {
  return new CordonError('identity_unavailable', 'Access tokens cannot be checked at the moment.', {
    detail: 'jwks_unavailable',
    retryAfterS,
  });
}
