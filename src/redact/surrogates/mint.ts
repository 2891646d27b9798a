import { Draws } from './draws.ts';
import { fold } from './fold.ts';
import { LASTING } from './generators.ts';
import { type Generator, type Made, type Making } from './making.ts';
import { type SaidTexts } from './said.ts';
import { SHARED, WordBook } from './words.ts';

export interface MintOptions {
  /** Keyed hash of a text for a purpose, hex of at least twelve digits; the same in each call of the scope. */
  readonly seed: (text: string, purpose: string) => string;
  readonly generators: ReadonlyMap<string, Generator>;
  /** What the request says anywhere. */
  readonly said: SaidTexts;
  /** The runner remembers other calls of the scope. */
  readonly lasting: boolean;
}

const MAX_ATTEMPTS = 40;
/** Keyed hashes that one call may ask for; when they are used up, the values still to come have no surrogates. */
const MAX_SEEDS = 200_000;
const MAX_LENGTH = 128;
/** What HTML or JSON would spell otherwise, and what ends a line, is in no surrogate. */
const PLAIN = /^[^\p{Cc}\p{Cs}\u2028\u2029<>&"'`\\]{2,}$/u;
const UNIQUE_DIGITS = 12;

/**
 * Surrogates of one call. Which one a value gets follows from the value, the scope and nothing else, unless that one
 * is taken by another value or stands in the request itself: then the next one does.
 */
export class SurrogateMint {
  readonly #options: MintOptions;
  #seeds = 0;
  readonly #book: WordBook;
  readonly #shiftDays: number;
  readonly #made = new Map<string, string>();
  /** Folded → folded value, so that only the case of one value may tell two surrogates apart. */
  readonly #taken = new Map<string, string>();
  /** Undefined where two values would have the piece. */
  readonly #parts = new Map<string, string | undefined>();

  constructor(options: MintOptions) {
    this.#options = options;
    this.#book = new WordBook(this.#seed, (word) => options.said.has(word));
    const draws = new Draws(options.seed('', '["dates"]'));
    // Whole weeks: a Monday stays a Monday.
    this.#shiftDays = 7 * (5 + draws.int(100)) * draws.pick([1, -1]);
  }

  /** Undefined when there is none of this kind, or none that `allows` accepts. */
  mint(entity: string, value: string, allows: (text: string) => boolean): string | undefined {
    const generate = this.#options.generators.get(entity);
    if (generate === undefined || (this.#options.lasting && !LASTING.has(entity))) return undefined;
    let unknown = 0;
    for (let attempt = 0; attempt < MAX_ATTEMPTS && unknown < 2; attempt++) {
      if (this.#seeds >= MAX_SEEDS) return undefined;
      const made = generate(value, this.#making(entity, value, attempt));
      if (made === undefined) unknown++;
      else if (this.#isFree(made.text, value) && allows(made.text)) return this.#keep(made, value);
    }
    return undefined;
  }

  /** Surrogate, or a piece of one → what is put back for it. */
  values(): ReadonlyMap<string, string> {
    const values = new Map(this.#made);
    for (const [part, original] of this.#parts) {
      if (original !== undefined && !this.#taken.has(fold(part)) && !this.#options.said.has(part)) {
        values.set(part, original);
      }
    }
    return values;
  }

  #making(entity: string, value: string, attempt: number): Making {
    const seed = this.#seed(value, JSON.stringify(['surrogate', entity, attempt]));
    const realm = attempt === 0 ? SHARED : JSON.stringify([value, attempt]);
    return {
      draws: new Draws(seed),
      attempt,
      unique: this.#options.lasting ? seed.slice(0, UNIQUE_DIGITS) : undefined,
      shiftDays: this.#shiftDays,
      word: (kind, original) => this.#book.wordFor(kind, realm, original),
    };
  }

  readonly #seed = (text: string, purpose: string): string => {
    this.#seeds++;
    return this.#options.seed(text, purpose);
  };

  #isFree(text: string, value: string): boolean {
    const [folded, original] = [fold(text), fold(value)];
    if (text.length > MAX_LENGTH || !PLAIN.test(text) || folded === original || this.#made.has(text))
      return false;
    const owner = this.#taken.get(folded);
    return (owner === undefined || owner === original) && !this.#options.said.has(text);
  }

  #keep({ text, parts = [] }: Made, value: string): string {
    this.#made.set(text, value);
    this.#taken.set(fold(text), fold(value));
    for (const [part, original] of parts) {
      const known = this.#parts.get(part);
      this.#parts.set(part, !this.#parts.has(part) || known === original ? original : undefined);
    }
    return text;
  }
}
