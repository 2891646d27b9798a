/** A span on its way from units to characters. `type` is the model's own name; `units` weighs the score. */
export interface Draft {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly type: string;
  readonly score: number;
  readonly units: number;
}

/** Never part of a name at its start, or at its end. A full stop at the end may be (Inc., Jr.), and so may ! and ?. */
const LEADING = /^[\s,;:.!?、，；：。！？…·•|]$/u;
const TRAILING = /^[\s,;:、，；：。…|]$/u;
/** Quotes and brackets go when their partner is not in the span too. */
const PARTNERS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '‘': '’',
  '«': '»',
  '「': '」',
  '『': '』',
  '《': '》',
  '(': ')',
  '（': '）',
  '[': ']',
  '【': '】',
  '{': '}',
  '<': '>',
};
const OPENING = new Map(Object.entries(PARTNERS));
const CLOSING = new Map(Object.entries(PARTNERS).map(([open, close]) => [close, open]));
/** Combining marks, and the joiners and selectors of emoji. */
const MARK = /^(?:\p{M}|\u200d)$/u;
/** Letters of scripts that put spaces between words; in the others a word's end cannot be seen. */
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const WORD = new RegExp(
  `^(?!${UNSPACED.map((script) => `\\p{Script=${script}}`).join('|')})[\\p{L}\\p{M}\\p{N}]$`,
  'u',
);
/** How far a span may grow to reach the end of a word: names are shorter, and encoded blobs are not words. */
const MAX_GROWTH = 64;
/** Trimming looks at a span's edges, not at all of a span that is nothing but brackets. */
const MAX_TRIMMED = 64;
/** What may stand between a given name and a surname. */
const GLUE = /^[ \u00a0]{0,2}$/;

/**
 * Makes drafts into spans people would mark: no edge inside a character or (for subword models) a word, no stray
 * punctuation, given name and surname in one, sorted and disjoint.
 */
export function tidySpans(text: string, drafts: readonly Draft[], wholeWords: boolean): Draft[] {
  const out: Draft[] = [];
  const sorted = [...drafts].sort((a, b) => a.start - b.start || b.end - a.end);
  sorted.forEach((draft, i) => {
    const previous = out.at(-1);
    const floor = previous?.end ?? 0;
    const ceiling = sorted[i + 1]?.start ?? text.length;
    let { start, end } = wholeWords ? grow(text, draft, floor, ceiling) : draft;
    end = growMarks(text, end);
    start = Math.max(start, floor);
    const trimmed = trim(text, start, end);
    if (trimmed === undefined) return;
    const span = { ...draft, ...trimmed };
    if (previous !== undefined && belongTogether(text, previous, span, wholeWords)) {
      out[out.length - 1] = join(previous, span);
    } else out.push(span);
  });
  return out;
}

function grow(text: string, draft: Draft, floor: number, ceiling: number): { start: number; end: number } {
  let { start, end } = draft;
  if (start < end && WORD.test(charAt(text, start))) {
    while (start > floor && draft.start - start < MAX_GROWTH && WORD.test(charBefore(text, start))) {
      start -= charBefore(text, start).length;
    }
  }
  if (start < end && WORD.test(charBefore(text, end))) {
    while (end < ceiling && end - draft.end < MAX_GROWTH && WORD.test(charAt(text, end))) {
      end += charAt(text, end).length;
    }
  }
  return { start, end };
}

function growMarks(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < MAX_GROWTH && MARK.test(charAt(text, end))) {
    end += charAt(text, end).length;
  }
  return end;
}

/** The span without stray punctuation at its edges; undefined when nothing else is in it. */
function trim(text: string, from: number, to: number): { start: number; end: number } | undefined {
  let start = from;
  let end = to;
  for (let round = 0; round < MAX_TRIMMED && start < end; round++) {
    const first = charAt(text, start);
    const last = charBefore(text, end);
    const inner = text.slice(start, end);
    if (LEADING.test(first) || isStrayStart(inner, first)) start += first.length;
    else if (TRAILING.test(last) || isStrayEnd(inner, last)) end -= last.length;
    else break;
  }
  return start < end ? { start, end } : undefined;
}

/** A bracket or quote at the start belongs to the span only when its partner is inside, before the end. */
function isStrayStart(inner: string, first: string): boolean {
  const partner = OPENING.get(first);
  if (partner === undefined) return CLOSING.has(first);
  const at = inner.indexOf(partner, first.length);
  return at < 0 || at === inner.length - partner.length;
}

function isStrayEnd(inner: string, last: string): boolean {
  const partner = CLOSING.get(last);
  if (partner === undefined) return OPENING.has(last);
  return inner.length < 2 || inner.lastIndexOf(partner, inner.length - 2) <= 0;
}

/** Given name and surname of one person, or the pieces of one word. */
function belongTogether(text: string, a: Draft, b: Draft, wholeWords: boolean): boolean {
  if (a.entity !== b.entity) return false;
  const between = text.slice(a.end, b.start);
  if (a.type !== b.type) return GLUE.test(between);
  return (
    wholeWords && between === '' && WORD.test(charBefore(text, a.end)) && WORD.test(charAt(text, b.start))
  );
}

function join(a: Draft, b: Draft): Draft {
  const units = a.units + b.units;
  const score = (a.score * a.units + b.score * b.units) / units;
  return { ...a, type: b.type, end: b.end, score, units };
}

/** The character at an offset; empty at the end. */
function charAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function charBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const point = text.codePointAt(at - 2);
  return point !== undefined && point > 0xffff && at >= 2 ? String.fromCodePoint(point) : text.charAt(at - 1);
}
