import { isLuhn } from '../checksums/luhn.ts';
import { isRepeated } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** Issuer ranges and their lengths (ISO/IEC 7812, the networks' published BIN ranges). 62 is CN_BANK_CARD. */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-59]|[689])/, [14, 16, 19]],
  [/^6(?:011|4[4-9]|5)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^(?:5[06-8]|6[37])/, [13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/, [16]],
];

function isCard(digits: string): boolean {
  return (
    !isRepeated(digits) &&
    ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
    isLuhn(digits)
  );
}

const CARD = new Context(
  'card',
  'credit card',
  'debit card',
  'card number',
  'visa',
  'mastercard',
  'amex',
  'american express',
  'discover',
  'cc',
  'kreditkarte',
  'carte bancaire',
  'carte de crédit',
  'tarjeta',
  'carta di credito',
  'cartão',
  'creditcard',
  '信用卡',
  '卡号',
  '银行卡',
);

/** Maestro's short numbers and thirteen digits are shared by timestamps and article numbers: those need a word. */
export const CARD_NUMBERS: readonly IdRule[] = [
  {
    entity: 'CREDIT_CARD',
    alone: [
      '9999999999999999',
      '999999999999999',
      '99999999999999',
      '9999999999999999999',
      // Digit by digit, as numbers are dictated.
      Array<string>(16).fill('9').join(' '),
      Array<string>(15).fill('9').join(' '),
      ...[' ', '-', '.', '_', '/'].flatMap((separator) =>
        ['9999_9999_9999_9999', '9999_999999_99999', '9999_999999_9999', '9999_9999_9999_9999_999'].map(
          (format) => format.replaceAll('_', separator),
        ),
      ),
    ],
    inContext: ['9999999999999', '99999999999999999', '999999999999999999'],
    check: isCard,
    context: CARD,
    loose: true,
    score: 0.9,
  },
];
