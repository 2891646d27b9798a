import { type Aligned, isSpace } from './align.ts';
import { modelError } from './model-error.ts';

/** A word as the tokenizer's model will see it, with the source range of each of its UTF-16 units (end exclusive). */
export interface PreToken {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * How a pre-tokenizer writes words: as they are, with marks for spaces, or a character for each UTF-8 byte. `joined`:
 * there is none, the text is one word in which the normaliser put marks for spaces.
 */
export type Script = 'plain' | 'joined' | 'metaspace' | 'bytes';

const MARK = '\u2581';
/** What byte-level pre-tokenizers write for U+0020. */
const BYTE_SPACE = '\u0120';
/** Subword models look at a word as a whole; a longer one is cut, as no vocabulary holds such words. */
const MAX_WORD_UNITS = 512;

/**
 * Finds the words a pre-tokenizer returned in the text it was given. Every unit of every word must be accounted for:
 * a word that is not where it must be means that offsets would be wrong, and that fails closed.
 */
export function locateWords(words: readonly string[], aligned: Aligned, script: Script): PreToken[] {
  const out: PreToken[] = [];
  let cursor = 0;
  for (const word of words) {
    const at = new Int32Array(word.length);
    const to = new Int32Array(word.length);
    cursor =
      script === 'bytes'
        ? locateBytes(word, aligned.text, cursor, at, to)
        : locateChars(word, aligned.text, cursor, at, to, script === 'metaspace');
    pushWord(out, word, sourceRanges(aligned, at, to), script);
  }
  if (script === 'bytes' && cursor !== aligned.text.length) throw misplaced();
  return out;
}

function locateChars(
  word: string,
  text: string,
  from: number,
  at: Int32Array,
  to: Int32Array,
  hasMarks: boolean,
): number {
  if (!hasMarks) {
    const found = text.indexOf(word, from);
    if (found < 0) throw misplaced();
    for (let i = 0; i < word.length; i++) {
      at[i] = found + i;
      to[i] = found + i + 1;
    }
    return found + word.length;
  }
  let cursor = from;
  for (let i = 0; i < word.length; i++) {
    const isMark = word[i] === MARK;
    if (!isMark)
      while (cursor < text.length && isSpace(text.charCodeAt(cursor)) && text[cursor] !== word[i]) cursor++;
    const isThere = isMark ? isSpace(text.charCodeAt(cursor)) : text[cursor] === word[i];
    if (!isThere && !isMark) throw misplaced();
    at[i] = cursor;
    if (isThere) cursor++;
    to[i] = cursor;
  }
  return cursor;
}

function locateBytes(word: string, text: string, from: number, at: Int32Array, to: Int32Array): number {
  let cursor = from;
  let i = 0;
  if (word.startsWith(BYTE_SPACE) && text[cursor] !== ' ') {
    at[0] = cursor;
    to[0] = cursor;
    i = 1;
  }
  while (i < word.length) {
    const point = text.codePointAt(cursor);
    if (point === undefined) throw misplaced();
    const units = point > 0xffff ? 2 : 1;
    // A lone surrogate becomes U+FFFD, three bytes like its neighbours.
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (i + bytes > word.length) throw misplaced();
    at.fill(cursor, i, i + bytes);
    to.fill(cursor + units, i, i + bytes);
    i += bytes;
    cursor += units;
  }
  return cursor;
}

function sourceRanges(
  aligned: Aligned,
  at: Int32Array,
  to: Int32Array,
): { starts: Int32Array; ends: Int32Array } {
  const starts = new Int32Array(at.length);
  const ends = new Int32Array(at.length);
  const last = aligned.ends.at(-1) ?? 0;
  for (let i = 0; i < at.length; i++) {
    const from = at[i] ?? 0;
    const end = to[i] ?? 0;
    const start = aligned.starts[from] ?? last;
    starts[i] = start;
    ends[i] = end > from ? (aligned.ends[end - 1] ?? last) : start;
  }
  return { starts, ends };
}

/** Metaspace words begin at each mark, as the reference implementation splits them; giants are cut. */
function pushWord(
  out: PreToken[],
  word: string,
  ranges: { starts: Int32Array; ends: Int32Array },
  script: Script,
): void {
  let begin = 0;
  for (let i = 1; i <= word.length; i++) {
    const isLong = i - begin >= MAX_WORD_UNITS && !isLowSurrogate(word.charCodeAt(i));
    if (i < word.length && !isLong && !isWordStart(word, i, script)) continue;
    out.push({
      text: word.slice(begin, i),
      starts: ranges.starts.subarray(begin, i),
      ends: ranges.ends.subarray(begin, i),
    });
    begin = i;
  }
}

/** Pieces of a joined text may hold several marks, but none goes on from a letter into a mark. */
function isWordStart(text: string, i: number, script: Script): boolean {
  if (text[i] !== MARK) return false;
  return script === 'metaspace' || (script === 'joined' && text[i - 1] !== MARK);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function misplaced(): Error {
  return modelError(
    'the tokenizer of this model rewrites its words in a way that loses their places; use another',
  );
}
