import { iban, luhnDigit } from './check-digits.ts';
import { type Lists, type Locale } from './lists.ts';
import { printGroups } from './national-ids.ts';
import { type Part, formatsOf } from './partition.ts';
import { type Random } from './random.ts';

type Maker = (random: Random) => string;

/** Ranges kept for fiction where a country has them (NANPA 555-01xx, Ofcom, Bundesnetzagentur, Arcep). */
const PHONES: Readonly<Record<Locale, readonly Maker[]>> = {
  en: [
    (r) => `(${r.pick(['212', '312', '415', '617'])}) 555-01${r.digits(2)}`,
    (r) => `+1 ${r.pick(['206', '303', '512'])} 555 01${r.digits(2)}`,
    (r) => `${r.pick(['212', '404', '702'])}-555-01${r.digits(2)}`,
    (r) => `020 7946 0${r.digits(3)}`,
    (r) => `+44 7700 900${r.digits(3)}`,
    (r) => `${r.pick(['0113', '0117', '0161'])} 496 0${r.digits(3)}`,
    (r) => `${r.pick(['503', '615', '813'])}.555.01${r.digits(2)}`,
    (r) => `+1-${r.pick(['214', '305'])}-555-01${r.digits(2)}`,
    (r) => `(${r.pick(['206', '617'])}) 555-01${r.digits(2)} ext. ${r.int(10, 999)}`,
  ],
  zh: [
    (r) => `010-8${r.digits(3)}${r.digits(4)}`,
    (r) => `021-6${r.digits(3)} ${r.digits(4)}`,
    (r) => `+86 755 8${r.digits(3)} ${r.digits(4)}`,
  ],
  de: [
    (r) => `030 23125 ${r.digits(3)}`,
    (r) => `+49 171 39200${r.digits(2)}`,
    (r) => `0171/39200${r.digits(2)}`,
  ],
  fr: [
    (r) => `06 39 98 ${r.digits(2)} ${r.digits(2)}`,
    (r) => `+33 6 39 98 ${r.digits(2)} ${r.digits(2)}`,
    (r) => `06.39.98.${r.digits(2)}.${r.digits(2)}`,
  ],
  es: [(r) => `612 34 ${r.digits(2)} ${r.digits(2)}`, (r) => `+34 612 3${r.digits(2)} ${r.digits(3)}`, (r) => `612 3${r.digits(2)} ${r.digits(3)}`], // prettier-ignore
  it: [(r) => `347 55${r.digits(5)}`, (r) => `+39 347 55${r.digits(1)} ${r.digits(4)}`, (r) => `02 5555 ${r.digits(4)}`], // prettier-ignore
  nl: [(r) => `06 1234 ${r.digits(4)}`, (r) => `+31 6 1234${r.digits(4)}`, (r) => `06-1234${r.digits(4)}`],
  pt: [(r) => `912 34${r.digits(1)} ${r.digits(3)}`, (r) => `+351 912 34${r.digits(1)} ${r.digits(3)}`, (r) => `91234${r.digits(4)}`], // prettier-ignore
};

const UNSEEN_PHONES: Readonly<Record<Locale, readonly Maker[]>> = {
  en: [(r) => `+44 (0)20 7946 0${r.digits(3)}`, (r) => `1-${r.pick(['303', '512'])}-555-01${r.digits(2)}`],
  zh: [(r) => `0571-8${r.digits(7)}`, (r) => `0755-2${r.digits(3)}-${r.digits(4)}`],
  de: [(r) => `0176 040690${r.digits(2)}`, (r) => `(030) 23125-${r.digits(3)}`],
  fr: [
    (r) => `01 99 00 ${r.digits(2)} ${r.digits(2)}`,
    (r) => `+33 (0)6 39 98 ${r.digits(2)} ${r.digits(2)}`,
  ],
  es: [(r) => `612-34-${r.digits(2)}-${r.digits(2)}`, (r) => `(+34) 91 05${r.digits(1)} ${r.digits(2)} ${r.digits(2)}`], // prettier-ignore
  it: [(r) => `347/55${r.digits(5)}`, (r) => `+39 02 5555${r.digits(4)}`],
  nl: [(r) => `+31 (0)6 1234 ${r.digits(4)}`, (r) => `020-5550${r.digits(3)}`],
  pt: [(r) => `(+351) 212 34${r.digits(1)} ${r.digits(3)}`, (r) => `212-34${r.digits(1)}-${r.digits(3)}`],
};

export function makePhone(locale: Locale, part: Part, random: Random): string {
  return random.pick(formatsOf(PHONES[locale], part, UNSEEN_PHONES[locale]))(random);
}

export function makeMobile(part: Part, random: Random): string {
  const compact = `1${random.pick(['30', '38', '50', '59', '77', '86', '98'])}${random.digits(8)}`;
  return random.pick(
    formatsOf<(n: string) => string>(
      [(n) => n, (n) => printGroups(n, [3, 4, 4], ' '), (n) => printGroups(n, [3, 4, 4], '-'), (n) => `+86 ${n}`, (n) => `+86-${n}`, (n) => `(+86)${n}`], // prettier-ignore
      part,
    ),
  )(compact);
}

const ASCII = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
const ROMAN = ['wangli', 'zhangw', 'chenj', 'liuyang', 'zhoux', 'sunmei', 'hebin', 'luofei'];

/** Local parts the way people choose them; top-level domains reserved by RFC 2606 or plainly ordinary. */
export function makeEmail(locale: Locale, part: Part, random: Random, lists: Lists): string {
  const first = locale === 'zh' ? random.pick(ROMAN) : ASCII(random.pick(lists.given));
  const last = locale === 'zh' ? random.pick(['88', 'work', 'office']) : ASCII(random.pick(lists.surname));
  const domain = random.pick(lists.domain);
  const country = { en: 'co.uk', zh: 'com.cn', de: 'de', fr: 'fr', es: 'es', it: 'it', nl: 'nl', pt: 'pt' }[
    locale
  ];
  return random.pick(
    formatsOf(
      [
        `${first}.${last}@${domain}.example`,
        `${first.charAt(0)}${last}@${domain}.com`,
        `${first}_${last}${random.int(1, 99)}@mail.${domain}.org`,
        `${first}${random.int(1950, 2009)}@${domain}.${country}`,
        `${last}+${random.pick(['news', 'work', 'orders'])}@${domain}.net`,
        `${first.toUpperCase()}.${last.toUpperCase()}@${domain.toUpperCase()}.COM`,
      ],
      part,
      locale === 'zh'
        ? [`${first}${random.int(100, 9999)}@${domain}.${country}`]
        : [`${last}.${first.charAt(0)}@${domain}.${country}`],
    ),
  );
}

const ISSUERS: readonly (readonly [prefix: string, length: number, groups: readonly number[]])[] = [
  ['4', 16, [4, 4, 4, 4]],
  ['53', 16, [4, 4, 4, 4]],
  ['37', 15, [4, 6, 5]],
  ['6011', 16, [4, 4, 4, 4]],
  ['2221', 16, [4, 4, 4, 4]],
  ['36', 14, [4, 6, 4]],
];

function withLuhn(random: Random, prefix: string, length: number): string {
  const body = prefix + random.digits(length - 1 - prefix.length);
  return body + luhnDigit(body);
}

export function makeCard(part: Part, random: Random): string {
  const [prefix, length, groups] = random.pick(ISSUERS);
  const [sizes, separator] = random.pick(
    formatsOf<readonly [readonly number[], string]>([[[length], ''], [groups, ' '], [groups, '-'], [groups, '.'], [[length], ''], [groups, ' ']], part), // prettier-ignore
  );
  return printGroups(withLuhn(random, prefix, length), sizes, separator);
}

/** UnionPay debit cards. */
export function makeBankCard(part: Part, random: Random): string {
  const length = random.pick([16, 19]);
  const compact = withLuhn(random, random.pick(['6222', '6217', '6228', '6236']), length);
  const groups = length === 16 ? [4, 4, 4, 4] : [4, 4, 4, 4, 3];
  return random.pick(
    formatsOf([compact, printGroups(compact, groups, ' '), printGroups(compact, groups, '-')], part),
  );
}

const ACCOUNTS: Readonly<Record<Locale, readonly [country: string, make: Maker]>> = {
  en: ['GB', (r) => r.letters(4) + r.digits(14)],
  zh: ['DE', (r) => r.digits(18)],
  de: ['DE', (r) => r.digits(18)],
  fr: ['FR', (r) => r.digits(23)],
  es: ['ES', (r) => r.digits(20)],
  it: ['IT', (r) => r.letters(1) + r.digits(22)],
  nl: ['NL', (r) => r.letters(4) + r.digits(10)],
  pt: ['PT', (r) => r.digits(21)],
};

export function makeIban(locale: Locale, part: Part, random: Random): string {
  const [country, make] = ACCOUNTS[locale];
  const compact = iban(country, make(random));
  const grouped = compact.replace(/(.{4})(?=.)/g, '$1 ');
  return random.pick(formatsOf([compact, grouped, grouped.replaceAll(' ', '-')], part));
}

export function makeIp(part: Part, random: Random): string {
  const net = random.pick(['192.0.2', '198.51.100', '203.0.113']);
  const group = (): string => random.int(1, 65_535).toString(16);
  return random.pick(
    formatsOf(
      [`${net}.${random.int(1, 254)}`, `2001:db8::${group()}`, `10.${random.int(0, 99)}.${random.int(0, 99)}.${random.int(1, 254)}`, `2001:db8:${group()}:${group()}::${group()}`, `192.168.${random.int(0, 99)}.${random.int(2, 254)}`, `${net}.${random.int(1, 254)}`], // prettier-ignore
      part,
    ),
  );
}

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Assembled at run time, so that no secret scanner finds a key in this file. */
export function makeSecret(part: Part, random: Random): string {
  const any = (count: number): string => `${random.letters(count - 2, ALNUM)}7q`;
  return random
    .pick(
      formatsOf(
        [
          ['AKIA', random.letters(14, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), '23'],
          ['ghp', '_', any(36)],
          ['sk', '_live_', any(24)],
          ['sk', '-proj-', any(40)],
          ['glpat', '-', any(20)],
          ['hf', '_', any(34)],
          [any(40)],
          ['xox', 'b-', random.digits(12), '-', any(24)],
          [random.letters(30, '0123456789abcdef'), 'f4'],
        ],
        part,
      ),
    )
    .join('');
}

export function makePassword(part: Part, random: Random): string {
  const word = random.pick(['Kite', 'Mango', 'Tundra', 'Violin', 'Harbor', 'Pebble']);
  return random.pick(
    formatsOf(
      [`${word}${random.int(10, 9999)}!`, `${random.letters(4, ALNUM)}-${random.letters(4, ALNUM)}-${random.int(10, 99)}`, `${word.toLowerCase()}_${random.int(100, 999)}#${random.letters(2)}`], // prettier-ignore
      part,
    ),
  );
}
