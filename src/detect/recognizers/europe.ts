import { isBirthday6, isBirthday8 } from '../checksums/date.ts';
import { isFiscalCode } from '../checksums/fiscal-code.ts';
import { isMod11And10 } from '../checksums/iso7064.ts';
import { isLuhn } from '../checksums/luhn.ts';
import { isRepeated, remainder, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** §139b AO: never a leading 0, one digit of the first ten twice or three times, ISO 7064 MOD 11,10. */
function isGermanTaxId(digits: string): boolean {
  if (digits.startsWith('0') || !isMod11And10(digits)) return false;
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] === 2 || repeated[0] === 3);
}

/** Sex, year, month (or 20, 30–42, 50–99 for unknown ones), department (2A, 2B for Corsica), then 97 − n mod 97. */
function isNir(compact: string): boolean {
  const match = /^[1-478]\d{2}(\d{2})(\d[0-9AB])\d{6}(\d{2})?$/.exec(compact);
  if (match === null) return false;
  const [, month = '', department = '', key] = match;
  const number = Number(month);
  const known =
    (number >= 1 && number <= 12) || number === 20 || (number >= 30 && number !== 43 && number <= 99);
  if (!known || (number > 42 && number < 50) || (/[AB]/.test(department) && !/^2[AB]$/.test(department)))
    return false;
  if (key === undefined) return true;
  const digits = compact.slice(0, 13).replace(/2A/, '19').replace(/2B/, '18');
  return 97 - remainder(digits, 97) === Number(key);
}

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spanish personal number: the letter is the number modulo 23; a foreigner's X, Y, Z stand for 0, 1, 2. */
function isNif(compact: string): boolean {
  const digits = compact.slice(0, 8).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return /^\d{8}$/.test(digits) && compact.charAt(8) === NIF_LETTERS.charAt(Number(digits) % 23);
}

function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const birthday = digits.slice(0, 2) + String(month).padStart(2, '0') + digits.slice(4, 6);
  const sum = weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
  return isBirthday6(birthday) && sum % 10 === 0;
}

/** The day may be 60 higher (coordination number). */
function isPersonnummer(digits: string): boolean {
  const ten = digits.slice(-10);
  if (digits.length === 12 && !/^(?:18|19|20)/.test(digits)) return false;
  const day = Number(ten.slice(4, 6));
  const birthday = ten.slice(0, 4) + String(day > 60 ? day - 60 : day).padStart(2, '0');
  const plausible = digits.length === 12 ? isBirthday8(digits.slice(0, 2) + birthday) : isBirthday6(birthday);
  return plausible && isLuhn(ten);
}

export const EUROPE: readonly IdRule[] = [
  {
    entity: 'DE_TAX_ID',
    alone: ['99 999 999 999'],
    inContext: ['99999999999', '999 999 99 999'],
    check: isGermanTaxId,
    context: new Context(
      'steuer-id',
      'steuerid',
      'steuer id',
      'steueridentifikationsnummer',
      'steuerliche identifikationsnummer',
      'idnr',
      'tin',
      'tax id',
      'german tax',
      '税号',
    ),
    score: 0.6,
  },
  {
    entity: 'FR_NIR',
    alone: [
      '999999999999999',
      '9999999999999 99',
      '9999999999999-99',
      '9 99 99 99 999 999 99',
      '9 99 99 99 999 999-99',
      '999999@99999999',
      '999999@999999 99',
      '9 99 99 9@ 999 999 99',
    ],
    inContext: ['9999999999999', '9 99 99 99 999 999'],
    check: isNir,
    context: new Context(
      'nir',
      'sécurité sociale',
      'securite sociale',
      'numéro de sécu',
      'numéro de sécurité sociale',
      'insee',
      'carte vitale',
      'french social security',
      '社会保障号',
    ),
  },
  {
    entity: 'ES_NIF',
    alone: ['99999999@', '99999999-@'],
    inContext: ['99.999.999-@', '99.999.999 @', '99.999.999@', '99 999 999 @', '99 999 999-@', '99999999 @'],
    check: isNif,
    context: new Context(
      'nif',
      'dni',
      'n.i.f',
      'd.n.i',
      'documento nacional',
      'identidad',
      'spanish id',
      '西班牙身份证',
    ),
    score: 0.7,
    capitals: true,
  },
  {
    entity: 'ES_NIE',
    alone: ['@9999999@', '@-9999999-@', '@9999999-@'],
    inContext: ['@ 9999999 @'],
    check: isNif,
    context: new Context('nie', 'extranjero', 'identificación', 'foreigner', '外国人'),
    score: 0.7,
    capitals: true,
  },
  {
    entity: 'IT_FISCAL_CODE',
    // The groups of the card, of forms, and of people who read it out; the check leaves no room for chance.
    alone: [
      '@@@@@@##@##@###@',
      ...[' ', '-', '.'].flatMap((gap) =>
        ['@@@|@@@|##@##|@###@', '@@@|@@@|##@##@###@', '@@@|@@@|##@##|@###|@', '@@@|@@@|##|@##|@###|@']
          .concat(
            '@@@|@@@|##@|##|@###@',
            '@@@|@@@|##|@##|@###@',
            '@@@@@@|##@##|@###@',
            '@@@@@@|##@##@###@',
            '@@@@@@|##@##|@###|@',
          )
          .map((format) => format.replaceAll('|', gap)),
      ),
    ],
    inContext: [],
    check: isFiscalCode,
    context: new Context('codice fiscale', 'fiscal code', 'cod fisc', 'c.f.', '意大利税号'),
  },
  {
    entity: 'NL_BSN',
    alone: [],
    inContext: ['999999999', '9999.99.999', '999 999 999', '9999 99 999'],
    check: (digits) => !isRepeated(digits) && weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    context: new Context('bsn', 'burgerservicenummer', 'sofinummer', 'citizen service', '公民服务号'),
  },
  {
    entity: 'PL_PESEL',
    alone: [],
    inContext: ['99999999999'],
    check: isPesel,
    context: new Context('pesel', 'polish id', 'numer pesel', '波兰身份证'),
  },
  {
    entity: 'SE_PERSONNUMMER',
    alone: ['999999-9999', '99999999-9999'],
    inContext: ['9999999999', '999999999999', '999999+9999'],
    check: isPersonnummer,
    context: new Context(
      'personnummer',
      'personnr',
      'samordningsnummer',
      'swedish id',
      'personal identity number',
      '瑞典身份证',
    ),
    score: 0.7,
  },
  {
    entity: 'CH_AHV',
    alone: ['756.9999.9999.99', '7569999999999', '756 9999 9999 99'],
    inContext: [],
    // EAN-13.
    check: (digits) => weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
    context: new Context('ahv', 'avs', 'ahv-nr', 'sozialversicherungsnummer', 'numéro avs', '瑞士社保'),
  },
];
