import { isTerm } from './terms.ts';

/** What a reading of a text as a person rests on. */
interface Reading {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly score: number;
}

/** Beyond this the model is believed whatever stands around: `un Picasso`, `ein gewisser Klaus`. */
const SURE = 0.9;
/** One of many, each, none: what follows is a thing of a kind. `a` is left out, for it is "to" in Spanish and Italian. */
const COUNTS =
  /(?<![\p{L}\p{N}'’])(?:each|every|another|these|those|ein|eine[nmrs]?|keine?[nmrs]?|jede[nmrs]?|diese[nmrs]?|welche[nmrs]?|irgendein\p{L}{0,3}|une?|cette|cet|chaque|aucune?|quelque|un[ao]s?|cada|ning[uú]n\p{L}?|alg[uú]n\p{L}?|ogni|nessun[ao]?|quest[aoie]|quell[aoie]|uma?s?|nenhum\p{L}?|algum\p{L}{0,2}|est[ae]s?|ess[ae]s?|een|geen|elke?|deze)\s$/iu;
/** Nobody is called so first. */
const STARTS = /^(?:the|this|that|these|those|das|ein|eine|kein|keine|une|het|een|geen)\s/iu;
const WINDOW = 16;

/**
 * Whether a reading is of no name at all: of a label, a product or a month, or, as a person and none too sure, of what
 * its article shows to be a thing (`ein Etikett`, `Das Bauteil`).
 */
export function isThing(text: string, { start, end, entity, score }: Reading): boolean {
  const read = text.slice(start, end).trim();
  // Room 114 is no place, and a row of stars no firm.
  if (!/\p{L}/u.test(read) || isTerm(read)) return true;
  if (entity !== 'PERSON' || score >= SURE) return false;
  return STARTS.test(text.slice(start, end)) || COUNTS.test(text.slice(Math.max(0, start - WINDOW), start));
}
