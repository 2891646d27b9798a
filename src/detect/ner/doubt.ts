import { nameShape } from '../chinese-surnames.ts';
import { hasOrdinaryWord, isDictionaryWord, isOrdinary } from './ordinary.ts';
import { isTerm } from './terms.ts';
import { isAmongThings, isSaidToBeAThing } from './things.ts';

/** What a reading of a text as a person, a place or an organisation rests on. */
interface Reading {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly score: number;
}

/** Beyond this the model is believed whatever stands around: `un Picasso`, `ein gewisser Klaus`. */
const SURE = 0.9;
/** Beyond this it is believed although the word is in a dictionary: some surnames are. */
const SURE_OF_A_WORD = 0.985;
/** What a firm's name of several parts with a comma between them asks for: most are enumerations. */
const WITH_COMMA = 0.9;
/** What a name of small letters asks for in a text that has its capitals elsewhere. */
const SMALL_AMONG_CAPITALS: Readonly<Record<string, number>> = { PERSON: 0.8, LOCATION: 0.65 };
/** What Chinese characters ask for, by whether they look like a name. */
const CHINESE_POINTS = { surname: 0, given: 0.45, none: 0.85 } as const;
/** What names of several words ask for of which one is no name, and places of which one is none. */
const PARTLY_ORDINARY: Readonly<Record<string, number>> = { PERSON: 0.8, LOCATION: 0.6 };
/** Small words with a capital: a title is written so and no name, which has `Da`, `Van der` and the like at most. */
const TITLE_WORD =
  /(?<![\p{L}'’])(?:For|With|And|Or|Und|Mit|Für|Ohne|Auf|Zum|Zur|Nach|Nell['’]|Nel|Nella|Con|Per|Sul|Sulla|Na|Nas|Nos|Para|Com|Sem|En|Por|Sin|Pour|Avec|Sans|Dans|Sur|Et|Met|Voor|Op|Zonder|Naar|Het|Een)(?![\p{L}])/u;
/** One of many, each, none: what follows is a thing of a kind. `a` is left out, for it is "to" in Spanish and Italian. */
const COUNTS =
  /(?<![\p{L}\p{N}'’])(?:each|every|another|these|those|ein|eine[nmrs]?|keine?[nmrs]?|jede[nmrs]?|diese[nmrs]?|welche[nmrs]?|irgendein\p{L}{0,3}|une?|cette|cet|chaque|aucune?|quelque|un[ao]s?|cada|ning[uú]n\p{L}?|alg[uú]n\p{L}?|ogni|nessun[ao]?|quest[aoie]|quell[aoie]|uma?s?|nenhum\p{L}?|algum\p{L}{0,2}|est[ae]s?|ess[ae]s?|een|geen|elke?|deze)\s$/iu;
/** Nobody is called so first. */
const STARTS = /^(?:the|this|that|these|those|das|ein|eine|kein|keine|une|het|een|geen)\s/iu;
const WINDOW = 16;
/** Where sentences and lines begin, with a letter. */
const BEGINNINGS = /(?:^|\n|[.!?…]["'”’)]? )[ \t]{0,8}(\p{L})/gu;
const CAPITALS_WINDOW = 4096;

/** Tells whether a reading of the text is of no name at all. */
export type IsThing = (reading: Reading) => boolean;

/**
 * A reading is of no name when it is of a label, a product or a month; of dictionary words; or, as a person and none
 * too sure, of what its article (`ein Etikett`, `Das Bauteil`), its small letters or its first character show to be a
 * thing. The text's own habits are looked at once.
 */
export function createDoubt(text: string): IsThing {
  let capitals: boolean | undefined;
  const hasCapitals = (): boolean => (capitals ??= keepsCapitals(text));
  const isSmallAmongCapitals = (read: string, entity: string, score: number): boolean =>
    score < (SMALL_AMONG_CAPITALS[entity] ?? 0) &&
    /^\p{Ll}/u.test(read) &&
    !/\p{Lu}/u.test(read) &&
    hasCapitals();
  return ({ start, end, entity, score }) => {
    const read = text.slice(start, end);
    const bare = read.trim();
    // Room 114 is no place, and a row of stars no firm.
    if (!/\p{L}/u.test(bare) || isTerm(bare)) return true;
    if (score < SURE_OF_A_WORD && isOrdinaryAs(entity, bare)) return true;
    if (score < SURE_OF_A_WORD && isSaidToBeAThing(text, start, end)) return true;
    if (isSmallAmongCapitals(bare, entity, score)) return true;
    if (score < (PARTLY_ORDINARY[entity] ?? 0) && hasOrdinaryWord(bare)) return true;
    if (score < SURE_OF_A_WORD && entity === 'PERSON' && /\s/u.test(bare) && TITLE_WORD.test(bare))
      return true;
    if (entity === 'ORGANIZATION') return score < WITH_COMMA && /\p{Ll}, \p{L}/u.test(bare);
    if (entity !== 'PERSON') return false;
    if ((score < SURE_OF_A_WORD || isOrdinary(bare)) && isAmongThings(text, start, end, isOrdinary))
      return true;
    if (score >= SURE) return false;
    if (/^\p{Script=Han}{1,4}$/u.test(bare)) return score < CHINESE_POINTS[nameShape(bare)];
    return STARTS.test(read) || COUNTS.test(text.slice(Math.max(0, start - WINDOW), start));
  };
}

/** A person is called by no word that is put together or derived either; some places are. */
function isOrdinaryAs(entity: string, read: string): boolean {
  if (entity === 'PERSON') return isOrdinary(read);
  return isDictionaryWord(read) || (entity === 'LOCATION' && !/\s/u.test(read) && isOrdinary(read));
}

/** Whether most sentences and lines begin with a capital. */
function keepsCapitals(text: string): boolean {
  const firsts = Array.from(text.slice(0, CAPITALS_WINDOW).matchAll(BEGINNINGS), ([, letter = '']) => letter);
  const large = firsts.filter((letter) => /\p{Lu}/u.test(letter)).length;
  return large > 0 && large * 4 >= firsts.length * 3;
}
