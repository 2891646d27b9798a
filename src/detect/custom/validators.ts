import validator from 'validator';
import { isMod11And10, isMod11Radix2 } from '../checksums/iso7064.ts';
import { isLuhn } from '../checksums/luhn.ts';
import { isVerhoeff } from '../checksums/verhoeff.ts';
import { isRepeated, remainder } from '../checksums/weighted.ts';
import { type ValidatorName } from './definition.ts';

const DIGITS = /^\d+$/;

/** Each gets the letters (upper-cased) and digits of a match, without what stands between them. */
const CHECKS: Readonly<Record<ValidatorName, (compact: string) => boolean>> = {
  luhn: (text) => DIGITS.test(text) && !isRepeated(text) && isLuhn(text),
  verhoeff: (text) => DIGITS.test(text) && !isRepeated(text) && isVerhoeff(text),
  'iban-mod97': (text) => validator.isIBAN(text),
  'iso7064-mod97-10': (text) => DIGITS.test(text) && remainder(text, 97) === 1,
  'iso7064-mod11-2': (text) => /^\d+X?$/.test(text) && isMod11Radix2(text),
  'iso7064-mod11-10': (text) => DIGITS.test(text) && isMod11And10(text),
};

export function createValidator(name: ValidatorName): (match: string) => boolean {
  const check = CHECKS[name];
  return (match) => {
    const compact = match.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
    return compact !== '' && check(compact);
  };
}
