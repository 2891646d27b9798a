import { Draws } from './draws.ts';
import { type WordKind } from './making.ts';
import {
  CHINESE_GIVEN,
  CHINESE_SURNAMES,
  CYRILLIC,
  KOREAN_GIVEN,
  KOREAN_SURNAMES,
  LATIN_FAMILY,
  LATIN_GIVEN,
  type WordList,
} from './word-lists.ts';

export type Script = 'latin' | 'cyrillic' | 'chinese' | 'korean';

/** The one script of a word, among those with made-up words. */
export function scriptOf(word: string): Script | undefined {
  if (/^[\p{Script=Latin}\p{M}'’]+$/u.test(word)) return 'latin';
  if (/^[\p{Script=Cyrillic}\p{M}]+$/u.test(word)) return 'cyrillic';
  if (/^\p{Script=Han}+$/u.test(word)) return 'chinese';
  return /^\p{Script=Hangul}+$/u.test(word) ? 'korean' : undefined;
}

const MAX_ATTEMPTS = 40;
/** Attempts after which words grow by a syllable: then the short ones are mostly taken. */
const SHORT_ATTEMPTS = 8;

/** Words of this realm stand for one word each in the whole call. */
export const SHARED = '';

/** Made-up words for one call. */
export class WordBook {
  readonly #seed: (text: string, purpose: string) => string;
  readonly #isTaken: (word: string) => boolean;
  readonly #given = new Map<string, string>();
  /** Stand for one word each. */
  readonly #shared = new Set<string>();
  /** Stand for something only inside one surrogate. */
  readonly #lent = new Set<string>();

  /** `isTaken`: the request says this word itself. */
  constructor(seed: (text: string, purpose: string) => string, isTaken: (word: string) => boolean) {
    this.#seed = seed;
    this.#isTaken = isTaken;
  }

  /** The word that stands for `original` wherever `realm` is the same, in lower case where the script has cases. */
  wordFor(kind: WordKind, realm: string, original: string): string | undefined {
    const folded = original.toLowerCase();
    const key = JSON.stringify([kind, realm, folded]);
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const script = kind === 'mail' || kind === 'domain' ? 'latin' : scriptOf(original);
    if (script === undefined) return undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const draws = new Draws(this.#seed(folded, JSON.stringify(['word', kind, realm, attempt])));
      const word = draw(script, kind, original, draws, attempt >= SHORT_ATTEMPTS);
      if (word === folded || !this.#isFree(word, realm)) continue;
      (realm === SHARED ? this.#shared : this.#lent).add(word);
      this.#given.set(key, word);
      return word;
    }
    return undefined;
  }

  /** A surname of one character is never alone, so where it need not tell people apart it may be shared. */
  #isFree(word: string, realm: string): boolean {
    if (realm !== SHARED) return word.length === 1 || (!this.#shared.has(word) && !this.#isTaken(word));
    return !this.#shared.has(word) && !this.#lent.has(word) && !this.#isTaken(word);
  }
}

function draw(script: Script, kind: WordKind, original: string, draws: Draws, longer: boolean): string {
  switch (script) {
    case 'latin':
      return joined(kind === 'given' || kind === 'mail' ? LATIN_GIVEN : LATIN_FAMILY, draws, longer);
    case 'cyrillic':
      return joined(CYRILLIC, draws, longer);
    case 'chinese':
      if (kind === 'family') return draws.letter(CHINESE_SURNAMES);
      return distinct(
        CHINESE_GIVEN,
        kind === 'given' ? Math.min(2, original.length) : 2 + Number(longer),
        draws,
      );
    case 'korean':
      return kind === 'family'
        ? draws.letter(KOREAN_SURNAMES)
        : distinct(KOREAN_GIVEN, 2 + Number(longer), draws);
  }
}

function joined({ heads, tails }: WordList, draws: Draws, longer: boolean): string {
  return `${draws.pick(heads)}${longer ? draws.pick(tails) : ''}${draws.pick(tails)}`;
}

/** `count` different letters. */
function distinct(letters: string, count: number, draws: Draws): string {
  let left = letters;
  let word = '';
  while (word.length < count) {
    const letter = draws.letter(left);
    word += letter;
    left = left.replaceAll(letter, '');
  }
  return word;
}
