/** Pieces of the patterns in address.ts. Every repeat is bounded, so that a match costs a constant. */

/** `street`, `Street`, `STREET`: a street type is spelled in one of these. */
export function inAllCases(words: readonly string[]): string {
  const forms = words.flatMap((word) => [
    word,
    word.charAt(0).toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length).join('|');
}

export const NOT_A_LETTER = "(?<![\\p{L}\\p{N}'’])";
export const WORD_END = "(?![\\p{L}\\p{N}'’])";
/** A capitalised word, or with the `i` flag any word. */
export const NAME = "\\p{Lu}[\\p{L}\\p{M}'’.-]{0,24}";
/** House number: `12`, `12a`, `12 b`, `12/B`, `12-14`, `45/3/12`, `12-II`, `12 bis`, `12 hs`. */
export const HOUSE =
  '\\d{1,4}(?:(?: ?[-–/] ?(?:\\d{1,4}|[IVX]{1,4}|[A-Za-z]{1,2})(?![\\p{L}\\p{N}])){1,2}| ?(?:bis|ter|hs)(?!\\p{L})|(?: ?[a-zA-Z]))?(?![\\p{L}\\p{N}])';

const UNITS = inAllCases(['apt', 'apartment', 'suite', 'ste', 'unit', 'flat', 'room', 'floor', 'fl']);
export const ENGLISH_UNIT = `(?:,? (?:(?:${UNITS})\\.? ?#?|# ?)[A-Za-z]?\\d{0,5}[A-Za-z]?(?![\\p{L}\\p{N}]))`;
export const ENGLISH_UNIT_BEFORE = new RegExp(
  `${NOT_A_LETTER}(?:${UNITS})\\.? ?#?[A-Za-z]?\\d{1,5}[A-Za-z]?,? $`,
  'u',
);

const STATES =
  'A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|Alabama|Arizona|California|Colorado|Florida|Georgia|Illinois|Indiana|Iowa|Kansas|Kentucky|Maryland|Massachusetts|Michigan|Minnesota|Missouri|Nebraska|Nevada|New (?:York|Jersey|Mexico|Hampshire)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin';
const ZIP = '\\d{5}(?:-\\d{4})?(?!\\d)';
/** Royal Mail: area, district, sector, unit. */
const POSTCODE = '[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}(?![\\p{L}\\p{N}])';
const ENGLISH_CITY = "\\p{Lu}[\\p{L}'’.-]{1,24}(?: \\p{Lu}[\\p{L}'’.-]{1,24}){0,2}?";
/** `, Springfield, IL 62704`, `, Leeds LS1 4AB`, `, Leeds, LS1 4AB`: what proves that a street and town go before. */
export const ENGLISH_TAIL = `(?:,? |,? ?\\n ?)(?:${ENGLISH_CITY},? (?:(?:${STATES}),? ${ZIP}|${POSTCODE}|(?:${STATES})${WORD_END})|(?:${STATES}) ${ZIP}|${POSTCODE})`;
