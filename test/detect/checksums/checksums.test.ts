import test from 'ava';
import fc from 'fast-check';
import { isBase58Check, isBech32 } from '../../../src/detect/checksums/bitcoin.ts';
import { isBirthday6, isBirthday8, isCalendarDay } from '../../../src/detect/checksums/date.ts';
import { isFiscalCode } from '../../../src/detect/checksums/fiscal-code.ts';
import { isMod11And10, isMod11Radix2 } from '../../../src/detect/checksums/iso7064.ts';
import { isLuhn } from '../../../src/detect/checksums/luhn.ts';
import { isVerhoeff } from '../../../src/detect/checksums/verhoeff.ts';
import { remainder } from '../../../src/detect/checksums/weighted.ts';

/** Algorithms that promise to notice every change of one digit, each with a published number. */
const SINGLE_DIGIT: readonly (readonly [string, (digits: string) => boolean, string])[] = [
  ['Luhn', isLuhn, '4111111111111111'],
  ['Verhoeff', isVerhoeff, '234123412346'],
  ['ISO 7064 MOD 11-2', isMod11Radix2, '110105194912310021'.slice(0, 17) + 'X'],
  ['ISO 7064 MOD 11,10', isMod11And10, '136695976'],
];

for (const [name, check, valid] of SINGLE_DIGIT) {
  test(`${name} accepts a published number and notices every changed digit`, (t) => {
    t.true(check(valid));
    fc.assert(
      fc.property(fc.nat(valid.length - 2), fc.integer({ min: 1, max: 9 }), (at, add) => {
        const digit = (Number(valid.charAt(at)) + add) % 10;
        return !check(valid.slice(0, at) + String(digit) + valid.slice(at + 1));
      }),
    );
  });
}

test('exactly one check digit completes a Luhn or Verhoeff number', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,18}$/), (body) => {
      for (const check of [isLuhn, isVerhoeff]) {
        if ('0123456789'.split('').filter((digit) => check(body + digit)).length !== 1) return false;
      }
      return true;
    }),
  );
  t.pass();
});

test('Verhoeff notices swapped neighbours', (t) => {
  t.true(isVerhoeff('234123412346'));
  t.false(isVerhoeff('324123412346'));
});

test('the remainder of a long number is that of arithmetic', (t) => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.integer({ min: 2, max: 9973 }),
      (value, modulus) => {
        t.is(remainder(value.toString(), modulus), Number(value % BigInt(modulus)));
      },
    ),
  );
});

test('a birthday is a day of the calendar', (t) => {
  t.true(isBirthday8('20000229'));
  t.false(isBirthday8('19000229'));
  t.false(isBirthday8('19841301'));
  t.false(isBirthday8('17840312'));
  t.true(isBirthday6('840229'));
  t.false(isBirthday6('840431'));
  t.false(isCalendarDay(0, 1));
});

test('a fiscal code may spell its digits as letters', (t) => {
  t.true(isFiscalCode('RSSMRA85T10A562S'));
  t.false(isFiscalCode('RSSMRA85T10A562A'));
  t.false(isFiscalCode('RSSMRA85T00A562S'));
});

test('bech32 refuses mixed case and Base58Check a changed letter', (t) => {
  t.true(isBech32('BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ'));
  t.false(isBech32('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdQ'));
  t.true(isBase58Check('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'));
  t.false(isBase58Check('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz'));
  t.false(isBase58Check('z'.repeat(35)));
});
