import test from 'ava';
import fc from 'fast-check';
import {
  cpfDigits,
  creditCodeCheck,
  fiscalCodeLetter,
  iban,
  luhnDigit,
  mod1110Digit,
  nhsDigit,
  residentIdCheck,
  weighted,
} from '../../eval/check-digits.ts';
import { REGIONS, SAMPLES, withSurrogates } from './samples.ts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { slot } from '../calls.ts';
import { protect } from '../../../src/redact/protect.ts';

function surrogateOf(entity: string, value: string, scope = 'alice'): string {
  const { texts, applied } = withSurrogates([value], [{ entity, value }], { scope });
  return applied[0]?.[0] === 'surrogate' ? (texts[0] ?? '') : `no surrogate: ${texts[0] ?? ''}`;
}

const compact = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
const shape = (text: string): string =>
  text.replace(/\p{Lu}/gu, 'A').replace(/\p{Ll}/gu, 'a').replace(/\d/g, '9'); // prettier-ignore

for (const { entity, value } of SAMPLES) {
  test(`${entity} ${value}: another value, the same one in each call of a scope, put back exactly`, (t) => {
    const made = surrogateOf(entity, value);
    t.notRegex(made, /no surrogate/);
    t.not(made, value);
    t.is(surrogateOf(entity, value), made);
    const others = Array.from({ length: 12 }, (_, n) => surrogateOf(entity, value, `caller ${n}`));
    t.true(others.some((other) => other !== made));
    const said = `see ${value}, please`;
    const { texts, revealer } = withSurrogates([said], [{ entity, value }]);
    t.false(texts.join().includes(value));
    t.is(revealer.reveal(texts[0] ?? '', 'none'), said);
  });
}

const NUMBERS = SAMPLES.filter(({ entity }) => !/EMAIL|URL|IP_|DATE|PERSON$|ORG|LOC|ADDR|USER/.test(entity));

test('numbers keep the way they are printed', (t) => {
  for (const { entity, value } of NUMBERS.filter((one) => one.entity !== 'UK_NINO')) {
    const same = shape(surrogateOf(entity, value)).replace(/[Aa9]/g, 'x');
    t.is(same, shape(value).replace(/[Aa9]/g, 'x'), entity);
  }
});

/** Independent of the recognisers' own checks, by which the surrogates were chosen. */
const PROOFS: Readonly<Record<string, (made: string) => boolean>> = {
  CREDIT_CARD: (n) => luhnDigit(n.slice(0, -1)) === n.slice(-1),
  CN_BANK_CARD: (n) => n.startsWith('62') && luhnDigit(n.slice(0, -1)) === n.slice(-1),
  IMEI: (n) => n.startsWith('00') && luhnDigit(n.slice(0, -1)) === n.slice(-1),
  IBAN_CODE: (n) => iban(n.slice(0, 2), n.slice(4)) === n,
  US_SSN: (n) => n.startsWith('9') && Number(n.slice(3, 5)) >= 1 && Number(n.slice(3, 5)) < 50,
  US_NPI: (n) => luhnDigit(`80840${n.slice(0, -1)}`) === n.slice(-1),
  UK_NHS: (n) => n.startsWith('999') && nhsDigit(n.slice(0, 9)) === n.slice(9),
  UK_NINO: (n) => /^QQ\d{6}[A-D]$/.test(n),
  DE_TAX_ID: (n) => n.startsWith('0') && mod1110Digit(n.slice(0, 10)) === n.slice(10),
  FR_NIR: (n) => n.slice(5, 7) === '99' && 97 - Number(BigInt(n.slice(0, 13)) % 97n) === Number(n.slice(13)),
  ES_NIF: (n) => 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(n.slice(0, 8)) % 23) === n.slice(8),
  IT_FISCAL_CODE: (n) => fiscalCodeLetter(n.slice(0, 15)) === n.slice(15),
  NL_BSN: (n) => n.startsWith('999') && weighted(n, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  PL_PESEL: (n) => weighted(n, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  SE_PERSONNUMMER: (n) => n.slice(6, 8) === '98' && luhnDigit(n.slice(0, 9)) === n.slice(9),
  CH_AHV: (n) => n.startsWith('756') && weighted(n, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  IN_AADHAAR: (n) => n.startsWith('9999'),
  BR_CPF: (n) => cpfDigits(n.slice(0, 9)) === n.slice(9),
  CN_RESIDENT_ID: (n) => n.startsWith('110000') && residentIdCheck(n.slice(0, 17)) === n.slice(17),
  CN_USCC: (n) => creditCodeCheck(n.slice(0, 17)) === n.slice(17),
  CN_MOBILE: (n) => /^1(?:42|43|54)\d{8}$/.test(n),
};

for (const [entity, proof] of Object.entries(PROOFS)) {
  test(`${entity}: check digits hold, in a range that is nobody's where there is one`, (t) => {
    for (const { value } of SAMPLES.filter((sample) => sample.entity === entity)) {
      for (let n = 0; n < 30; n++) {
        const made = surrogateOf(entity, value, `caller ${n}`);
        t.true(proof(compact(made)), made);
      }
    }
  });
}

test('a card keeps its network and nothing else of its number', (t) => {
  for (const [value, range] of [
    ['4539 1488 0343 6467', '400000'],
    ['5500005555555559', '555555'],
    ['2221000000000009', '222300'],
    ['341111111111111', '378282'],
    ['6011000990139424', '601111'],
  ] as const) {
    t.true(compact(surrogateOf('CREDIT_CARD', value)).startsWith(range));
  }
});

test('no identity number keeps the birthday that it tells', (t) => {
  for (const [entity, value, from, to] of [
    ['CN_RESIDENT_ID', '11010519491231002X', 6, 14],
    ['SE_PERSONNUMMER', '811228-9874', 0, 6],
    ['PL_PESEL', '44051401359', 0, 6],
    ['KR_RRN', '900101-1234568', 0, 6],
    ['FR_NIR', '185057800608491', 1, 5],
  ] as const) {
    const kept = Array.from({ length: 40 }, (_, n) => surrogateOf(entity, value, `caller ${n}`)).filter(
      (made) => compact(made).slice(from, to) === compact(value).slice(from, to),
    );
    t.true(kept.length <= 1, entity);
  }
});

test('a phone number stays in its country, valid where nobody may have it, and mobile where it was', (t) => {
  for (const { value } of SAMPLES.filter(({ entity }) => entity === 'PHONE_NUMBER')) {
    const [was, made] = [value, surrogateOf('PHONE_NUMBER', value)].map((text) =>
      parsePhoneNumberFromString(text, { defaultCountry: 'US' }),
    );
    t.is(made?.countryCallingCode, was?.countryCallingCode);
    // Ofcom's and Arcep's numbers for fiction, which libphonenumber calls nobody's.
    const fiction = /^\+(?:447700900\d{3}|3363998\d{4})$/.test(made?.number ?? '');
    t.true(fiction || made?.isValid() === true, made?.number);
    if (!fiction) t.is(made?.getType(), was?.getType());
  }
  t.regex(surrogateOf('PHONE_NUMBER', '(212) 555-0187 ext. 42'), /^\(\d{3}\) 555-01\d\d ext\. \d\d$/);
});

test('addresses of the network are from documentation ranges', (t) => {
  t.regex(surrogateOf('IP_ADDRESS', '203.0.113.9'), /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
  t.regex(surrogateOf('IP_ADDRESS', '2a00:1450:4001:81c::200e'), /^2001:db8:/);
  t.regex(surrogateOf('MAC_ADDRESS', '3c-22-fb-12-34-56'), /^00-00-5e-00-53-[\da-f]{2}$/);
  t.regex(surrogateOf('EMAIL_ADDRESS', 'MARIA@EXAMPLE.COM'), /^[A-Z]+@[A-Z]+\.EXAMPLE$/);
});

test('all dates of a caller move by the same whole weeks, however they are written', (t) => {
  const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const moved = (value: string): string => surrogateOf('DATE_TIME', value);
  const shift = days('1987-03-14', moved('1987-03-14'));
  t.is(shift % 7, 0);
  t.true(Math.abs(shift) >= 35);
  t.is(days('2020-02-29', moved('2020-02-29')), shift);
  const [, day = '', month = '', year = ''] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(moved('14.03.1987')) ?? [];
  t.is(`${year}-${month}-${day}`, moved('1987-03-14'));
  t.regex(moved('1987-03-14T09:30:00Z'), /^\d{4}-\d\d-\d\dT09:30:00Z$/);
  t.regex(moved('3. März 1987'), /^\d{1,2}\. \p{Lu}\p{Ll}+ 19\d\d$/u);
  t.regex(moved('14 de marzo de 1987'), /^\d{1,2} de \p{Ll}+ de 19\d\d$/u);
  t.regex(moved('03/14/1987'), /^\d\d\/\d\d\/19\d\d$/);
  for (const unread of ['yesterday', '1987', '31.02.1987', '2024', 'Monday']) {
    t.regex(moved(unread), /no surrogate/);
  }
});

test('a name keeps its script, its case, its titles and the words it shares with other names', (t) => {
  const value = 'Dr. MARIA García-Lopez';
  t.regex(surrogateOf('PERSON', value), /^Dr\. [A-Z]+ [A-Z][a-z]+-[A-Z][a-z]+$/);
  t.regex(surrogateOf('PERSON', '欧阳小明'), /^\p{Script=Han}{3}$/u);
  const known = ['Maria Gonzalez', 'Maria Lopez', 'Maria'].map((name) => ({ entity: 'PERSON', value: name }));
  const { texts } = withSurrogates(['Maria Gonzalez, Maria Lopez, Maria'], known);
  const [[first, one] = [], [second, two] = [], [third] = []] = (texts[0] ?? '').split(', ').map((name) => name.split(' ')); // prettier-ignore
  t.is(first, second);
  t.is(first, third);
  t.not(one, two);
});

test('what has no surrogate becomes a placeholder, and says so', (t) => {
  for (const [entity, value] of [
    ['AGE', '34 years old'],
    ['PASSWORD', 'Tundra1987!'],
    ['SECRET', 'a-secret-of-some-length'],
    ['PERSON', 'محمد علي'],
    ['EMAIL_ADDRESS', 'maria [at] example [dot] com'],
    ['CUSTOM_ID', 'X-1234'],
    ['US_PASSPORT', '１２３'],
  ] as const) {
    const { texts, applied, revealer } = withSurrogates([value], [{ entity, value }]);
    t.deepEqual([texts, applied], [[`<${entity}_1>`], [['pseudonymise']]]);
    t.is(revealer.reveal(texts[0] ?? '', 'none'), value);
  }
});

test('hidden characters and full width are not carried over', (t) => {
  t.regex(surrogateOf('CREDIT_CARD', '４１１１ １１１１ １１１１ １１１１'), /^[\d ]{19}$/);
});

test('two values never share a surrogate, and none is a text of the request', (t) => {
  const value = fc.oneof(
    fc.constantFrom(...SAMPLES),
    fc.nat(99_999).map((n) => ({ entity: 'PERSON', value: `Maria Gonzalez${n}x` })),
    fc.nat(254).map((n) => ({ entity: 'IP_ADDRESS', value: `10.0.0.${n}` })),
    fc.integer({ min: 0, max: 0x4000 }).map((n) => ({
      entity: 'PERSON',
      value: `王${String.fromCharCode(0x4e00 + n)}`,
    })),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(value, { minLength: 1, maxLength: 60, selector: ({ value: text }) => text }),
      (known) => {
        const slots = known.map((one) => slot(one.value));
        const spans = known.map(({ entity, value: text }) => [
          { start: 0, end: text.length, entity, score: 1, recognizer: 'test', validated: true },
        ]);
        const said = known.map(({ value: text }) => text);
        const { texts, revealer } = protect(slots, spans, {
          handlingOf: () => 'surrogate',
          pseudonym: (text, scope) => `${scope.length}${text}`,
          phoneRegions: REGIONS,
          surrogates: { scope: 'x', lasting: false, demandsOn: () => () => true },
        });
        t.is(new Set(texts).size, known.length);
        for (const text of texts) t.false(said.includes(text));
        t.deepEqual(
          texts.map((text) => revealer.reveal(text, 'none')),
          said,
        );
      },
    ),
    { numRuns: 60 },
  );
});
