import { type Random } from './random.ts';
import { type Value } from './values.ts';

export const VARIANTS = [
  'plain',
  'lower',
  'upper',
  'typos',
  'unpunctuated',
  'spaced',
  'fullwidth',
  'spelled',
] as const;
export type Variant = (typeof VARIANTS)[number];

/** Their value is their spelling: in capitals it is another secret, and nobody types it so. */
const LITERAL: ReadonlySet<string | undefined> = new Set(['SECRET', 'PASSWORD']);
/** Numbers people read out or type digit by digit. */
const DICTATED: ReadonlySet<string | undefined> = new Set([
  ...['CREDIT_CARD', 'PHONE_NUMBER', 'CN_MOBILE', 'CN_BANK_CARD', 'CN_RESIDENT_ID', 'US_SSN'],
]);
/** Kinds of text in which somebody tells somebody a number; nobody dictates into a log or a table. */
const SPOKEN: ReadonlySet<string> = new Set(
  'mail ticket clinical chat notes prompt transcript claim school social travel hr'.split(' '),
);
/** What a person reads as words. All else is an identifier, and the word before it its label. */
const WORDS: ReadonlySet<string | undefined> = new Set([
  ...[undefined, 'PERSON', 'LOCATION', 'ORGANIZATION', 'ADDRESS'],
]);
const ENGLISH_DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const CHINESE_DIGITS = '零一二三四五六七八九';

/** Whether the variant makes something that people write of this frame: not every text has a dictated number. */
export function suits(variant: Variant, locale: string, kind: string, segments: readonly Value[]): boolean {
  if (variant !== 'spaced' && variant !== 'spelled') return true;
  // Spelled digits are written in English and Chinese only.
  if (variant === 'spelled' && locale !== 'en' && locale !== 'zh') return false;
  return SPOKEN.has(kind) && segments.some(({ entity }) => DICTATED.has(entity));
}

export interface Surroundings {
  readonly locale: string;
  readonly random: Random;
  /** The entity of the segment behind this one. */
  readonly next: string | undefined;
}

/** One segment of a frame, the way the variant has it. Typing mistakes and missing stops stay outside gold spans. */
export function applyVariant(
  variant: Variant,
  segment: Value,
  { locale, random, next }: Surroundings,
): string {
  const { text, entity } = segment;
  switch (variant) {
    case 'plain':
      return text;
    case 'lower':
      return LITERAL.has(entity) ? text : text.toLowerCase();
    case 'upper':
      return LITERAL.has(entity) ? text : text.toUpperCase();
    case 'typos':
      return entity === undefined ? withTypos(text, random, WORDS.has(next)) : text;
    case 'unpunctuated':
      return entity === undefined
        ? text.replace(/[.,;:!?，。；：！？、“”](?=\s|$|\p{Script=Han})/gu, ' ')
        : text;
    case 'spaced':
      return DICTATED.has(entity) ? space(text) : text;
    case 'fullwidth':
      return entity === undefined || LITERAL.has(entity)
        ? text
        : text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    case 'spelled':
      return DICTATED.has(entity) ? spell(text, locale) : text;
  }
}

/** Letters before an identifier that are taken for its label. */
const LABEL = 40;

/** A label stays as it is printed: without it nobody, human or not, could tell which number follows. */
function withTypos(text: string, random: Random, toTheEnd: boolean): string {
  if (!toTheEnd) {
    const from = Math.max(text.lastIndexOf('\n') + 1, text.length - LABEL);
    return withTypos(text.slice(0, from), random, true) + text.slice(from);
  }
  return text.replace(/(\p{L})(\p{Ll})(\p{Ll})/gu, (whole, a: string, b: string, c: string) => {
    const chance = random.next();
    if (chance < 0.02) return a + c + b;
    if (chance < 0.04) return a + c;
    return chance < 0.06 ? a + b + b + c : whole;
  });
}

function spell(text: string, locale: string): string {
  if (locale === 'zh') return text.replace(/\d/g, (digit) => CHINESE_DIGITS.charAt(Number(digit)));
  const said = (token: string): string =>
    token === '+' ? 'plus' : token === 'ext' ? 'extension' : (ENGLISH_DIGITS[Number(token)] ?? '');
  return (text.match(/\+|ext|\d/g) ?? []).map(said).join(' ');
}

/** Digit by digit; an extension stays as it is. */
function space(text: string): string {
  const [number = '', ...extension] = text.split(/(?= ext)/);
  return Array.from(number.replace(/[ .()/-]/g, '')).join(' ') + extension.join('');
}
