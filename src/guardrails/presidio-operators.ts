import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Handling } from '../domain/handling.ts';

/** Fills with strong random bytes. */
export type Random = (bytes: Uint8Array) => Uint8Array;

const KEY_BYTES = [16, 24, 32];
const IV_BYTES = 16;
const SALT_BYTES = 16;

const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
const key = z
  .string()
  .max(32)
  .refine((value) => KEY_BYTES.includes(utf8Bytes(value)), {
    error: 'key must be of length 128, 192 or 256 bits',
  });

const REPLACE = z.object({ type: z.literal('replace'), new_value: z.string().nullish() });
const REDACT = z.object({ type: z.literal('redact') });
const KEEP = z.object({ type: z.literal('keep') });
const MASK = z.object({
  type: z.literal('mask'),
  masking_char: z.string().refine((value) => Array.from(value).length <= 1, {
    error: 'masking_char must be a character',
  }),
  chars_to_mask: z.int(),
  from_end: z.boolean().nullish(),
});
const HASH = z.object({
  type: z.literal('hash'),
  hash_type: z.enum(['sha256', 'sha512']).optional(),
  salt: z
    .string()
    .refine((value) => utf8Bytes(value) >= SALT_BYTES, { error: 'salt must be at least 16 bytes (128 bits)' })
    .nullish(),
});
const ENCRYPT = z.object({ type: z.literal('encrypt'), key, deterministic: z.boolean().nullish() });

/** Presidio's operators, with the parameters that its own validation asks for. */
export const OPERATOR = z.discriminatedUnion('type', [REPLACE, REDACT, MASK, HASH, ENCRYPT, KEEP]);
export type Operator = z.output<typeof OPERATOR>;

export const DECRYPT = z.object({ type: z.literal('decrypt'), key });

export const OPERATOR_NAMES = ['hash', 'mask', 'redact', 'replace', 'encrypt', 'keep'] as const;

/** What each operator amounts to in our own terms, for the record. */
export const HANDLING_OF: Readonly<Record<Operator['type'], Handling>> = {
  replace: 'mask',
  redact: 'mask',
  mask: 'mask',
  hash: 'hash',
  encrypt: 'pseudonymise',
  keep: 'disclose',
};

/** What stands in the place of `text`, as Presidio's operator of that name makes it. */
export function operate(operator: Operator, text: string, entity: string, random: Random): string {
  switch (operator.type) {
    case 'replace':
      return replaced(operator, entity);
    case 'redact':
      return '';
    case 'keep':
      return text;
    case 'mask':
      return masked(text, operator);
    case 'hash':
      return hashed(text, operator, random);
    case 'encrypt':
      return encrypted(text, operator, random);
  }
}

/** An empty value counts as none there, too. */
function replaced({ new_value: value }: z.output<typeof REPLACE>, entity: string): string {
  return value == null || value === '' ? `<${entity}>` : value;
}

function masked(
  text: string,
  { masking_char: char, chars_to_mask: wanted, from_end: fromEnd }: z.output<typeof MASK>,
): string {
  const points = Array.from(text);
  const count = Math.max(0, Math.min(points.length, wanted));
  const mask = char.repeat(count);
  return fromEnd === true
    ? points.slice(0, points.length - count).join('') + mask
    : mask + points.slice(count).join('');
}

function hashed(
  text: string,
  { hash_type: type = 'sha256', salt }: z.output<typeof HASH>,
  random: Random,
): string {
  const salted = salt == null ? random(new Uint8Array(32)) : Buffer.from(salt, 'utf8');
  return createHash(type).update(text, 'utf8').update(salted).digest('hex');
}

/** AES-CBC with PKCS#7 padding, the IV in front, in base64url with padding: what Presidio's own clients decrypt. */
function encrypted(text: string, { key, deterministic }: z.output<typeof ENCRYPT>, random: Random): string {
  const secret = Buffer.from(key, 'utf8');
  const iv =
    deterministic === true
      ? createHmac('sha256', secret).update(text, 'utf8').digest().subarray(0, IV_BYTES)
      : random(new Uint8Array(IV_BYTES));
  const cipher = createCipheriv(`aes-${secret.length * 8}-cbc`, secret, iv);
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]);
  return sealed.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Undefined when the text was not encrypted with this key. */
export function decrypted(sealed: string, key: string): string | undefined {
  const secret = Buffer.from(key, 'utf8');
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 2 * IV_BYTES) return undefined;
  try {
    const decipher = createDecipheriv(`aes-${secret.length * 8}-cbc`, secret, bytes.subarray(0, IV_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
  } catch {
    return undefined;
  }
}
