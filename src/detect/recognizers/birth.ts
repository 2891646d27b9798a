import { type Span } from '../../domain/span.ts';
import { isCalendarDay } from '../checksums/date.ts';
import { type Recognizer } from '../recognizer.ts';
import { type TextView } from '../view.ts';
import { cellsUnder } from './table.ts';

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|fév|mars|avr|mai|juin|juil|août|déc|jän|mär|mrz|okt|dez|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mei|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)[a-zà-ÿ]{0,8}\\.?';
const YEAR = "(?:(?:18|19|20)\\d\\d|['’]\\d\\d)(?!\\d)";
/** Between dashes nothing else can be meant. */
const SHORT_YEAR = '(?:(?:18|19|20)\\d\\d|\\d\\d)(?!\\d)';
const DATE = new RegExp(
  [
    '(?<ymd>(?:18|19|20)\\d\\d[-/. ]\\d{1,2}[-/. ]\\d{1,2})(?!\\d)',
    '(?<dmy>\\d{1,2}[-/. ]{1,2}\\d{1,2}[-/. ]{1,2}(?:(?:18|19|20)\\d\\d|\\d\\d))(?!\\d)',
    '(?:18|19|20)\\d\\d ?[年년] ?\\d{1,2} ?[月월] ?\\d{1,2} ?[日号일]?',
    `\\d{1,2}(?:st|nd|rd|th|er|º|ª)?\\.?,? (?:of |de |d'|del )?${MONTH},? (?:de |del )?${YEAR}`,
    `(?<!\\p{L})${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? ${YEAR}`,
    // 14-Mar-1978, 14/Mar/78, Mar-14-1978, 1978-Mar-14
    `\\d{1,2}(?<dash>[-/.])${MONTH}\\k<dash>${SHORT_YEAR}`,
    `(?<!\\p{L})${MONTH}(?<dashed>[-/.])\\d{1,2}\\k<dashed>${SHORT_YEAR}`,
    `(?:18|19|20)\\d\\d(?<apart>[-/. ])${MONTH}\\k<apart>\\d{1,2}(?!\\d)`,
    // Born in March 1978
    `(?<!\\p{L})${MONTH},? (?:of |de |del |di )?(?:18|19|20)\\d\\d`,
    '(?<eight>(?:19|20)\\d{6})(?!\\d)',
  ].join('|'),
  'giu',
);
const CHINESE_NUMERAL_DATE =
  /[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿卅]{1,3}[日号]?/g;
/** Behind a word for birthday the year is often left out. */
const DAY_OF_YEAR = new RegExp(
  `^\\W{0,3}(?:(?:is|on|ist|am|est|le|es|el|è|il|é|op|是|在)[\\s:：]{0,3}){0,2}(?<day>(?:the )?\\d{1,2}(?:st|nd|rd|th|er|º)?\\.? (?:of |de )?${MONTH}|${MONTH} \\d{1,2}(?:st|nd|rd|th)?|\\d{1,2}月\\d{1,2}[日号]?)(?![\\p{L}\\d])`,
  'iu',
);
const BIRTHDAY = /^(?:birth[ _-]?day|bday|geburtstag|生日|誕生|생일)$/i;
const BIRTH = new RegExp(
  [
    '(?<![A-Za-z\\u00c0-\\u052f\\d])(?:born|dob|birth|d\\/o\\/b|d\\.o\\.b|date[ _-]?of[ _-]?birth|birth[ _-]?date|birth[ _-]?day|bday|geboren|geb\\.|geburtsdatum|geburtstag|gebdat|née?(?= le)|date[ _-]de[ _-]naissance|naissance|nacid[oa]|fecha[ _-]de[ _-]nacimiento|f\\. ?nac|fecha[ _-]nac|nacimiento|cumpleaños|nat[oa](?= (?:il|a|in))|data[ _-]di[ _-]nascita|nascita|compleanno|nascid[oa]|data[ _-]de[ _-]nascimento|data[ _-]nasc|nascimento|geboortedatum|verjaardag|född|fødselsdato|fødd?|urodzon[ya]|data[ _-]urodzenia|родил(?:ся|ась)|дата рождения)(?![A-Za-z\\u00c0-\\u052f])',
    'birthDate|dateOfBirth',
    '出生(?![地村率证])|生日|生于|誕生|생년월일|생일|出世',
  ].join('|'),
  'gi',
);
const REACH = 48;
/** Room for the longest word of BIRTH. */
const MAX_WORD = 24;
/** After the date in Chinese and Japanese (`1984年3月12日出生`), seldom elsewhere (`12/03/1984 (born)`). */
const REACH_BACK = 24;

export const BIRTH_DATES: Recognizer = {
  name: 'birth',
  entities: ['DATE_OF_BIRTH'],
  find(view) {
    const spans = new Map<number, Span>();
    for (const { from, to } of regions(view)) {
      for (const word of view.text.slice(from, to).matchAll(BIRTH)) {
        const found = besideWord(view.text, from + word.index, word[0]);
        if (found !== undefined) spans.set(found.start, found);
      }
    }
    for (const match of view.text.matchAll(CHINESE_NUMERAL_DATE)) {
      const found = besideNumerals(view.text, match);
      if (found !== undefined) spans.set(found.start, found);
    }
    for (const span of inColumns(view.text)) spans.set(span.start, span);
    return [...spans.values()];
  },
};

/** The parts of the text around numbers that can belong to a date; elsewhere nobody's birthday is given. */
function regions(view: TextView): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { start, end, numeric } of view.tokens) {
    const length = end - start;
    const ordinal =
      !numeric && /^\d{1,2}(?:st|nd|rd|th|er)$/.test(view.text.slice(start, Math.min(end, start + 5)));
    if (!ordinal && (!numeric || (length > 2 && length !== 4 && length !== 8))) continue;
    if (
      !ordinal &&
      length <= 2 &&
      !/[-/. 年년月]|^$|[a-z]/i.test(view.text.charAt(end)) &&
      !/[A-Za-z.] $/.test(view.text.slice(start - 2, start))
    )
      continue;
    const from = Math.max(0, start - REACH - MAX_WORD);
    const to = end + REACH_BACK + MAX_WORD;
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else found.push({ from, to });
  }
  return found;
}

/** `一九八四年三月十二日出生`, `生于一九八四年…`: no digit leads there. */
function besideNumerals(text: string, match: RegExpExecArray): Span | undefined {
  const end = match.index + match[0].length;
  const isBirth =
    /(?:出生|生日|生于|誕生)[^，。；]{0,6}$/.test(text.slice(Math.max(0, match.index - 12), match.index)) ||
    /^.{0,2}(?:出生|生)(?![产成])/.test(text.slice(end, end + 6));
  return isBirth ? birth(match.index, end) : undefined;
}

function birth(start: number, end: number): Span {
  return { start, end, entity: 'DATE_OF_BIRTH', score: 0.85, recognizer: 'birth', validated: false };
}

function besideWord(text: string, index: number, word: string): Span | undefined {
  const behind = index + word.length;
  const day = BIRTHDAY.test(word) ? DAY_OF_YEAR.exec(text.slice(behind, behind + REACH)) : null;
  const from = Math.max(0, index - REACH_BACK);
  const after = (): Span | undefined => nearest(text.slice(behind, behind + REACH), behind, 'first');
  const before = (): Span | undefined => nearest(text.slice(from, index), from, 'last');
  const isChinese = /^[出生誕生]/.test(word);
  const dated = isChinese ? (before() ?? after()) : (after() ?? before());
  const name = day?.groups?.['day'];
  if (dated !== undefined || day === null || name === undefined) return dated;
  return birth(behind + day[0].length - name.length, behind + day[0].length);
}

/** The cells of a table's column that is headed by a word for birth, however far down they stand. */
function inColumns(text: string): Span[] {
  return cellsUnder(text, BIRTH).flatMap(({ start, end }) => {
    const found = nearest(text.slice(start, end), start, 'first');
    return found === undefined ? [] : [found];
  });
}

function nearest(window: string, offset: number, which: 'first' | 'last'): Span | undefined {
  let found: Span | undefined;
  for (const match of window.matchAll(DATE)) {
    if (!isPossible(match)) continue;
    const start = offset + match.index;
    found = birth(start, start + match[0].length);
    if (which === 'first') return found;
  }
  // Behind the date hardly anything may stand before "born" or 出生.
  return found !== undefined && offset + window.length - found.end <= 2 ? found : undefined;
}

function isPossible(match: RegExpExecArray): boolean {
  const { ymd, dmy, eight } = match.groups ?? {};
  if (eight !== undefined) return isCalendarDay(Number(eight.slice(4, 6)), Number(eight.slice(6)));
  const numbers = (ymd ?? dmy)?.split(/[-/. ]+/).map(Number);
  if (numbers === undefined) return true;
  const [first = 0, second = 0, third = 0] = numbers;
  if (ymd !== undefined) return isCalendarDay(second, third, first);
  return isCalendarDay(second, first) || isCalendarDay(first, second);
}
