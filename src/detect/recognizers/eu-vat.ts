import validator from 'validator';
import { isLuhn } from '../checksums/luhn.ts';
import { isMod11And10 } from '../checksums/iso7064.ts';
import { remainder, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

const VAT = new Context(
  'vat',
  'vat id',
  'vat no',
  'vat number',
  'ust-id',
  'ust-idnr',
  'ustid',
  'umsatzsteuer',
  'mwst',
  'tva',
  'numéro de tva',
  'iva',
  'partita iva',
  'p.iva',
  'btw',
  'nip',
  'moms',
  '增值税',
  '税号',
);

/** Formats by member state: EU Commission, VIES FAQ. `#` where letters and digits both occur. */
const FORMATS: readonly string[] = [
  'ATU99999999',
  'BE9999999999',
  'BG999999999',
  'BG9999999999',
  'CY99999999@',
  'CZ99999999',
  'CZ999999999',
  'CZ9999999999',
  'DE999999999',
  'DK99999999',
  'EE999999999',
  'EL999999999',
  'ES#9999999#',
  'FI99999999',
  'FR##999999999',
  'HR99999999999',
  'HU99999999',
  'IE9#99999@',
  'IE9999999@@',
  'IT99999999999',
  'LT999999999',
  'LT999999999999',
  'LU99999999',
  'LV99999999999',
  'MT99999999',
  'NL999999999B99',
  'PL9999999999',
  'PT999999999',
  'RO99999999',
  'SE999999999999',
  'SI99999999',
  'SK9999999999',
];

/** The states whose check digit is used here; the others are proven by nothing but their format. */
const CHECKS: Readonly<Record<string, (body: string) => boolean>> = {
  BE: (body) => 97 - remainder(body.slice(0, 8), 97) === Number(body.slice(8)),
  DE: isMod11And10,
  FR: (body) =>
    !/^\d\d/.test(body) || (12 + 3 * remainder(body.slice(2), 97)) % 97 === Number(body.slice(0, 2)),
  IT: isLuhn,
  PL: (body) => weightedSum(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(body.charAt(9)),
  PT: (body) => validator.isVAT(body, 'PT'),
  DK: (body) => weightedSum(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  LU: (body) => Number(body.slice(0, 6)) % 89 === Number(body.slice(6)),
};

const CHECKED = FORMATS.filter((format) => format.slice(0, 2) in CHECKS);
const UNCHECKED = FORMATS.filter((format) => !(format.slice(0, 2) in CHECKS));

/** `DE 123456789` beside `DE123456789`. */
function spaced(formats: readonly string[]): string[] {
  return formats.map((format) => `${format.slice(0, 2)} ${format.slice(2)}`);
}

function hasVatCheckDigit(compact: string): boolean {
  const country = compact.slice(0, 2);
  return Object.hasOwn(CHECKS, country) && CHECKS[country]?.(compact.slice(2)) === true;
}

export const EU_VAT: readonly IdRule[] = [
  {
    entity: 'EU_VAT',
    alone: CHECKED,
    inContext: spaced(CHECKED),
    check: hasVatCheckDigit,
    context: VAT,
    score: 0.7,
    capitals: true,
  },
  {
    entity: 'EU_VAT',
    alone: [],
    inContext: [...UNCHECKED, ...spaced(UNCHECKED)],
    context: VAT,
    capitals: true,
  },
];
