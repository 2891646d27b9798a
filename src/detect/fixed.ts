import { type DetectRequest, type Span } from '../domain/span.ts';

/**
 * The score at which a format that nothing proves counts: eleven digits that only a Chinese mobile has, but not what a
 * weak shape or a budget used up suggests. Of 97,000 keys and numbers of other people's JSON, and of ids, hashes and
 * timestamps as vendors make them, none is refused for it but eleven digits that begin like a mobile's.
 */
const SURE_FORMAT = 0.6;
/** Column headings such as `Bill of lading` and `周二` stay below it; whole names are above. */
const SURE_NAME = 0.985;
/** Two words, or letters that nobody names a variable with. */
const WORDS = /\S\s+\S|[^\p{ASCII}\p{P}\p{S}\p{N}]/u;

/** Whether a key says something that the model can read: `Salary of John Smith`, and not `salary_usd`. */
export function holdsWords({ text, kind }: DetectRequest): boolean {
  return kind === 'fixed' && WORDS.test(text);
}

/**
 * Whether a span counts where nothing can be rewritten, so that it refuses the whole call: proven, of a format that
 * hardly anything else has, or surely a person's name. Of what else the model finds there is nothing so sure.
 */
export function countsWhereFixed({ validated, recognizer, entity, score }: Span): boolean {
  if (validated) return true;
  // Tables have columns such as `65 years or older`, and an age alone is nobody's.
  if (!recognizer.startsWith('ner:')) return score >= SURE_FORMAT && entity !== 'AGE';
  return entity === 'PERSON' && score >= SURE_NAME;
}
