import { isRepeated, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** NHS Data Dictionary: weights 10…2, modulus 11, a remainder that would give 10 is not issued. */
function isNhs(digits: string): boolean {
  if (isRepeated(digits)) return false;
  const check = 11 - (weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && check % 11 === Number(digits.charAt(9));
}

/** HMRC NIM39110: letters never used, prefixes never allocated, suffix A–D. */
function isNino(compact: string): boolean {
  return (
    /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(compact) &&
    !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(compact)
  );
}

export const UNITED_KINGDOM: readonly IdRule[] = [
  {
    entity: 'UK_NHS',
    alone: ['999 999 9999'],
    inContext: ['9999999999', '999-999-9999'],
    check: isNhs,
    context: new Context('nhs', 'nhs number', 'national health', 'health service', 'patient', '病历'),
    score: 0.6,
  },
  {
    entity: 'UK_NINO',
    alone: ['@@999999@', '@@ 99 99 99 @', '@@-99-99-99-@'],
    inContext: ['@@ 999999 @'],
    check: isNino,
    context: new Context('nino', 'ni number', 'ni no', 'national insurance', '国民保险'),
  },
];
