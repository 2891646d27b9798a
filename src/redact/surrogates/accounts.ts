import { isLuhn } from '../../detect/checksums/luhn.ts';
import { remainder } from '../../detect/checksums/weighted.ts';
import { compactOf, type Generator, grouped } from './making.ts';

/** The ranges that the networks use in their own examples, by what a number of theirs begins with. */
const TEST_RANGES: readonly (readonly [prefix: RegExp, range: string])[] = [
  [/^4/, '400000'],
  [/^5[1-5]/, '555555'],
  [/^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, '222300'],
  [/^3[47]/, '378282'],
  [/^36/, '360000'],
  [/^3[089]/, '305693'],
  [/^6(?:011|4[4-9]|5)/, '601111'],
  [/^35/, '353011'],
  [/^62/, '620000'],
  [/^220[0-4]/, '220000'],
];

/** Same network, length and grouping; the bank is the one of the network's examples. */
const CARD: Generator = (value, { draws }) => {
  const compact = compactOf(value);
  if (!/^\d{13,19}$/.test(compact)) return undefined;
  const range = TEST_RANGES.find(([prefix]) => prefix.test(compact))?.[1] ?? compact.slice(0, 2);
  const body = range + draws.digits(compact.length - range.length - 1);
  const check = Array.from('0123456789').find((digit) => isLuhn(body + digit));
  return check === undefined || body + check === compact ? undefined : grouped(value, body + check);
};

/** Same country, length and kinds of characters; the first four of the account are a bank that there is not. */
const IBAN: Generator = (value, { draws }) => {
  const compact = compactOf(value);
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{8,30}$/.test(compact)) return undefined;
  const account = Array.from(compact.slice(4), (unit, i) => {
    if (i < 4) return /\d/.test(unit) ? '0' : 'X';
    return /\d/.test(unit) ? draws.letter('0123456789') : draws.letter('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  }).join('');
  const country = compact.slice(0, 2);
  const spelled = Array.from(`${account}${country}00`, (unit) => parseInt(unit, 36)).join('');
  const check = String(98 - remainder(spelled, 97)).padStart(2, '0');
  return grouped(value, `${country}${check}${account}`);
};

export const ACCOUNTS: Readonly<Record<string, Generator>> = {
  CREDIT_CARD: CARD,
  CN_BANK_CARD: CARD,
  IBAN_CODE: IBAN,
};
