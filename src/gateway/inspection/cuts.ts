import { followsLabel, isNumeric, LABELLED, passQuiet } from './quiet.ts';

/**
 * Where a growing text may be cut so that the part before can be read, and let go, by itself. Every cut depends on the
 * text alone and never on how it arrived: a stream in any pieces is cut like the same text given whole.
 */
export interface Cut {
  /** End of the part. */
  readonly to: number;
  /** End of the text to read with it; behind `to` when a value may begin before the cut and end after it. */
  readonly look: number;
  /** False when the part can hold nothing that is looked for. */
  readonly read: boolean;
}

export interface CutOptions {
  /** UTF-16 units after which a text without sentences is cut all the same. */
  readonly windowChars: number;
  /** `numbers`: words without a digit that label nothing pass unread (PolicySnapshot.outputReading). */
  readonly reading: 'numbers' | 'structure' | 'all';
}

/** What is looked at behind a cut in mid-sentence: room for the longest account number and its label, and two MAX_WORD. */
const LOOK_AHEAD = 128;

const SPACE = /\s/;
const SENTENCE_END = /[.!?:;…]["'”’)\]*_]{0,3}\s$/;
const WIDE_END = /[。！？；]/;

/**
 * The next cut behind `from`, no nearer than `least` units; undefined when more of the text must be known first.
 * `before`: the end of what came before the text.
 */
export function nextCut(
  text: string,
  from: number,
  ended: boolean,
  least: number,
  options: CutOptions,
  before = '',
): Cut | undefined {
  if (
    options.reading === 'numbers' &&
    least === 0 &&
    !followsLabel(before + text.slice(Math.max(0, from - LABELLED), from))
  ) {
    const { to, pending } = passQuiet(text, from, ended);
    if (to > from) return { to, look: to, read: false };
    if (pending) return undefined;
  }
  const limit = from + least + options.windowChars;
  const boundary = nextBoundary(text, from + Math.max(least, 1), limit, ended);
  if (boundary === 'unknown') return undefined;
  if (boundary !== undefined) return { to: boundary, look: boundary, read: true };
  if (ended && text.length <= limit) return { to: text.length, look: text.length, read: true };
  const look = Math.min(text.length, limit + LOOK_AHEAD);
  if (look < limit + LOOK_AHEAD && !ended) return undefined;
  return { to: calmSpace(text, from + least + (options.windowChars >> 1), limit), look, read: true };
}

/** The first end of a line or a sentence in [first, last], where no number goes on behind it. */
function nextBoundary(
  text: string,
  first: number,
  last: number,
  ended: boolean,
): number | 'unknown' | undefined {
  const end = Math.min(last, text.length);
  for (let at = first; at <= end; at++) {
    if (!isBoundary(text, at)) continue;
    const joined = joinsNumbers(text, at, ended);
    if (joined === 'unknown') return 'unknown';
    if (!joined) return at;
  }
  return text.length < last && !ended ? 'unknown' : undefined;
}

function isBoundary(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  if (before === '\n') return true;
  if (WIDE_END.test(before)) return true;
  if (!SPACE.test(before)) return false;
  const tail = text.slice(Math.max(0, at - 6), at);
  // `No. 3. 1984`: a dot behind a digit ends no sentence for certain.
  return SENTENCE_END.test(tail) && !/\p{N}[.:]\s$/u.test(tail);
}

/** True when a number before this place may go on behind it: over the end of a line, between two sentences. */
function joinsNumbers(text: string, at: number, ended: boolean): boolean | 'unknown' {
  if (!isNumeric(wordBefore(text, at))) return false;
  const next = wordAfter(text, at, ended);
  return next === undefined ? 'unknown' : isNumeric(next.word);
}

/** Longest word that is looked at; what is longer is no word. */
const MAX_WORD = 64;

function wordBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < MAX_WORD && SPACE.test(text.charAt(end - 1))) end--;
  let start = end;
  while (start > 0 && end - start < MAX_WORD && !SPACE.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

/** The word behind white space; undefined while its end is not known. */
function wordAfter(
  text: string,
  at: number,
  ended: boolean,
): { readonly word: string; readonly end: number } | undefined {
  let start = at;
  while (start < text.length && start - at < MAX_WORD && SPACE.test(text.charAt(start))) start++;
  let end = start;
  while (end < text.length && end - start < MAX_WORD && !SPACE.test(text.charAt(end))) end++;
  if (end === text.length && end - start < MAX_WORD && !ended) return undefined;
  return { word: text.slice(start, end), end };
}

/** The last gap in [least, limit] with no number on either side; else the limit itself. */
function calmSpace(text: string, least: number, limit: number): number {
  for (let at = limit; at > least; at--) {
    if (!SPACE.test(text.charAt(at - 1))) continue;
    const next = wordAfter(text, at, true);
    if (!isNumeric(wordBefore(text, at)) && !isNumeric(next?.word ?? '')) return at;
  }
  const unit = text.charCodeAt(limit);
  return unit >= 0xdc00 && unit <= 0xdfff ? limit - 1 : limit;
}
