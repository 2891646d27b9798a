import {
  type CountryCode,
  type PhoneNumber,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { type Token, isAlnumAt, isDigitAt } from '../tokens.ts';
import { type TextView } from '../view.ts';
import { ORDER_NUMBER_LABEL } from './order-number.ts';
import { printedAs } from './phone-shapes.ts';
import { PHONE_WORDS } from './phone-words.ts';

/** What a chain of digit groups may be joined by: `+1 (212) 555-0123`, `0171/1234567`, `06.12.34.56.78`. */
const JOIN = /^(?: ?[-./] ?|\) ?-?| ?\(| {1,2}|\)\(| ?\(0\) ?)$/;
const MAX_GROUPS = 8;
const MAX_DIGITS = 15;
/** Groups of one digit: a country code, a trunk zero, `+33 6`; a list of small numbers has more. */
const MAX_SINGLES = 2;
const MAX_PARSES = 1000;
const EXTENSION = /^,? ?(?:ext\.? ?|x ?|extension |durchwahl |转|分机)\d{1,6}(?!\d)/i;
const DATE_SHAPE =
  /^(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d)(?: \d{1,2})?$/;
const YEARS_SHAPE = /^(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$/;
/** A ZIP code with its four more digits. */
const ZIP_SHAPE = /^\d{5}-\d{4}$/;
const IPV4_SHAPE = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Three-digit exchange and four-digit line, with its area code: printed like nothing else in North America. */
const NANP_SHAPE = /^(?:1[-. ]?)?(?:\(\d{3}\) ?-?|\d{3}([-. ]))\d{3}[-. ]\d{4}$/;
const LOCAL_SHAPE = /^\d{3}[-.]\d{4}$/;
/** Ofcom and Arcep keep these for drama: real in form, and libphonenumber calls them invalid because nobody may hold one. */
const DRAMA = /^\+(?:44(?:7700900|1632960)\d{3}|33(?:19900|26191|35301|46571|53649|63998)\d{4})$/;
/** Read where a word says that it is a phone number, whatever the regions: Portuguese is served, and mostly spoken there. */
const ELSEWHERE: readonly CountryCode[] = ['BR'];
/** CN_MOBILE has its own recogniser, and its own policy. */
const CHINESE_MOBILE = /^1[3-9]\d[ -]?\d{4}[ -]?\d{4}$/;
const CHINESE_MOBILE_ABROAD = /^(?:\+|00)861[3-9]\d{9}$/;

interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly digits: number;
  readonly text: string;
}

/**
 * Phone numbers by libphonenumber's ranges. With `+` any country counts; without it a number must be valid in one of
 * `regions` (ISO 3166 codes) and either printed the way phone numbers are or stand beside a word that says so.
 */
export function createPhoneRecognizer(regions: readonly string[]): Recognizer {
  const known = regions.filter((region): region is CountryCode => isSupportedCountry(region));
  if (known.length !== regions.length)
    throw new RangeError('A phone region is not an ISO 3166 country code.');
  return {
    name: 'phone',
    entities: ['PHONE_NUMBER', 'CN_MOBILE'],
    find(view) {
      const spans: Span[] = [];
      const parse = createParser(MAX_PARSES);
      let behind = 0;
      for (const [i, token] of view.tokens.entries()) {
        if (
          groupEnd(view.text, token) === undefined ||
          token.start < behind ||
          token.end - token.start > MAX_DIGITS
        )
          continue;
        const found = findAt(view, i, token, known, parse);
        if (found === undefined) continue;
        spans.push(found);
        behind = found.end;
      }
      return spans;
    },
  };
}

type Parser = (text: string, region: CountryCode | undefined) => PhoneNumber | 'unread' | undefined;

/** libphonenumber takes tens of microseconds a number: beyond the budget of one view nothing is parsed any more. */
function createParser(budget: number): Parser {
  let left = budget;
  return (text, region) => {
    if (left-- <= 0) return 'unread';
    return parsePhoneNumberFromString(text, {
      extract: false,
      ...(region === undefined ? {} : { defaultCountry: region }),
    });
  };
}

/** The longest chain of groups from this token that is a phone number. */
function findAt(
  view: TextView,
  index: number,
  token: Token,
  regions: readonly CountryCode[],
  parse: Parser,
): Span | undefined {
  const { text } = view;
  let start = token.start;
  if (text.charAt(start - 1) === '(' && text.charAt(token.end) === ')') start--;
  const international = text.charAt(start - 1) === '+';
  if (international) start--;
  if (isContinuation(text, start)) return undefined;
  const candidates = chainsFrom(view, index, start);
  // Its first groups must not be taken for a short number of some other country.
  if (!international && candidates.some(({ text: printed }) => CHINESE_MOBILE.test(printed)))
    return undefined;
  for (const candidate of candidates.reverse()) {
    const score = international
      ? judgeInternational(candidate, parse)
      : judgeNational(view, candidate, regions, parse);
    if (score === undefined) continue;
    // `(+86)138…`: the bracket before the plus belongs to it.
    const bracket = international && text.charAt(start - 1) === '(' && candidate.text.includes(')') ? 1 : 0;
    const extension = EXTENSION.exec(text.slice(candidate.end, candidate.end + 24))?.[0].length ?? 0;
    return {
      start: candidate.start - bracket,
      end: candidate.end + extension,
      entity: isChineseMobile(candidate.text) ? 'CN_MOBILE' : 'PHONE_NUMBER',
      score: score.score,
      recognizer: 'phone',
      validated: score.proven,
    };
  }
  return undefined;
}

function isChineseMobile(printed: string): boolean {
  return CHINESE_MOBILE_ABROAD.test(printed.replace(/[^+\d]/g, ''));
}

/** Inside a longer chain, a decimal, a date or a word: only the chain's first group may begin a number. */
function isContinuation(text: string, start: number): boolean {
  const before = text.charAt(start - 1);
  if (/[\w$€£¥#]/.test(before)) return true;
  return (
    (/[.:+]/.test(before) && isDigitAt(text, start - 2)) ||
    (/[-/]/.test(before) && isAlnumAt(text, start - 2))
  );
}

/** Where the digits of a group end: before the extension in `3119x365`, undefined when it is no group of digits. */
function groupEnd(text: string, { start, end, numeric }: Token): number | undefined {
  if (numeric) return end;
  const digits = /^\d{2,10}(?=x\d{1,6}$)/i.exec(text.slice(start, Math.min(end, start + 18)))?.[0].length;
  return digits === undefined || end - start > 18 ? undefined : start + digits;
}

function chainsFrom(view: TextView, index: number, start: number): Candidate[] {
  const { text, tokens } = view;
  const candidates: Candidate[] = [];
  let digits = 0;
  let singles = 0;
  for (let i = index; i < index + MAX_GROUPS; i++) {
    const token = tokens[i];
    const previous = tokens[i - 1];
    const end = token === undefined ? undefined : groupEnd(text, token);
    if (token === undefined || end === undefined) break;
    if (
      i > index &&
      (previous === undefined ||
        !JOIN.test(text.slice(previous.end, Math.min(token.start, previous.end + 6))))
    )
      break;
    digits += end - token.start;
    if (end - token.start === 1) singles++;
    if (digits > MAX_DIGITS || singles > MAX_SINGLES) break;
    const open = /[-./+]/.test(text.charAt(end)) && isDigitAt(text, end + 1);
    const cut = end === token.end && /[\w%:]/.test(text.charAt(end));
    if (digits >= 7 && !open && !cut) candidates.push({ start, end, digits, text: text.slice(start, end) });
    if (end !== token.end) break;
  }
  return candidates;
}

interface Judgement {
  readonly score: number;
  readonly proven: boolean;
}

/** A text with thousands of candidates is hostile or a phone book: what was not parsed counts as a phone number. */
const UNREAD: Judgement = { score: 0.55, proven: false };

function judgeInternational(candidate: Candidate, parse: Parser): Judgement | undefined {
  const number = parse(candidate.text, undefined);
  if (number === 'unread') return UNREAD;
  if (number === undefined) return undefined;
  if (number.isValid()) return { score: 0.95, proven: true };
  return number.isPossible() ? { score: DRAMA.test(number.number) ? 0.8 : 0.6, proven: false } : undefined;
}

function judgeNational(
  view: TextView,
  candidate: Candidate,
  regions: readonly CountryCode[],
  parse: Parser,
): Judgement | undefined {
  const { text } = view;
  const printed = candidate.text;
  if (CHINESE_MOBILE.test(printed) || DATE_SHAPE.test(printed) || YEARS_SHAPE.test(printed)) return undefined;
  const before = text.slice(Math.max(0, candidate.start - 24), candidate.start);
  if (ORDER_NUMBER_LABEL.test(before)) return undefined;
  if (printed.includes('(') !== printed.includes(')')) return undefined;
  const near = nearnessOf(view, candidate);
  if ((ZIP_SHAPE.test(printed) && near === 0) || (IPV4_SHAPE.test(printed) && near < 0.8)) return undefined;
  if (LOCAL_SHAPE.test(printed)) return near > 0 ? { score: 0.55, proven: false } : undefined;
  const nanp = NANP_SHAPE.test(printed);
  // A trunk zero and two or more groups, or brackets: the way numbers are printed outside North America.
  const grouped =
    /^(?:\(0\d+\)|0\d)/.test(printed) && /\d[-./ )]{1,2}\d/.test(printed) && candidate.digits >= 9;
  for (const region of printedAs(text, candidate.start, candidate.end, regions)) {
    const number = parse(printed, region);
    if (number === 'unread') return UNREAD;
    if (number?.isValid() === true) return { score: 0.65 + 0.3 * near, proven: near > 0 };
  }
  if (!nanp && !grouped && near === 0) return undefined;
  for (const region of near > 0 && isElsewhere(candidate) ? [...regions, ...ELSEWHERE] : regions) {
    if (region === 'US' || region === 'CA' ? !nanp && near === 0 : nanp && !grouped && near === 0) continue;
    const number = parse(printed, region);
    if (number === 'unread') return UNREAD;
    if (number === undefined) continue;
    if (number.isValid()) return { score: 0.75 + 0.2 * near, proven: nanp || grouped || near > 0.5 };
    if (DRAMA.test(number.number)) return { score: 0.8, proven: false };
  }
  return undefined;
}

function nearnessOf(view: TextView, { start, end }: Candidate): number {
  const near = PHONE_WORDS.nearness(view.text, start, end);
  if (near > 0) return near;
  const heading = view.headingAt(start);
  return heading !== undefined && PHONE_WORDS.isIn(heading) ? 1 : 0;
}

/** An area code and eight or nine digits, with or without the country's code. */
function isElsewhere({ digits }: Candidate): boolean {
  return digits >= 10 && digits <= 13;
}
