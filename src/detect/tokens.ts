/** A maximal run of ASCII letters and digits with at least one digit in it. */
export interface Token {
  readonly start: number;
  readonly end: number;
  /** True when all of it is digits. */
  readonly numeric: boolean;
}

const DIGIT = 1;
const LETTER = 2;

/** By ASCII code; a table because every character of every prompt is asked for. */
const KINDS: readonly number[] = Array.from({ length: 128 }, (_, code) => {
  if (code >= 48 && code <= 57) return DIGIT;
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? LETTER : 0;
});

function kindOf(code: number): number {
  return code < 128 ? (KINDS[code] ?? 0) : 0;
}

export function isDigitAt(text: string, index: number): boolean {
  return kindOf(text.charCodeAt(index)) === DIGIT;
}

export function isAlnumAt(text: string, index: number): boolean {
  return kindOf(text.charCodeAt(index)) !== 0;
}

/** One pass over the text. Ideographs, accented letters and punctuation all end a token. */
export function findTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let start = -1;
  let seen = 0;
  for (let i = 0; i <= text.length; i++) {
    const kind = i < text.length ? kindOf(text.charCodeAt(i)) : 0;
    if (kind !== 0) {
      if (start < 0) start = i;
      seen |= kind;
    } else if (start >= 0) {
      if ((seen & DIGIT) !== 0) tokens.push({ start, end: i, numeric: seen === DIGIT });
      start = -1;
      seen = 0;
    }
  }
  return tokens;
}

/** How far a joined word may reach before it is called one; keeps the look-back constant. */
const MAX_JOINED = 24;

/**
 * Whether a candidate may begin or end here: not inside a longer number, a decimal, a UUID or a sum of money. A dash
 * after a plain word (`SSN-…`) and any non-ASCII neighbour (`号码是1101…`) are boundaries; with `slashes` so is a slash
 * beside a digit, as between a card number and its expiry date.
 */
export function isBounded(text: string, start: number, end: number, slashes = false): boolean {
  return startsClean(text, start, slashes) && endsClean(text, end, slashes);
}

function startsClean(text: string, start: number, slashes: boolean): boolean {
  if (start === 0) return true;
  if (isAlnumAt(text, start - 1)) return false;
  const before = text.charAt(start - 1);
  if (before === '$' || before === '€' || before === '£') return false;
  if (before === '.' || (before === '/' && !slashes)) return !isDigitAt(text, start - 2);
  if (before === '-') return !hasDigitBackwards(text, start - 2);
  return true;
}

function endsClean(text: string, end: number, slashes: boolean): boolean {
  if (end >= text.length) return true;
  if (isAlnumAt(text, end)) return false;
  const after = text.charAt(end);
  if (after === '.' || (after === '/' && !slashes)) return !isDigitAt(text, end + 1);
  if (after === '-') return !hasDigitForwards(text, end + 1);
  return true;
}

function hasDigitBackwards(text: string, from: number): boolean {
  for (let i = from; i >= 0 && i > from - MAX_JOINED && isAlnumAt(text, i); i--) {
    if (isDigitAt(text, i)) return true;
  }
  return false;
}

function hasDigitForwards(text: string, from: number): boolean {
  for (let i = from; i < text.length && i < from + MAX_JOINED && isAlnumAt(text, i); i++) {
    if (isDigitAt(text, i)) return true;
  }
  return false;
}
