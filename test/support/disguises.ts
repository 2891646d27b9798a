import { PLANTED } from './planted.ts';

/** Identifiers in a sentence that says what they are, as people write them. */
export const IDENTIFIERS: Readonly<Record<string, readonly [string, (value: string) => string]>> = {
  card: [PLANTED.card, (value) => `My credit card number is ${value} and it works.`],
  iban: [PLANTED.iban, (value) => `Pay to IBAN ${value} please.`],
  ssn: [PLANTED.ssn, (value) => `My social security number is ${value} as you know.`],
  cnId: [PLANTED.cnId, (value) => `我的身份证号码是 ${value} ，谢谢。`],
  email: [PLANTED.email, (value) => `Mail me at ${value} today.`],
  phone: [PLANTED.phone, (value) => `Call my phone ${value} now.`],
};

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  e: 'е',
  o: 'о',
  c: 'с',
  B: 'В',
  E: 'Е',
  T: 'Т',
  S: 'Ѕ',
};

function between(mark: string): (value: string) => string {
  return (value) => Array.from(value).join(mark);
}

function shifted(value: string, zero: number): string {
  return value.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
}

function escaped(value: string, of: (unit: number) => string): string {
  return Array.from(value, (character) => of(character.charCodeAt(0))).join('');
}

const hex4 = (unit: number): string => unit.toString(16).padStart(4, '0');

/** Ways to write a value so that a filter for its letters passes over it, while a model or a person still reads it. */
export const DISGUISES: Readonly<Record<string, (value: string) => string>> = {
  'zero-width spaces': between('\u200b'),
  'zero-width joiners and word joiners': between('\u200d\u2060'),
  'soft hyphens': between('\u00ad'),
  'bidi overrides': (value) => `\u202d${between('\u2066')(value)}\u2069\u202c`,
  'variation selectors': between('\ufe0f'),
  'tag characters': between('\u{e0020}'),
  'full width': (value) =>
    escaped(value, (unit) => (unit === 0x20 ? '\u3000' : String.fromCharCode(unit + 0xfee0))),
  'Arabic-Indic digits': (value) => shifted(value, 0x660),
  'Devanagari digits': (value) => shifted(value, 0x966),
  'mathematical digits': (value) => shifted(value, 0x1d7ce),
  homoglyphs: (value) => value.replace(/[aeocBETS]/g, (letter) => LOOK_ALIKES[letter] ?? letter),
  'other blanks and dashes': (value) => value.replaceAll(' ', '\u2007').replaceAll('-', '\u2011'),
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64 for URLs': (value) => Buffer.from(value).toString('base64url'),
  percent: (value) => escaped(value, (unit) => `%${unit.toString(16)}`),
  'percent, where it must be': (value) => encodeURIComponent(value),
  'HTML entities': (value) => escaped(value, (unit) => `&#${unit};`),
  'hexadecimal HTML entities': (value) => escaped(value, (unit) => `&#x${unit.toString(16)};`),
  'escapes of JSON': (value) => escaped(value, (unit) => `\\u${hex4(unit)}`),
  'escapes of JSON in JSON': (value) => escaped(value, (unit) => `\\\\u${hex4(unit)}`),
};

/** Whether somebody who tries everything reads the value out of a text. */
export function readsOut(text: string, value: string): boolean {
  const wanted = bare(value);
  const runs = [...text.matchAll(/[\w+/-]{8,}/g)].map(([run]) =>
    Buffer.from(run, 'base64').toString('latin1'),
  );
  return [text, ...runs].some((read) => bare(undone(read)).includes(wanted));
}

function bare(text: string): string {
  const ascii = text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u0966-\u096f]/g, (digit) =>
      String((digit.charCodeAt(0) - (digit < '\u0700' ? 0x660 : 0x966)) % 10),
    )
    .replace(
      /[\u0400-\u04ff]/g,
      (letter) => Object.entries(LOOK_ALIKES).find(([, like]) => like === letter)?.[0] ?? letter,
    );
  return ascii.replace(/[^A-Za-z0-9@.]/g, '').toUpperCase();
}

function undone(text: string): string {
  return text
    .replace(/\\+u([\da-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/&#x([\da-f]+);/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCharCode(Number(digits)));
}
