import { type Recognizer } from '../recognizer.ts';

/**
 * Ages of people: `34 years old`, `34-year-old woman`, `aged 34`, `age: 34`, `34岁`. The number alone with its unit is
 * the span. Ages of buildings and companies read alike, so the plain forms stay close to the threshold.
 */
const AGE = new RegExp(
  [
    '(?<![\\p{L}\\d.,])(?<before>\\d{1,3}(?: ?(?:years?|yrs?|months?)[ -]old|-(?:year|month)s?-old| ?y/?o|(?: Jahre| jaar| år) (?:alt|oud|gammal)| ans(?= ?[,.)]|$)| años(?: de edad)?| anni| anos de idade))(?!\\p{L})',
    '(?<![\\p{L}\\d])(?:aged|age|âgée? de|im Alter von|edad|età|idade|leeftijd|возраст)["\']?(?: of| is|:| :|=|\\s)\\s{0,2}["\']?(?<labelled>\\d{1,3})(?![\\d.,%]\\d|\\d|\\s?%|\\p{L})',
    '(?:年龄|年齡|年纪)(?:是|为|:)?\\s{0,2}(?<chinese>\\d{1,3})(?!\\d)',
    '(?<!\\d)(?<sui>\\d{1,3} ?(?:周岁|岁|歲|歳|세))',
  ].join('|'),
  'giu',
);
const PERSON_NEAR =
  /(?:\b(?:i|i'm|im|my|me|he|she|his|her|they|who|is|was|am|man|woman|boy|girl|male|female|patient|son|daughter|child|wife|husband|mother|father|mr|mrs|ms|aged?|turned|person|student|employee)\b|[我他她男女你]|患者)/i;
const HINT = /old|age|y\/?o|岁|歲|歳|세|ans|años|anni|anos|alt|oud|età|edad|idade|leeftijd|возраст|年[龄齡纪]/i;

export const AGES: Recognizer = {
  name: 'age',
  entities: ['AGE'],
  find(view) {
    const { text } = view;
    if (view.tokens.length === 0 || !HINT.test(text)) return [];
    return Array.from(text.matchAll(AGE)).flatMap((match) => {
      const groups = match.groups ?? {};
      const value = groups['before'] ?? groups['labelled'] ?? groups['chinese'] ?? groups['sui'] ?? '';
      if (parseInt(value, 10) > 125) return [];
      const start = match.index + match[0].lastIndexOf(value);
      const end = start + value.length;
      const around = text.slice(Math.max(0, start - 40), start) + text.slice(end, end + 16);
      return [
        {
          start,
          end,
          entity: 'AGE',
          score: PERSON_NEAR.test(around) ? 0.75 : groups['labelled'] === undefined ? 0.4 : 0.5,
          recognizer: 'age',
          validated: false,
        },
      ];
    });
  },
};
