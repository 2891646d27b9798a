import { decodeJwt, decodeProtectedHeader } from 'jose';
import { LIMITS } from '../domain/limits.ts';
import { refusal } from './refusal.ts';

/** RFC 6750 §2.1. */
const BEARER = /^bearer ([\w.~+/=-]+)$/i;
const SCHEME = 'Bearer '.length;

/** The token of an `Authorization` header. Throws `unauthenticated`. */
export function bearerToken(header: string | undefined): string {
  if (header === undefined || header === '') throw refusal('no_token');
  // Before any other look at it: what is too long is not even scanned.
  if (header.length > LIMITS.tokenBytes + SCHEME) throw refusal('token_too_large');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw refusal('scheme_refused');
  return token;
}

/** What an unverified token says of itself: enough to pick the issuer and the key, and trusted for nothing else. */
export interface UnverifiedToken {
  readonly algorithm: string;
  readonly type: string;
  readonly issuer: string;
}

/** Keys a token brings along are an invitation to trust the forger (RFC 8725 §3.10); we do not even skip them. */
const KEY_HEADERS = ['jwk', 'jku', 'x5u', 'x5c'];

export function readUnverified(token: string): UnverifiedToken {
  // Five parts would be a JWE.
  if (token.split('.').length !== 3) throw refusal('token_malformed');
  const { header, claims } = decode(token);
  if (KEY_HEADERS.some((name) => Object.hasOwn(header, name))) throw refusal('header_key_refused');
  // We understand no critical extension, so any is one we must refuse (RFC 7515 §4.1.11).
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw refusal('crit_refused');
  const { alg, typ } = header;
  if (typeof alg !== 'string') throw refusal('alg_refused');
  if (typeof typ !== 'string') throw refusal('typ_refused');
  if (typeof claims.iss !== 'string') throw refusal('issuer_unknown');
  return { algorithm: alg, type: typ, issuer: claims.iss };
}

function decode(token: string) {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    throw refusal('token_malformed');
  }
}
