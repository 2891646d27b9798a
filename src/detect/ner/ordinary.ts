import { DUTCH_HEADS, DUTCH_WORDS } from './words/dutch.ts';
import { ENGLISH_WORDS } from './words/english.ts';
import { FRENCH_WORDS } from './words/french.ts';
import { GERMAN_HEADS, GERMAN_WORDS } from './words/german.ts';
import { ITALIAN_WORDS } from './words/italian.ts';
import { PORTUGUESE_WORDS } from './words/portuguese.ts';
import { SPANISH_WORDS } from './words/spanish.ts';

const WORDS: ReadonlySet<string> = new Set(
  [
    ENGLISH_WORDS,
    GERMAN_WORDS,
    DUTCH_WORDS,
    FRENCH_WORDS,
    ITALIAN_WORDS,
    SPANISH_WORDS,
    PORTUGUESE_WORDS,
  ].flatMap((words) => words.split(' ')),
);
const HEADS: ReadonlySet<string> = new Set([...GERMAN_HEADS.split(' '), ...DUTCH_HEADS.split(' ')]);
/** German endings in the plural and the cases. */
const INFLECTION = /(?:nen|ern|es|er|en|e|n|s)$/;
/** Longer words are nobody's business here: what is looked up is bounded. */
const MAX_WORD = 40;
const MIN_HEAD = 3;
const MIN_FRONT = 3;
/** Endings that make a noun or an adverb of another word, and no surname; `Nascimento` and `Concepción` are some. */
const DERIVED =
  /(?:.{4}(?:ungen|heiten|keiten|schaften|tionen|ierung|tät(?:en)?|ismus|heid|heden|iteit(?:en)?|tions?|ements|bilités?|ciones|amientos?|imientos|idades|ções|amento|amenti|zioni|zione|bilità|aggi|ments|ness|ities)|.{5}(?:ung|heit|keit|schaft|mente|ement))$/;
const LETTERS = /[\p{L}\p{M}]+/gu;
const MAX_WORDS = 4;

/** Whether a text is nothing but words that name nobody, as written in a dictionary or put together from such. */
export function isOrdinary(text: string): boolean {
  const words = text.slice(0, MAX_WORD * MAX_WORDS).match(LETTERS) ?? [];
  if (words.length === 0 || words.length > MAX_WORDS || text.length > MAX_WORD * MAX_WORDS) return false;
  return words.every((word) => isOrdinaryWord(word.toLowerCase()));
}

/** Whether a text of several words has one that names nobody: `Nächster Meilenstein`, `Watt Modulleistung`. */
export function hasOrdinaryWord(text: string): boolean {
  const words = text.slice(0, MAX_WORD * MAX_WORDS).match(LETTERS) ?? [];
  return (
    words.length > 1 && words.some((word) => word.length > MIN_FRONT && isOrdinaryWord(word.toLowerCase()))
  );
}

/** Whether a text is one word that a dictionary has: nothing derived, nothing compounded. */
export function isDictionaryWord(text: string): boolean {
  const word = text.toLowerCase();
  return WORDS.has(word) || WORDS.has(word.replace(INFLECTION, ''));
}

function isOrdinaryWord(word: string): boolean {
  if (word.length > MAX_WORD) return false;
  return isDictionaryWord(word) || DERIVED.test(word) || isCompound(word);
}

/** `Stellen|anzeige`, `bestands|namen`: what the last part is, the whole is. */
function isCompound(word: string): boolean {
  for (let at = MIN_FRONT; at <= word.length - MIN_HEAD; at++) {
    const head = word.slice(at);
    if (HEADS.has(head) || (head.length > MIN_HEAD + 1 && HEADS.has(head.replace(INFLECTION, ''))))
      return true;
  }
  return false;
}
