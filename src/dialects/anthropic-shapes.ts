import { matching, oneOf, orNull, record, type Shape, type Structure } from './shape.ts';

export const TEXT: Shape = { string: 'text', null: true };
export const NUMBER: Shape = { number: 'fixed', null: true };
export const FLAG: Shape = { boolean: true, null: true };
export const CALL_ID: Shape = { string: matching(/^[\w.:-]{1,128}$/), null: true };
export const TOOL_NAME: Shape = { string: matching(/^[A-Za-z0-9_-]{1,128}$/), null: true };

export function choice(...values: readonly string[]): Shape {
  return { string: oneOf(...values), null: true };
}

export const CACHE_CONTROL = orNull(record({ type: choice('ephemeral'), ttl: choice('5m', '1h') }));

const SEAL_ALPHABET = /^[A-Za-z0-9+/_-]{64,}={0,2}$/;

function isSeal(value: string): boolean {
  // A run of digits this long hardly occurs in base64 and may be a card's number: it is looked at.
  return value === '' || (SEAL_ALPHABET.test(value) && !/\d{12}/.test(value));
}

/**
 * What the vendor signed or encrypted for itself and wants back byte for byte: thinking signatures, redacted thinking,
 * encrypted search results. Nobody here can read it, and whoever made it knows what is in it. Anything shorter than a
 * signature, or of other letters, is looked at.
 */
const SEALED_STRING: Structure = { allows: isSeal, otherwise: 'fixed', chosen: false };
export const SEALED: Shape = { string: SEALED_STRING, null: true };
