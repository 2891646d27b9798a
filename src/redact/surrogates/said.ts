import { fold } from './fold.ts';

/** Lengths of the pieces that are remembered: two for scripts of many characters, four for the others. */
const PIECES = [2, 4] as const;
const BITS_PER_UNIT = 8;
const MIN_BITS = 1 << 12;
const MAX_BITS = 1 << 26;
/** Units that all searches of one call may read together; beyond it a text counts as said. */
const SEARCH_BUDGET = 256 * 1024 * 1024;

/**
 * Whether a request already says something, in any case. A bitmap of all short pieces settles nearly every
 * question in constant time; only what passes it is searched for, within a budget, so that ten megabytes with a
 * hundred thousand values stay linear.
 */
export class SaidTexts {
  readonly #texts: readonly string[];
  readonly #bits: Uint8Array;
  readonly #mask: number;
  #budget = SEARCH_BUDGET;

  constructor(texts: readonly string[]) {
    this.#texts = texts.map(fold);
    const size = this.#texts.reduce((sum, text) => sum + text.length, 0);
    let bits = MIN_BITS;
    while (bits < MAX_BITS && bits < size * BITS_PER_UNIT) bits *= 2;
    this.#bits = new Uint8Array(bits / 8);
    this.#mask = bits - 1;
    for (const text of this.#texts) {
      for (let at = 0; at < text.length; at++) {
        for (const length of PIECES) {
          if (at + length > text.length) continue;
          const bit = this.#bitOf(text, at, length);
          this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7));
        }
      }
    }
  }

  has(text: string): boolean {
    const wanted = fold(text);
    for (const length of PIECES) {
      for (let at = 0; at + length <= wanted.length; at++) {
        const bit = this.#bitOf(wanted, at, length);
        if (((this.#bits[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      }
    }
    return this.#texts.some((said) => {
      this.#budget -= said.length;
      return this.#budget < 0 || said.includes(wanted);
    });
  }

  #bitOf(text: string, at: number, length: number): number {
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(at + i);
    hash ^= hash >>> 15;
    return (Math.imul(hash, 0x2c1b3c6d) >>> 4) & this.#mask;
  }
}
