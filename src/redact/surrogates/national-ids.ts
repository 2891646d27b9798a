import { ISSUED_IDS } from '../../detect/recognizers/issued-ids.ts';
import { isMod11And10 } from '../../detect/checksums/iso7064.ts';
import { isLuhn } from '../../detect/checksums/luhn.ts';
import { isVerhoeff } from '../../detect/checksums/verhoeff.ts';
import { type Draws } from './draws.ts';
import { compactOf, type Generator, grouped } from './making.ts';

/** Enough for the rarest: one candidate in some hundreds passes two check digits and a calendar. */
const MAX_TRIES = 4000;

type Draft = (compact: string, draws: Draws) => string | undefined;
type Check = (compact: string) => boolean;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const two = (value: number): string => String(value).padStart(2, '0');

/** Another character of its own kind. */
function alike(unit: string, draws: Draws, letters = LETTERS): string {
  return /\d/.test(unit) ? draws.letter('0123456789') : draws.letter(letters);
}

/** Keeps the first `kept` characters and draws the others. */
function tailDrawn(kept: number, letters?: string): Draft {
  return (compact, draws) =>
    compact.slice(0, kept) + Array.from(compact.slice(kept), (unit) => alike(unit, draws, letters)).join('');
}

function birthday(draws: Draws, yearDigits: 2 | 4): string {
  const year = 1940 + draws.int(65);
  return `${String(year).slice(-yearDigits)}${two(1 + draws.int(12))}${two(1 + draws.int(28))}`;
}

/** A draft and what proves it: by default the recogniser's own check, the one that the value itself passed. */
interface Recipe {
  readonly draft: Draft;
  readonly check?: Check;
}

/**
 * Ranges in which nobody lives, where the issuer keeps one. No birthday is that of the value, and no number says more
 * of its holder than the country, but for the province of a Chinese one (three million people at least).
 */
const RECIPES: Readonly<Record<string, Recipe>> = {
  // Never issued: areas from 900, with groups that are no ITIN's either.
  US_SSN: {
    draft: (_, draws) => `9${draws.digits(2)}${two(1 + draws.int(49))}${draws.digits(4)}`,
    check: (digits) => !digits.endsWith('0000'),
  },
  // Groups 89 and 93 are in no ITIN.
  US_ITIN: { draft: (_, draws) => `9${draws.digits(2)}${draws.pick(['89', '93'])}${draws.digits(4)}`, check: () => true }, // prettier-ignore
  US_BANK_NUMBER: { draft: tailDrawn(0) },
  // The second letter is the holder's initial.
  MEDICAL_LICENSE: { draft: tailDrawn(1) },
  US_NPI: { draft: tailDrawn(1) },
  US_MBI: { draft: tailDrawn(1, 'ACDEFGHJKMNPQRTUVWXY') },
  US_PASSPORT: { draft: tailDrawn(0) },
  US_DRIVER_LICENSE: { draft: tailDrawn(0) },
  // Kept for tests.
  UK_NHS: { draft: (_, draws) => `999${draws.digits(7)}` },
  // The prefix of HMRC's own examples, never given out.
  UK_NINO: {
    draft: (_, draws) => `QQ${draws.digits(6)}${draws.letter('ABCD')}`,
    check: () => true,
  },
  EU_VAT: { draft: tailDrawn(2) },
  // The leading 0 is for tests (BZSt).
  DE_TAX_ID: { draft: (_, draws) => `0${draws.digits(10)}`, check: isMod11And10 },
  // Department 99: born abroad, in no country that has a code.
  FR_NIR: {
    draft: (compact, draws) =>
      `${draws.pick(['1', '2'])}${birthday(draws, 2).slice(0, 4)}99${draws.digits(compact.length - 7)}`,
  },
  ES_NIF: { draft: tailDrawn(0, 'TRWAGMYFPDXBNJZSQVHLCKE') },
  ES_NIE: { draft: tailDrawn(1, 'TRWAGMYFPDXBNJZSQVHLCKE') },
  IT_FISCAL_CODE: {
    draft: (_, draws) =>
      `${draws.letters('BCDFGLMNPRSTVZ', 6)}${draws.digits(2)}${draws.letter('ABCDEHLMPRST')}${two(1 + draws.int(28))}Z${draws.digits(3)}${draws.letter(LETTERS)}`,
  },
  // Kept for tests.
  NL_BSN: { draft: (_, draws) => `999${draws.digits(6)}` },
  PL_PESEL: { draft: (_, draws) => birthday(draws, 2) + draws.digits(5) },
  // Birth numbers 980–989 are Skatteverket's test persons.
  SE_PERSONNUMMER: {
    draft: (compact, draws) => `${birthday(draws, compact.length === 12 ? 4 : 2)}98${draws.digits(2)}`,
  },
  CH_AHV: { draft: tailDrawn(3) },
  // UIDAI's test numbers begin with 9999.
  IN_AADHAAR: { draft: (_, draws) => `9999${draws.digits(8)}`, check: isVerhoeff },
  IN_PAN: {
    draft: (compact, draws) =>
      `${draws.letters(LETTERS, 3)}${compact.charAt(3)}${draws.letter(LETTERS)}${draws.digits(4)}${draws.letter(LETTERS)}`,
  },
  AU_TFN: { draft: tailDrawn(0) },
  AU_ABN: { draft: tailDrawn(0) },
  AU_ACN: { draft: tailDrawn(0) },
  AU_MEDICARE: { draft: tailDrawn(0) },
  SG_NRIC: { draft: (_, draws) => `${draws.letter('STFG')}${draws.digits(7)}${draws.letter(LETTERS)}` },
  JP_MY_NUMBER: { draft: tailDrawn(0) },
  KR_RRN: { draft: (_, draws) => `${birthday(draws, 2)}${draws.letter('12')}${draws.digits(6)}` },
  BR_CPF: { draft: tailDrawn(0) },
  // County 0000 stands for the province itself, where nobody is registered.
  CN_RESIDENT_ID: {
    draft: (compact, draws) =>
      compact.length === 18
        ? `${compact.slice(0, 2)}0000${birthday(draws, 4)}${draws.digits(3)}${draws.letter('0123456789X')}`
        : `${compact.slice(0, 2)}0000${birthday(draws, 2)}${draws.digits(3)}`,
  },
  // Segments that no carrier has been given.
  CN_MOBILE: { draft: (_, draws) => `${draws.pick(['142', '143', '154'])}${draws.digits(8)}` },
  CN_PASSPORT: { draft: (compact, draws) => tailDrawn(compact.search(/\d/))(compact, draws) },
  CN_USCC: {
    draft: (compact, draws) =>
      `${compact.slice(0, 4)}0000${draws.letters('0123456789ABCDEFGHJKLMNPQRTUWXY', 10)}`,
  },
  // The maker's code says nothing of the owner.
  VIN: {
    draft: (compact, draws) =>
      `${compact.slice(0, 3)}${draws.letters('0123456789ABCDEFGHJKLMNPRSTUVWXYZ', 10)}${draws.digits(4)}`,
  },
  // Reporting body 00: test equipment.
  IMEI: { draft: (_, draws) => `00${draws.digits(13)}`, check: isLuhn },
  ID: { draft: tailDrawn(0) },
  ID_NUMBER: { draft: tailDrawn(0) },
  TAX_NUMBER: { draft: tailDrawn(0) },
  ACCOUNT_NUMBER: { draft: tailDrawn(0) },
};

/** Fewer say too little to be told from any other number. */
const MIN_CHARACTERS = 6;

export const NATIONAL_IDS: Readonly<Record<string, Generator>> = Object.fromEntries(
  Object.entries(RECIPES).map(([entity, recipe]) => [entity, generatorFor(entity, recipe)]),
);

function generatorFor(entity: string, { draft, check }: Recipe): Generator {
  const checks = ISSUED_IDS.filter((rule) => rule.entity === entity).flatMap((rule) => rule.check ?? []);
  return (value, { draws }) => {
    const compact = compactOf(value);
    if (!/^[A-Z\d]+$/.test(compact) || compact.length < MIN_CHARACTERS) return undefined;
    const passes = check ?? checks.find((known) => known(compact)) ?? (() => true);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const made = draft(compact, draws);
      if (made?.length !== compact.length) return undefined;
      if (made !== compact && passes(made)) return grouped(value, made);
    }
    return undefined;
  };
}
