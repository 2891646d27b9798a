import {
  cpfDigits,
  creditCodeCheck,
  fiscalCodeLetter,
  mod1110Digit,
  nhsDigit,
  residentIdCheck,
  weighted,
} from './check-digits.ts';
import { type Locale } from './lists.ts';
import { type Random } from './random.ts';

/** Makes a compact, valid number. */
type Maker = (random: Random) => string;

export interface NationalId {
  readonly entity: string;
  readonly make: Maker;
  /** Group lengths and what joins them; the whole number where there is one group. */
  readonly formats: readonly (readonly [groups: readonly number[], separators: string])[];
}

const two = (value: number): string => String(value).padStart(2, '0');

export function germanTaxId(random: Random): string {
  // Exactly one digit occurs twice among the first ten, and none leads with 0.
  const digits = Array.from('1234567890');
  for (let i = digits.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [digits[i], digits[j]] = [digits[j] ?? '', digits[i] ?? ''];
  }
  if (digits[0] === '0') digits.reverse();
  digits[9] = digits[random.int(1, 6)] ?? '1';
  const body = digits.join('');
  return body + mod1110Digit(body);
}

function nir(random: Random): string {
  const body = `${random.int(1, 2)}${two(random.int(40, 99))}${two(random.int(1, 12))}${two(random.int(21, 95))}${random.digits(6)}`;
  return body + two(97 - Number(BigInt(body) % 97n));
}

function nif(random: Random): string {
  const digits = random.digits(8);
  return digits + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(digits) % 23);
}

/** The letter X, Y or Z counts as 0, 1 or 2 before the digits. */
export function nie(random: Random): string {
  const letter = random.int(0, 2);
  const digits = random.digits(7);
  return 'XYZ'.charAt(letter) + digits + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(`${letter}${digits}`) % 23);
}

function fiscalCode(random: Random): string {
  const consonants = 'BCDFGLMNPRSTVZ';
  const body = `${random.letters(6, consonants)}${two(random.int(40, 99))}${random.letters(1, 'ABCDEHLMPRST')}${two(random.int(1, 28))}${random.letters(1, 'ABCDEFGHL')}${random.digits(3)}`;
  return body + fiscalCodeLetter(body);
}

function bsn(random: Random): string {
  for (;;) {
    const body = `${random.int(1, 2)}${random.digits(7)}`;
    const check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    if (check < 10) return body + String(check);
  }
}

export function nhs(random: Random): string {
  for (;;) {
    // 999 is the range kept for tests.
    const body = `999${random.digits(6)}`;
    const check = nhsDigit(body);
    if (check !== undefined) return body + check;
  }
}

export function nino(random: Random): string {
  return `${random.letters(1, 'ABCEHJLMPRST')}${random.letters(1, 'ABCEHJLMPRSTWXYZ')}${random.digits(6)}${random.letters(1, 'ABCD')}`.replace(
    /^(?:TN|ZZ)/,
    'AB',
  );
}

/** 666, 000 and 900 up are never issued, nor are the numbers printed in advertisements. */
export function ssn(random: Random): string {
  return `${random.pick(['001', '212', '305', '418', '531', '601', '733', '772'])}${two(random.int(1, 99))}${String(random.int(1, 9999)).padStart(4, '0')}`;
}

export function residentId(random: Random): string {
  const division = random.pick([
    '110105',
    '310115',
    '440305',
    '330106',
    '510104',
    '420106',
    '320505',
    '610113',
  ]);
  const body = `${division}${random.int(1950, 2010)}${two(random.int(1, 12))}${two(random.int(1, 28))}${random.digits(3)}`;
  return body + residentIdCheck(body);
}

export function creditCode(random: Random): string {
  const body = `91${random.pick(['110105', '310115', '440305', '330106'])}${random.letters(9, '0123456789ABCDEFGHJKLMNPQRTUWXY')}`;
  return body + creditCodeCheck(body);
}

export const NATIONAL_IDS: Readonly<Partial<Record<Locale, NationalId>>> = {
  de: {
    entity: 'DE_TAX_ID',
    make: germanTaxId,
    formats: [[[11], ''], [[2, 3, 3, 3], ' '], [[3, 3, 2, 3], ' ']], // prettier-ignore
  },
  fr: {
    entity: 'FR_NIR',
    make: nir,
    formats: [[[15], ''], [[1, 2, 2, 2, 3, 3, 2], ' '], [[13, 2], ' ']], // prettier-ignore
  },
  es: {
    entity: 'ES_NIF',
    make: nif,
    formats: [
      [[9], ''],
      [[8, 1], '-'],
      [[2, 3, 3, 1], '..-'],
    ],
  },
  it: { entity: 'IT_FISCAL_CODE', make: fiscalCode, formats: [[[16], ''], [[3, 3, 5, 5], ' '], [[6, 5, 5], ' ']] }, // prettier-ignore
  nl: {
    entity: 'NL_BSN',
    make: bsn,
    formats: [
      [[9], ''],
      [[3, 3, 3], ' '],
      [[4, 2, 3], '.'],
    ],
  },
  pt: {
    entity: 'BR_CPF',
    make: (random) => {
      const body = random.digits(9);
      return body + cpfDigits(body);
    },
    formats: [
      [[11], ''],
      [[3, 3, 3, 2], '..-'],
      [[9, 2], '-'],
    ],
  },
};

/** `separators`: one for all gaps, or one a gap. */
export function printGroups(compact: string, groups: readonly number[], separators: string): string {
  let at = 0;
  return groups
    .map((length, i) => {
      const group = compact.slice(at, at + length);
      at += length;
      const separator = separators.length > 1 ? separators.charAt(i - 1) : separators;
      return i === 0 ? group : separator + group;
    })
    .join('');
}
