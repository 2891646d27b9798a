import { TextView } from './view.ts';

const CHINESE = '[〇零一二三四五六七八九]';
const ENGLISH = '(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)';
const ESCAPES = new RegExp(
  [
    '((?:%[0-9a-f]{2}){1,1024})',
    '&#(\\d{2,7});',
    '&#x([0-9a-f]{2,6});',
    '\\\\u([0-9a-f]{4})',
    '\\\\x([0-9a-f]{2})',
    `((?:\\+${CHINESE}{1,3}[ -]?)?${CHINESE}(?:[ -]?${CHINESE}){7,40})`,
    // Typed or dictated digit by digit: `4 1 1 1 …`, `( 2 1 2 ) 5 5 5 …`, `four one one one …`.
    '((?:[+(] ?)?(?<!\\d ?)\\d(?:[ )]{1,3}\\d){6,20}(?! ?\\d))',
    `((?<![a-z])${ENGLISH}(?:[ ,-]{1,2}${ENGLISH}){6,20}(?![a-z]))`,
  ].join('|'),
  'gi',
);
const HAS_ESCAPE = new RegExp(
  `%[0-9A-Fa-f]{2}|&#|\\\\[ux][0-9A-Fa-f]|${CHINESE}(?:[ -]?${CHINESE}){7}|\\d(?:[ )]{1,3}\\d){6}|${ENGLISH}(?:[ ,-]{1,2}${ENGLISH}){6}`,
  'i',
);
const WORDS = 'zero one two three four five six seven eight nine'.split(' ');
const NUMERALS = '〇一二三四五六七八九';

/**
 * The view with percent-encoding, HTML and JavaScript character references and digits that were spelled out undone,
 * or undefined when there is none of it. A decoded character maps to the whole escape it came from.
 */
export function decodeEscapes(view: TextView): TextView | undefined {
  if (!HAS_ESCAPE.test(view.text)) return undefined;
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  const keep = (from: number, to: number): void => {
    text += view.text.slice(from, to);
    for (let i = from; i < to; i++) {
      starts.push(view.originalStart(i));
      ends.push(view.originalEnd(i + 1));
    }
  };
  let copied = 0;
  for (const match of view.text.matchAll(ESCAPES)) {
    keep(copied, match.index);
    copied = match.index + match[0].length;
    const pieces = decode(match);
    const step = match[0].length / pieces.length;
    pieces.forEach((piece, i) => {
      text += piece;
      starts.push(...Array<number>(piece.length).fill(view.originalStart(match.index + i * step)));
      ends.push(...Array<number>(piece.length).fill(view.originalEnd(match.index + (i + 1) * step)));
    });
  }
  keep(copied, view.text.length);
  starts.push(view.originalStart(view.text.length));
  return new TextView(text, starts, ends);
}

/** Equal shares of the escape, each with what it stands for; one share when the parts cannot be told apart. */
function decode(match: RegExpExecArray): string[] {
  const [whole, percent, decimal, hex, unicode, byte, numerals, spaced, spelled] = match;
  if (percent !== undefined) return decodePercent(percent);
  if (numerals !== undefined) {
    return Array.from(numerals, (numeral) => {
      const value = numeral === '零' ? 0 : NUMERALS.indexOf(numeral);
      return value < 0 ? numeral : String(value);
    });
  }
  if (spaced !== undefined) return [spaced.replace(/[ ()]/g, '')];
  if (spelled !== undefined) {
    const words = spelled.toLowerCase().match(/[a-z]+/g) ?? [];
    return [words.map((word) => (word === 'oh' ? '0' : String(WORDS.indexOf(word)))).join('')];
  }
  const code = decimal === undefined ? parseInt(hex ?? unicode ?? byte ?? '', 16) : Number(decimal);
  return [code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole];
}

function decodePercent(run: string): string[] {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  const isAscii = bytes.every((byte) => byte < 0x80);
  return isAscii ? Array.from(bytes, (byte) => String.fromCharCode(byte)) : [bytes.toString('utf8')];
}
