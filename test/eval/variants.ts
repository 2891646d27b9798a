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
const ENGLISH_DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const CHINESE_DIGITS = '零一二三四五六七八九';

/** One segment of a frame, the way the variant has it. Typing mistakes and missing stops stay outside gold spans. */
export function applyVariant(variant: Variant, segment: Value, locale: string, random: Random): string {
  const { text, entity } = segment;
  switch (variant) {
    case 'plain':
      return text;
    case 'lower':
      return LITERAL.has(entity) ? text : text.toLowerCase();
    case 'upper':
      return LITERAL.has(entity) ? text : text.toUpperCase();
    case 'typos':
      return entity === undefined ? withTypos(text, random) : text;
    case 'unpunctuated':
      return entity === undefined
        ? text.replace(/[.,;:!?，。；：！？、“”](?=\s|$|\p{Script=Han})/gu, ' ')
        : text;
    case 'spaced':
      return DICTATED.has(entity) ? Array.from(text.replace(/[ .-]/g, '')).join(' ') : text;
    case 'fullwidth':
      return entity === undefined || LITERAL.has(entity)
        ? text
        : text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    case 'spelled':
      return DICTATED.has(entity) ? spell(text, locale) : text;
  }
}

function withTypos(text: string, random: Random): string {
  return text.replace(/(\p{L})(\p{Ll})(\p{Ll})/gu, (whole, a: string, b: string, c: string) => {
    const chance = random.next();
    if (chance < 0.02) return a + c + b;
    if (chance < 0.04) return a + c;
    return chance < 0.06 ? a + b + b + c : whole;
  });
}

function spell(text: string, locale: string): string {
  if (locale === 'zh') return text.replace(/\d/g, (digit) => CHINESE_DIGITS.charAt(Number(digit)));
  const words = Array.from(text.replace(/[^\d]/g, ''), (digit) => ENGLISH_DIGITS[Number(digit)] ?? '');
  return words.join(' ');
}
