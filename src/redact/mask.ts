/** Entities of which a mask shows the last four characters, as on a receipt. */
const LAST_FOUR: ReadonlySet<string> = new Set([
  'CREDIT_CARD',
  'CN_BANK_CARD',
  'IBAN_CODE',
  'US_BANK_NUMBER',
  'PHONE_NUMBER',
  'CN_MOBILE',
]);
/** Entities of which it shows the first letter. */
const FIRST_LETTER: ReadonlySet<string> = new Set(['PERSON', 'EMAIL_ADDRESS']);
/** Of anything shorter, four characters would be half. */
const MIN_FOR_FOUR = 10;
const MIN_FOR_FIRST = 3;

/**
 * What stands for a masked value, and is never put back: `[CREDIT_CARD ending 1111]`, `[PERSON M.]`, and the entity
 * alone for all else, above all for secrets and for what identifies somebody by itself. Two values may share a mask.
 */
export function maskOf(entity: string, value: string): string {
  const compact = Array.from(value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, ''));
  if (LAST_FOUR.has(entity) && compact.length >= MIN_FOR_FOUR) {
    return `[${entity} ending ${compact.slice(-4).join('')}]`;
  }
  const [first] = compact;
  if (FIRST_LETTER.has(entity) && first !== undefined && compact.length >= MIN_FOR_FIRST) {
    // One character of a Chinese name is the family's.
    return /\p{Script=Han}/u.test(first) ? `[${entity}]` : `[${entity} ${first}.]`;
  }
  return `[${entity}]`;
}
