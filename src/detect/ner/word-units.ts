/**
 * Cuts text into the word model's units: a run of letters and marks, a run of decimal digits, one ideograph or
 * kana, or any other single code point. Whitespace separates. The ranges are written out, here and in
 * models/training/features.py, because the two must agree and script tables change with every Unicode version.
 */
export const Kind = { space: 0, word: 1, digits: 2, cjk: 3, other: 4 } as const;

/** Case of a code point: it has a lower form, it has an upper form, or neither. */
export const Case = { none: 0, upper: 1, lower: 2 } as const;

/** Where the gap before a unit stands: start of text, no gap, spaces, or a line break. */
const Gap = { start: 1, glued: 2, space: 3, line: 4 } as const;

type Ranges = readonly (readonly [number, number])[];

const CJK: Ranges = [
  [0x3005, 0x3007],
  [0x3041, 0x3096],
  [0x309d, 0x309f],
  [0x30a1, 0x30fa],
  [0x30fc, 0x30ff],
  [0x31f0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0xff66, 0xff9d],
  [0x20000, 0x3ffff],
];

const SPACE: Ranges = [
  [0x00, 0x20],
  [0x7f, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const BMP = 0x10000;

export interface Alphabet {
  /** One of {@link Kind}. */
  kindOf(point: number): number;
  /** One of {@link Case}. */
  caseOf(point: number): number;
}

export interface Units {
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  readonly gaps: Uint8Array;
}

/** The classes of the basic plane as a table; the rest is asked of the regex engine when it occurs. */
export function createAlphabet(): Alphabet {
  const table = new Uint8Array(BMP);
  for (let point = 0; point < BMP; point++) table[point] = classify(point);
  const lookup = (point: number): number => (point < BMP ? (table[point] ?? 0) : classify(point));
  return { kindOf: (point) => lookup(point) & 7, caseOf: (point) => lookup(point) >> 3 };
}

export function isHan(point: number): boolean {
  return (
    (point >= 0x3005 && point <= 0x3007) ||
    (point >= 0x3400 && point <= 0x9fff) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    point >= 0x20000
  );
}

export function splitUnits(text: string, alphabet: Alphabet): Units {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  const kinds = new Uint8Array(text.length);
  const gaps = new Uint8Array(text.length);
  let count = 0;
  let gap: number = Gap.start;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const kind = alphabet.kindOf(point);
    if (kind === Kind.space) {
      gap = widen(gap, point);
      at++;
      continue;
    }
    const end =
      kind === Kind.word || kind === Kind.digits ? runEnd(text, at, kind, alphabet) : at + size(point);
    starts[count] = at;
    ends[count] = end;
    kinds[count] = kind;
    gaps[count] = gap;
    count++;
    gap = Gap.glued;
    at = end;
  }
  return {
    count,
    starts: starts.slice(0, count),
    ends: ends.slice(0, count),
    kinds: kinds.slice(0, count),
    gaps: gaps.slice(0, count),
  };
}

function runEnd(text: string, from: number, kind: number, alphabet: Alphabet): number {
  let at = from;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    if (alphabet.kindOf(point) !== kind) break;
    at += size(point);
  }
  return at;
}

function widen(gap: number, point: number): number {
  if (gap === Gap.start) return gap;
  const breaks = point === 0x0a || point === 0x0d || point === 0x2028 || point === 0x2029;
  return breaks || gap === Gap.line ? Gap.line : Gap.space;
}

const size = (point: number): number => (point < BMP ? 1 : 2);

const within = (point: number, ranges: Ranges): boolean =>
  ranges.some(([low, high]) => point >= low && point <= high);

function classify(point: number): number {
  if (within(point, SPACE)) return Kind.space;
  if (within(point, CJK)) return Kind.cjk;
  const char = String.fromCodePoint(point);
  if (/^\p{Nd}/u.test(char)) return Kind.digits;
  if (!/^[\p{L}\p{M}]/u.test(char)) return Kind.other;
  const letterCase =
    char.toLowerCase() !== char ? Case.upper : char.toUpperCase() !== char ? Case.lower : Case.none;
  return Kind.word | (letterCase << 3);
}
