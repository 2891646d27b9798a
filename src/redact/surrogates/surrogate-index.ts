import { type Matched } from '../placeholder.ts';
import { fold, foldUnit, isWordly } from './fold.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** One unit of a text, with the units of source it is written in. */
interface Read {
  readonly unit: number;
  readonly length: number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 }; // prettier-ignore
const NO_RANGE: Range = { from: 0, to: 0 };

/**
 * The surrogates of a call, sorted, so that all that begin alike stand together: a text is matched by narrowing a
 * range, which costs no more memory than the surrogates themselves. Case does not matter, nor does the kind of blank;
 * in JSON source, letters may be escaped. A surrogate counts only as a word of its own.
 */
export class SurrogateIndex {
  readonly #keys: readonly string[];
  /** Folded → as minted, more than one where only the case tells them apart. */
  readonly #minted = new Map<string, string[]>();
  readonly #ranges = new Map<number, Range>();
  readonly #firsts = new Uint8Array(0x10000);
  readonly #json: boolean;

  constructor(surrogates: Iterable<string>, json: boolean) {
    this.#json = json;
    for (const surrogate of surrogates) {
      const key = fold(surrogate);
      const known = this.#minted.get(key);
      if (known === undefined) this.#minted.set(key, [surrogate]);
      else known.push(surrogate);
    }
    this.#keys = [...this.#minted.keys()].sort();
    for (let from = 0; from < this.#keys.length;) {
      const unit = this.#keys[from]?.charCodeAt(0) ?? 0;
      const to = this.#bound(from, this.#keys.length, 0, unit + 1);
      this.#ranges.set(unit, { from, to });
      this.#firsts[unit] = 1;
      from = to;
    }
  }

  /** Whether a surrogate may begin with this unit of source, behind `before`. */
  begins(unit: number, before: number): boolean {
    if (unit === 0x5c) return this.#json;
    const folded = foldUnit(unit);
    return this.#firsts[folded] === 1 && !(isWordly(before) && isWordly(folded));
  }

  match(text: string, at: number, before: number, final: boolean): Matched {
    let best: Matched;
    let range: Range = { from: 0, to: this.#keys.length };
    for (let depth = 0, end = at; ; depth++) {
      const key = this.#keys[range.from] ?? '';
      if (depth > 0 && key.length === depth) {
        const ends = this.#endsAt(text, end, key.charCodeAt(depth - 1), final);
        if (ends === 'partial') return 'partial';
        if (ends) best = { end, name: this.#named(key, text.slice(at, end)) };
        range = { from: range.from + 1, to: range.to };
      }
      if (range.from >= range.to) return best;
      const read = this.#read(text, end, final);
      if (read === 'partial') return 'partial';
      if (read === undefined) return best;
      const unit = foldUnit(read.unit);
      if (depth === 0 && isWordly(before) && isWordly(unit)) return undefined;
      range = depth === 0 ? (this.#ranges.get(unit) ?? NO_RANGE) : this.#narrowed(range, depth, unit);
      if (range.from >= range.to) return best;
      end += read.length;
    }
  }

  /** The unit before `at`, as far as the text goes. */
  #endsAt(text: string, at: number, last: number, final: boolean): boolean | 'partial' {
    if (!isWordly(last)) return true;
    const next = this.#read(text, at, final);
    if (next === 'partial') return 'partial';
    return next === undefined || !isWordly(next.unit);
  }

  #named(key: string, written: string): string {
    const minted = this.#minted.get(key) ?? [];
    return minted.find((surrogate) => surrogate === written) ?? minted[0] ?? key;
  }

  #narrowed({ from, to }: Range, depth: number, unit: number): Range {
    const start = this.#bound(from, to, depth, unit);
    return { from: start, to: this.#bound(start, to, depth, unit + 1) };
  }

  /** The first key in the range whose unit at `depth` is not below `unit`. */
  #bound(from: number, to: number, depth: number, unit: number): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '').charCodeAt(depth) < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #read(text: string, at: number, final: boolean): Read | 'partial' | undefined {
    if (at >= text.length) return final ? undefined : 'partial';
    const unit = text.charCodeAt(at);
    if (unit !== 0x5c || !this.#json) return { unit, length: 1 };
    return readEscape(text, at, final);
  }
}

/** A JSON escape that begins at `at`; a backslash that begins none stands for itself. */
export function readEscape(text: string, at: number, final: boolean): Read | 'partial' {
  const alone: Read = { unit: 0x5c, length: 1 };
  if (at + 1 >= text.length) return final ? alone : 'partial';
  const simple = SIMPLE_ESCAPES[text.charAt(at + 1)];
  if (simple !== undefined) return { unit: simple, length: 2 };
  if (text.charAt(at + 1) !== 'u') return alone;
  const hex = text.slice(at + 2, at + 6);
  if (!/^[\da-f]*$/i.test(hex)) return alone;
  if (hex.length < 4) return final ? alone : 'partial';
  return { unit: parseInt(hex, 16), length: 6 };
}
