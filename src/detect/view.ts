import { type HeadingAt, findColumns } from './columns.ts';
import { DASH, DIGIT_ZEROS, INVISIBLE, LOOK_ALIKES } from './fold-table.ts';
import { type Token, findTokens } from './tokens.ts';

/** A folded text with, for every UTF-16 unit, the extent in the original it came from. */
export class TextView {
  readonly text: string;
  readonly #starts: readonly number[] | undefined;
  readonly #ends: readonly number[] | undefined;
  #tokens: readonly Token[] | undefined;
  #headingAt: HeadingAt | undefined;

  /** Without `starts` and `ends` every offset maps to itself. */
  constructor(text: string, starts?: readonly number[], ends?: readonly number[]) {
    this.text = text;
    this.#starts = starts;
    this.#ends = ends;
  }

  /** The runs of ASCII letters and digits that hold a digit: found once, read by every numeric recogniser. */
  get tokens(): readonly Token[] {
    return (this.#tokens ??= findTokens(this.text));
  }

  /** What heads the column of the table that the unit at `index` stands in, if it is in one. */
  headingAt(index: number): string | undefined {
    return (this.#headingAt ??= findColumns(this.text))(index);
  }

  /** Original offset of the unit at `index`. */
  originalStart(index: number): number {
    return this.#starts?.[index] ?? index;
  }

  /** Original offset behind the unit before `index`; what was removed between two units is inside a span over both. */
  originalEnd(index: number): number {
    return this.#ends?.[index - 1] ?? index;
  }
}

const IS_ASCII = /^[\0-\x7f]*$/;
const NON_ASCII = /[^\0-\x7f]+/g;
const SPACE = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** Anything in a run that has to be looked at one by one although NFKC leaves it alone. */
const SPECIAL = new RegExp(
  `${INVISIBLE.source}|${DASH.source}|${SPACE.source}|[\\u0660-\\u1c59\\ua620-\\uabf9]`,
  'u',
);
/** Ideographs, kana and the quotes and stops between them: most of a Chinese text, and never changed. */
const STABLE =
  /^[\u2018-\u201d\u3001-\u3003\u3008-\u3011\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3]+/;
const MAX_STABLE = 64;
const HAS_LOOK_ALIKE = /[\u0370-\u052f]/;
const MIXED_TOKEN = /[A-Za-z0-9\u0370-\u052f]+/g;
/** Some compatibility characters expand to whole sentences (U+FDFA: 18 units); those are left as they are. */
const MAX_EXPANSION = 4;

/**
 * The view that recognisers read: NFKC, invisible characters removed, dashes, spaces and digits of any script made
 * ASCII, and look-alike letters folded inside words that mix scripts (`раypal` with Cyrillic letters, `４１１１`, a card
 * number with a zero-width space in it). Words wholly in their own script are left alone, so one view serves both
 * ordinary words and structured ids. ASCII texts are returned as they are.
 */
export function foldText(original: string): TextView {
  if (IS_ASCII.test(original)) return new TextView(original);
  const folder = new Folder();
  let copied = 0;
  for (const run of original.matchAll(NON_ASCII)) {
    folder.keep(original.slice(copied, run.index), copied);
    copied = run.index + run[0].length;
    if (!SPECIAL.test(run[0]) && run[0].normalize('NFKC') === run[0]) folder.keep(run[0], run.index);
    else foldRun(run[0], run.index, folder);
  }
  folder.keep(original.slice(copied), copied);
  return folder.finish(original.length);
}

function foldRun(run: string, offset: number, folder: Folder): void {
  let index = 0;
  while (index < run.length) {
    const code = run.codePointAt(index) ?? 0;
    const length = code > 0xffff ? 2 : 1;
    const stable = STABLE.exec(run.slice(index, index + MAX_STABLE))?.[0] ?? '';
    if (stable !== '') folder.keep(stable, offset + index);
    else folder.replace(foldCharacter(run.slice(index, index + length), code), offset + index, length);
    index += stable === '' ? length : stable.length;
  }
}

function foldCharacter(character: string, code: number): string {
  if (code >= 0xff01 && code <= 0xff5e) return code === 0xff0d ? '-' : String.fromCharCode(code - 0xfee0);
  if (INVISIBLE.test(character)) return '';
  if (DASH.test(character)) return '-';
  if (SPACE.test(character)) return ' ';
  const digit = DIGIT_ZEROS.findIndex((zero) => code >= zero && code < zero + 10);
  if (digit >= 0) return String(code - (DIGIT_ZEROS[digit] ?? 0));
  const folded = character.normalize('NFKC');
  return folded.length > MAX_EXPANSION ? character : folded;
}

/** Collects the folded text; the maps are kept only from the first replacement that changes a length. */
class Folder {
  #text = '';
  #starts: number[] | undefined;
  #ends: number[] | undefined;

  keep(piece: string, at: number): void {
    this.#text += piece;
    if (this.#starts === undefined) return;
    for (let i = 0; i < piece.length; i++) {
      this.#starts.push(at + i);
      this.#ends?.push(at + i + 1);
    }
  }

  replace(piece: string, at: number, length: number): void {
    if (this.#starts === undefined && piece.length !== length) {
      this.#starts = Array.from({ length: this.#text.length }, (_, i) => i);
      this.#ends = Array.from({ length: this.#text.length }, (_, i) => i + 1);
    }
    this.#text += piece;
    for (let i = 0; this.#starts !== undefined && i < piece.length; i++) {
      this.#starts.push(at);
      this.#ends?.push(at + length);
    }
  }

  finish(originalLength: number): TextView {
    const text = HAS_LOOK_ALIKE.test(this.#text) ? foldLookAlikes(this.#text) : this.#text;
    // The sentinels answer for the empty span at the very end.
    this.#starts?.push(originalLength);
    return new TextView(text, this.#starts, this.#ends);
  }
}

function foldLookAlikes(text: string): string {
  return text.replace(MIXED_TOKEN, (token) =>
    HAS_LOOK_ALIKE.test(token) && /[A-Za-z0-9]/.test(token)
      ? Array.from(token, (letter) => LOOK_ALIKES.get(letter) ?? letter).join('')
      : token,
  );
}
