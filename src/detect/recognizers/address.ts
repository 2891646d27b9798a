import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { type TextView } from '../view.ts';
import { CHINESE_ADDRESS_HINT, chineseAddresses } from './address-chinese.ts';
import {
  BARE_TYPE,
  BY_POSTCODE,
  COUNTED,
  EUROPEAN_SHAPES,
  NAMES_BEFORE,
  NUMBERED,
  type Shape,
} from './address-european.ts';
import {
  ENGLISH_TAIL,
  ENGLISH_UNIT,
  ENGLISH_UNIT_BEFORE,
  NAME,
  WORD_END,
  inAllCases,
} from './address-parts.ts';

/** How far before a street type its name and number are looked for, and behind it the rest. */
const BEFORE = 64;
const AFTER = 144;

const ENGLISH_TYPES = inAllCases(
  'street road avenue lane drive court close boulevard terrace place way crescent highway parkway square circle trail st rd ave av ln dr ct blvd ter pl hwy pkwy sq cres'.split(
    ' ',
  ),
);
const COMPASS = '(?:(?:[NSEW]|N[EW]|S[EW]|North|South|East|West|NORTH|SOUTH|EAST|WEST)\\.? )?';
/** Words between number and type that make it a sentence: `2 steps down the street`. */
const NOT_A_STREET =
  /(?:^|\s)(?:the|an?|of|on|in|at|to|by|for|with|from|down|along|across|per|and|or|our|my|your|this|that|more|other|under|no|is|are|was)(?:\s|$)/i;
/** `5 Google Drive folders`, `2 District Court rulings`. */
const NO_STREET_EITHER =
  /(?:google|one|hard|flash|disk|disc|tape|test|usb) drive|(?:supreme|high|district|federal|appeals|county|crown|tennis) court|(?:market|work|birth|first|second|third) place|(?:perfect|times) square|via (?:teams|zoom|skype|pec|e-?mail|fax|web|whatsapp|telegram|internet|api|vpn|ssh|usb|meet|slack|sms|app|chat)\b/i;
/** Compounds that end like a street and are none. */
const NOT_A_COMPOUND =
  /(?:arbeits|park|steck|speicher|sitz|stell|listen|tabellen|lager|spiel|frei)platz|(?:aktien|super|arbeits|bau|welt|binnen|levensmiddelen)markt|(?:bahn|fried|gast)hof|(?:unter|durch|hin|rück|aus)weg|(?:dateip|p)fad$/i;
interface Compiled {
  readonly type: RegExp;
  readonly needsTail: boolean;
  readonly strict: readonly [before: RegExp, after: RegExp];
  /** In any case: counts only with the tail that proves it. */
  readonly loose: readonly [before: RegExp, after: RegExp];
}

function compile({ type, before, after, tail, needsTail = false }: Shape): Compiled {
  const both = (flags: string): readonly [RegExp, RegExp] => [
    new RegExp(`(?:${before})$`, flags),
    new RegExp(`^(?:${after})(?<tail>${tail})?`, flags),
  ];
  return { type, needsTail, strict: both('u'), loose: both('iu') };
}

const ENGLISH_AND_EUROPEAN: readonly Shape[] = [
  {
    // 221 Pine Street, Apt 4, Springfield, IL 62704
    type: new RegExp(`(?<= )(?:${ENGLISH_TYPES})${WORD_END}`, 'gu'),
    before: `(?<![\\p{L}\\p{N}.,$€£-])\\d{1,5}[A-Za-z]?(?:[-–]\\d{1,4})? ${COMPASS}(?:${NAME} ){1,4}`,
    after: `\\p{L}{2,9}\\.?(?: [NSEW]{1,2}${WORD_END})?${ENGLISH_UNIT}{0,2}`,
    tail: ENGLISH_TAIL,
  },
  {
    // P.O. Box 12, Springfield, IL 62704
    type: /(?<![\p{L}\p{N}])(?:[Pp]\.? ?[Oo]\.? ?(?:[Bb]ox|BOX))(?= )/gu,
    before: '',
    after: '[\\p{L}. ]{6,8} \\d{1,6}(?!\\d)',
    tail: ENGLISH_TAIL,
  },
  ...EUROPEAN_SHAPES,
];
const SHAPES: readonly Compiled[] = ENGLISH_AND_EUROPEAN.map(compile);

/** Street addresses by their structure, in the way of eight languages. */
export const ADDRESSES: Recognizer = {
  name: 'address',
  entities: ['ADDRESS'],
  find(view) {
    const { text, tokens } = view;
    // No house, no number: most prompts end here.
    if (tokens.length === 0) return [];
    const near = aroundNumbers(view);
    const spans = SHAPES.flatMap((shape) => near.flatMap((part) => byShape(text, part, shape)));
    for (const { start, end } of tokens) {
      if (end - start > 5 || text.charAt(start - 1) !== ' ') continue;
      // Both cheap: most numbers stand behind no capitalised word, or before no postcode.
      if (!CAPITAL_BEFORE.test(text.slice(Math.max(0, start - 27), start))) continue;
      if (!POSTCODE_DIGITS.test(text.slice(end, end + AFTER))) continue;
      const match = BY_POSTCODE.exec(text.slice(start, start + AFTER));
      if (match === null) continue;
      const names = NAMES_BEFORE.exec(text.slice(Math.max(0, start - BEFORE), start))?.[0];
      if (names === undefined || NUMBERED.test(names)) continue;
      // `Kapitel 3, 2020 Ausgabe`: beside no word for a street four digits are a year.
      if (/[ ,\n](?:19|20)\d\d \p{Lu}\p{Ll}/u.test(match[0])) continue;
      spans.push(address(start - names.length, start + match[0].length, 0.7));
    }
    if (CHINESE_ADDRESS_HINT.test(text)) {
      for (const { start, end } of chineseAddresses(view)) spans.push(address(start, end, 0.75));
    }
    return spans;
  },
};

/** Without them no tail can follow, and trying every pattern in every case is what costs. */
const POSTCODE_DIGITS = /\d{4}|\d[A-Z]{2}(?![A-Z])|\/ ?[A-Z]{2}(?![A-Z])/i;

const CAPITAL_BEFORE = /(?:\p{Lu}[\p{L}\p{M}'’.-]*|n\.|nr\.?) $/u;

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The parts of the text that a house number is near; searching the rest for street types would be in vain. */
function aroundNumbers({ text, tokens }: TextView): Part[] {
  const parts: { from: number; to: number }[] = [];
  for (const { start, end } of tokens) {
    if (end - start > 6) continue;
    const from = Math.max(0, start - BEFORE);
    const to = Math.min(text.length, end + BEFORE);
    const last = parts.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else parts.push({ from, to });
  }
  return parts;
}

function byShape(text: string, { from, to }: Part, { type, needsTail, strict, loose }: Compiled): Span[] {
  const spans: Span[] = [];
  const part = text.slice(from, to);
  // matchAll would copy the pattern each time, which costs more than the search.
  type.lastIndex = 0;
  for (let match = type.exec(part); match !== null; match = type.exec(part)) {
    const index = from + match.index;
    const before = text.slice(Math.max(0, index - BEFORE), index);
    const after = text.slice(index, index + AFTER);
    const proven = POSTCODE_DIGITS.test(after);
    const sure =
      (proven || !needsTail ? surround(before, after, strict, needsTail) : undefined) ??
      (proven ? surround(before, after, loose, true) : undefined);
    if (sure === undefined) continue;
    let start = index - sure.before;
    start -= ENGLISH_UNIT_BEFORE.exec(text.slice(Math.max(0, start - 20), start))?.[0].length ?? 0;
    spans.push(address(start, index + sure.after, sure.tail ? 0.8 : 0.6));
  }
  return spans;
}

/** Lengths of what belongs to the address on both sides of the type's start. */
function surround(
  before: string,
  after: string,
  [left, right]: readonly [RegExp, RegExp],
  needsTail: boolean,
): { before: number; after: number; tail: boolean } | undefined {
  const behind = right.exec(after);
  if (behind === null) return undefined;
  const tail = behind.groups?.['tail'] !== undefined;
  if (needsTail && !tail) return undefined;
  const ahead = left.exec(before)?.[0];
  if (ahead === undefined || NOT_A_STREET.test(ahead)) return undefined;
  const street = ahead + behind[0];
  if (
    !tail &&
    (NOT_A_COMPOUND.test(street) ||
      NO_STREET_EITHER.test(street) ||
      BARE_TYPE.test(street) ||
      COUNTED.test(after.slice(behind[0].length, behind[0].length + 16)) ||
      /\s(?:19|20)\d\d$/.test(street))
  )
    return undefined;
  return { before: ahead.length, after: behind[0].length, tail };
}

function address(start: number, end: number, score: number): Span {
  return { start, end, entity: 'ADDRESS', score, recognizer: 'address', validated: false };
}
