import { isWordUnit } from './word-unit.ts';

/** Entities have Presidio's spelling; anything else could not be told apart from its number or its brackets. */
const ENTITY = /^[A-Z][A-Z0-9_]{0,63}$/;
/** More numbers than a request of LIMITS.requestBodyBytes can hold values. */
const MAX_DIGITS = 8;

/** What callers typed that looks like a placeholder becomes one of these. */
export const LITERAL = 'LITERAL';

export function checkEntity(entity: string): void {
  if (!ENTITY.test(entity)) throw new TypeError('an entity is named in upper case, digits and underscores');
}

/** How placeholders tell values apart: by number within one call, or by a keyed hash of the value. */
export type Naming = 'number' | 'hash';

/** 48 bits: two values of one conversation practically never meet, and models still copy it without a slip. */
export const HASH_DIGITS = 12;

export function placeholder(entity: string, name: number | string): string {
  return `<${entity}_${name}>`;
}

/** Stands for a value that is never restored, and tells equal values apart from different ones. */
export function hashMark(entity: string, hex: string): string {
  return `<${entity}_#${hex}>`;
}

/** A spelling of a placeholder found in a text. `name` is canonical: `PERSON_1`. */
export interface Match {
  readonly end: number;
  readonly name: string;
}

/** `partial`: the text ends before it is decided. */
export type Matched = Match | 'partial' | undefined;

/** What stands before a text, and behind what ends a word however it is spelled. */
export const NO_UNIT = 0x20;

/** Finds the marks of a call in what a model wrote. */
export interface MarkGrammar {
  /** Offset of the next unit a mark or an escape could begin with, or the text's length. `before`: the unit before. */
  nextStart(text: string, from: number, before: number): number;
  /** A mark at exactly this offset. `final`: no more text will come. */
  match(text: string, at: number, before: number, final: boolean): Matched;
  /** How to go on behind a unit at which nothing was found; by default by one unit, or a simple escape. */
  readonly skip?: (text: string, at: number) => { readonly length: number; readonly before: number };
}

const OPENERS = ['<', '&lt;', '&#60;', '&#x3c;', '\\u003c'];
const CLOSERS = ['>', '&gt;', '&#62;', '&#x3e;', '\\u003e'];

/**
 * The spellings in which models repeat placeholders: `<PERSON_1>` in any case, with `_`, `-` or a blank between the
 * parts, with brackets written for HTML or for JSON; and bare `PERSON_1` where it is a word of its own. Bare names
 * must keep their capitals, or `person_1 = …` in a program would become a name.
 */
export class PlaceholderGrammar implements MarkGrammar {
  readonly #entities: readonly string[];
  readonly #naming: Naming;
  readonly #start: RegExp;
  readonly #starts: ReadonlySet<number>;

  constructor(entities: readonly string[], naming: Naming = 'number') {
    this.#naming = naming;
    // Longest first: PERSON_NAME_1 is not a PERSON with odd digits.
    this.#entities = [...new Set(entities)].sort((a, b) => b.length - a.length);
    const initials = new Set(this.#entities.map((entity) => entity.charAt(0)));
    this.#start = new RegExp(`[<&\\\\${[...initials].join('')}]`, 'g');
    this.#starts = new Set([...initials, '<', '&', '\\'].map((initial) => initial.charCodeAt(0)));
  }

  /** Whether a placeholder or an escape could begin with this unit. */
  begins(unit: number): boolean {
    return this.#starts.has(unit);
  }

  nextStart(text: string, from: number): number {
    this.#start.lastIndex = from;
    return this.#start.exec(text)?.index ?? text.length;
  }

  match(text: string, at: number, before: number, final: boolean): Matched {
    const opener = matchWord(text, at, OPENERS, final);
    if (opener === 'partial') return 'partial';
    if (opener !== undefined) return this.#bracketed(text, opener, final);
    return isWordUnit(before) ? undefined : this.#bare(text, at, final);
  }

  #bracketed(text: string, at: number, final: boolean): Matched {
    let partial = false;
    for (const entity of this.#entities) {
      const name = matchName(text, at, entity, this.#naming, false, final);
      if (name === 'partial') partial = true;
      if (typeof name !== 'object') continue;
      const closer = matchWord(text, name.end, CLOSERS, final);
      if (closer === 'partial') partial = true;
      else if (closer !== undefined) return { end: closer, name: name.name };
    }
    return partial ? 'partial' : undefined;
  }

  #bare(text: string, at: number, final: boolean): Matched {
    let partial = false;
    for (const entity of this.#entities) {
      const name = matchName(text, at, entity, this.#naming, true, final);
      if (name === 'partial') partial = true;
      else if (name !== undefined && !isWordUnit(text.charCodeAt(name.end))) return name;
    }
    return partial ? 'partial' : undefined;
  }
}

/** The end of the word that stands at `at`, in any case. */
function matchWord(
  text: string,
  at: number,
  words: readonly string[],
  final: boolean,
): number | 'partial' | undefined {
  const left = text.length - at;
  const unit = text.charCodeAt(at) | 0x20;
  for (const word of words) {
    if (left > 0 && (word.charCodeAt(0) | 0x20) !== unit) continue;
    const piece = text.slice(at, at + word.length).toLowerCase();
    if (piece === word) return at + word.length;
    if (!final && piece.length === left && word.startsWith(piece)) return 'partial';
  }
  return undefined;
}

function matchName(
  text: string,
  at: number,
  entity: string,
  naming: Naming,
  bare: boolean,
  final: boolean,
): Matched {
  let next = at;
  for (let i = 0; i <= entity.length; i++, next++) {
    if (next >= text.length) return final ? undefined : 'partial';
    const wanted = i === entity.length ? 0x5f : entity.charCodeAt(i);
    if (!sameUnit(text.charCodeAt(next), wanted, bare)) return undefined;
  }
  const digits = next;
  const isNameUnit = naming === 'number' ? isDigit : isHexDigit;
  const most = naming === 'number' ? MAX_DIGITS : HASH_DIGITS;
  while (next < text.length && next - digits < most && isNameUnit(text.charCodeAt(next))) next++;
  if (naming === 'number' && text.charCodeAt(digits) === 0x30) return undefined;
  if (next === text.length && !final) return 'partial';
  if (next - digits < (naming === 'number' ? 1 : HASH_DIGITS)) return undefined;
  return { end: next, name: `${entity}_${text.slice(digits, next).toLowerCase()}` };
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isHexDigit(unit: number): boolean {
  return isDigit(unit) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66);
}

function sameUnit(unit: number, wanted: number, bare: boolean): boolean {
  if (unit === wanted) return true;
  if (bare) return false;
  if (wanted === 0x5f) return unit === 0x20 || unit === 0x2d;
  return wanted >= 0x41 && unit === (wanted | 0x20);
}
