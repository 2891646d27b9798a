import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { type Token } from '../tokens.ts';

/** `34 years old`, `34-year-old`, `34yo`, `34 Jahre alt`, `34岁`: what may follow a number that is an age. */
const UNIT =
  /^(?: ?(?:years?|yrs?|months?)[ -]old|-(?:year|month)s?-old| ?y\/?o|(?: Jahre| jaar| år) (?:alt|oud|gammal)| años de edad| anos de idade| ?(?:周岁|岁|歲|歳|세))(?!\p{L}*\p{Script=Latin})/iu;
/** Words for years alone: as often a duration, so somebody must have them. */
const YEARS = /^ (?:ans|años|anni|anos|lat|lata|лет|года?)(?!\p{L})/iu;
const SOMEBODY_HAS =
  /(?<!\p{L})(?:j'ai|tu as|il a|elle a|tengo|tienes|tiene|tenía|ho|hai|ha|tenho|tem|mam|ma|мне|ему|ей|вам) $/iu;
/** `aged 34`, `age: 34`, `"age": 34`, `im Alter von 34`, `年龄：34`: what may precede one. */
const LABEL =
  /(?:(?<![\p{L}\d])(?:aged|age|âgée? de|im alter von|edad|età|idade|leeftijd|возраст)["']?(?: of| is|:| :|=|\s)\s{0,2}["']?|(?:年龄|年齡|年纪)(?:是|为|:)?\s{0,2})$/iu;
/** Buildings and companies have ages too, so without a person in the sentence the score stays at the threshold or below. */
const PERSON_NEAR =
  /(?:\b(?:i|i'm|im|my|me|he|she|his|her|they|who|man|woman|boy|girl|male|female|patient|son|daughter|child|wife|husband|mother|father|mr|mrs|ms|aged?|turned|person|student|employee)\b|[我他她男女你]|患者)/i;
/** `Maria is 34 years old`: a capitalised word and a form of "to be". */
const NAME_IS = /\p{Lu}\p{Ll}{1,20},? (?:is|was|turns|turned)(?: (?:now|only|just))? $/u;
const OLDEST = 125;
const MAX_UNIT = 20;

/** Ages of people; the span is the number with its unit. */
export const AGES: Recognizer = {
  name: 'age',
  entities: ['AGE'],
  find(view) {
    return view.tokens.flatMap((token) => {
      const found = ageAt(view.text, token);
      return found === undefined ? [] : [found];
    });
  },
};

/** Length of the unit behind the number, 0 without one. */
function unitAfter(text: string, start: number, end: number): number {
  const after = text.slice(end, end + MAX_UNIT);
  const unit = UNIT.exec(after);
  if (unit !== null) return unit[0].length;
  return SOMEBODY_HAS.test(text.slice(Math.max(0, start - 12), start))
    ? (YEARS.exec(after)?.[0].length ?? 0)
    : 0;
}

function ageAt(text: string, { start, end, numeric }: Token): Span | undefined {
  const digits = numeric
    ? end - start
    : /^\d{1,3}(?=yo|y$)/i.exec(text.slice(start, Math.min(end, start + 6)))?.[0].length;
  if (digits === undefined || digits > 3 || Number(text.slice(start, start + digits)) > OLDEST)
    return undefined;
  if (/[\d.,$€£¥-]/.test(text.charAt(start - 1)) || /^[.,]\d|^ ?%/.test(text.slice(end, end + 2)))
    return undefined;
  const unit = unitAfter(text, start, start + digits);
  const labelled = LABEL.test(text.slice(Math.max(0, start - 24), start));
  if (unit === 0 && (!labelled || !numeric)) return undefined;
  const behind = start + digits + unit;
  const around = `${text.slice(Math.max(0, start - 40), start)} ${text.slice(behind, behind + 16)}`;
  const isPerson = PERSON_NEAR.test(around) || NAME_IS.test(text.slice(Math.max(0, start - 40), start));
  return {
    start,
    end: behind,
    entity: 'AGE',
    score: isPerson ? 0.75 : labelled || !/old/i.test(text.slice(end, behind)) ? 0.5 : 0.4,
    recognizer: 'age',
    validated: false,
  };
}
