import { findSpelledRuns } from './spelled.ts';
import { TextView } from './view.ts';

const CHINESE = '[〇零○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]';
const NUMERALS = ['〇零○', '一壹幺', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'];
const ESCAPES = new RegExp(
  [
    '((?:%[0-9a-f]{2}){1,1024})',
    '&#(\\d{2,7});',
    '&#x([0-9a-f]{2,6});',
    '\\\\{1,8}u([0-9a-f]{4})',
    '\\\\{1,8}x([0-9a-f]{2})',
    `((?:\\+${CHINESE}{1,3}[ -]?)?${CHINESE}(?:[ -]?${CHINESE}){7,40})`,
    // Typed digit by digit: `4 1 1 1 …`, `( 2 1 2 ) 5 5 5 …`, `1-3-8-…`.
    '((?:[+(] ?)?(?<!\\d[ -]?)\\d(?:(?:[ )]{1,3}|-)\\d){6,20}(?![ -]?\\d))',
    // JSON inside JSON: `card\\t4111…\\n`. Last, for `\\u` and `\\x` are escapes too.
    '\\\\{1,8}([tnrbf"/])',
  ].join('|'),
  'gi',
);
const HAS_ESCAPE = new RegExp(
  `%[0-9A-Fa-f]{2}|&#|\\\\[uxtnrbf"/]|${CHINESE}(?:[ -]?${CHINESE}){7}|\\d(?:(?:[ )]{1,3}|-)\\d){6}`,
  'i',
);

/** Digits somebody spelled out or typed one by one. Offsets of the original text. */
export interface DictatedRun {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** In words or Chinese numerals: lists of small numbers are typed one by one, but never spelled. */
  readonly spelled: boolean;
}

interface Decoded {
  readonly view: TextView;
  readonly dictated: readonly DictatedRun[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  /** Equal shares of the replaced text, each with what it stands for. */
  readonly pieces: readonly string[];
  readonly dictated?: 'spelled' | 'spaced';
}

/**
 * The view with percent-encoding, HTML, JavaScript and JSON escapes and digits that were spelled out undone, or
 * undefined when there is none of it. A decoded character maps to the whole escape it came from.
 */
export function decodeEscapes(view: TextView): Decoded | undefined {
  const edits = editsOf(view.text);
  if (edits.length === 0) return undefined;
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
  const dictated: DictatedRun[] = [];
  let copied = 0;
  for (const { start, end, pieces, dictated: kind } of edits) {
    keep(copied, start);
    copied = end;
    const step = (end - start) / pieces.length;
    pieces.forEach((piece, i) => {
      text += piece;
      starts.push(...Array<number>(piece.length).fill(view.originalStart(start + i * step)));
      ends.push(...Array<number>(piece.length).fill(view.originalEnd(start + (i + 1) * step)));
    });
    if (kind === undefined) continue;
    dictated.push({
      start: view.originalStart(start),
      end: view.originalEnd(end),
      digits: pieces.join('').replace(/[^+\d]/g, ''),
      spelled: kind === 'spelled',
    });
  }
  keep(copied, view.text.length);
  starts.push(view.originalStart(view.text.length));
  return { view: new TextView(text, starts, ends), dictated };
}

/** Sorted and disjoint. */
function editsOf(text: string): Edit[] {
  const edits: Edit[] = findSpelledRuns(text).map(({ start, end, digits }) => ({
    start,
    end,
    pieces: [digits],
    dictated: 'spelled',
  }));
  if (!HAS_ESCAPE.test(text)) return edits;
  for (const match of text.matchAll(ESCAPES)) {
    const start = match.index;
    const end = start + match[0].length;
    edits.push({ start, end, ...decode(match) });
  }
  edits.sort((a, b) => a.start - b.start);
  // Spelled words hold nothing that is escaped, but `\nine` could be read both ways.
  return edits.filter((edit, i) => i === 0 || edit.start >= (edits[i - 1]?.end ?? 0));
}

function decode(match: RegExpExecArray): Pick<Edit, 'pieces' | 'dictated'> {
  const [whole, percent, decimal, hex, unicode, byte, numerals, spaced, backslash] = match;
  if (percent !== undefined) return { pieces: decodePercent(percent) };
  if (numerals !== undefined) {
    return { pieces: Array.from(numerals, toDigit), dictated: 'spelled' };
  }
  if (spaced !== undefined) return { pieces: [spaced.replace(/[ ()-]/g, '')], dictated: 'spaced' };
  if (backslash !== undefined) return { pieces: [/["/]/.test(backslash) ? backslash : '\n'] };
  const code = decimal === undefined ? parseInt(hex ?? unicode ?? byte ?? '', 16) : Number(decimal);
  return { pieces: [code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole] };
}

function toDigit(numeral: string): string {
  const value = NUMERALS.findIndex((forms) => forms.includes(numeral));
  return value < 0 ? numeral : String(value);
}

function decodePercent(run: string): string[] {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  const isAscii = bytes.every((byte) => byte < 0x80);
  return isAscii ? Array.from(bytes, (byte) => String.fromCharCode(byte)) : [bytes.toString('utf8')];
}
