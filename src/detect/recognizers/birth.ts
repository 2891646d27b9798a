import { type Span } from '../../domain/span.ts';
import { isCalendarDay } from '../checksums/date.ts';
import { type Recognizer } from '../recognizer.ts';

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|fév|mars|avr|mai|juin|juil|août|déc|jän|mär|mrz|okt|dez|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mei|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)[a-zà-ÿ]{0,8}\\.?';
const DATE = new RegExp(
  [
    '(?<ymd>(?:18|19|20)\\d\\d[-/. ]\\d{1,2}[-/. ]\\d{1,2})(?!\\d)',
    '(?<dmy>\\d{1,2}[-/. ]{1,2}\\d{1,2}[-/. ]{1,2}(?:(?:18|19|20)\\d\\d|\\d\\d))(?!\\d)',
    '(?:18|19|20)\\d\\d ?[年년] ?\\d{1,2} ?[月월] ?\\d{1,2} ?[日号일]?',
    `\\d{1,2}(?:st|nd|rd|th|er|º|ª)?\\.?,? (?:of |de |d'|del )?${MONTH},? (?:de |del )?(?:18|19|20)\\d\\d`,
    `(?<!\\p{L})${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? (?:18|19|20)\\d\\d`,
    '(?<eight>(?:19|20)\\d{6})(?!\\d)',
  ].join('|'),
  'giu',
);
const BIRTH = new RegExp(
  [
    '(?<![\\p{L}\\d])(?:born|dob|d\\.o\\.b|date[ _-]?of[ _-]?birth|birth[ _-]?date|birth[ _-]?day|bday|geboren|geb\\.|geburtsdatum|geburtstag|née?(?= le)|date[ _-]de[ _-]naissance|naissance|nacid[oa]|fecha[ _-]de[ _-]nacimiento|f\\. ?nac|nat[oa](?= (?:il|a|in))|data[ _-]di[ _-]nascita|nascid[oa]|data[ _-]de[ _-]nascimento|geboortedatum|född|fødselsdato|fødd?|urodzon[ya]|data[ _-]urodzenia|родил(?:ся|ась)|дата рождения)(?!\\p{L})',
    'birthDate|dateOfBirth',
    '出生|生日|生于|誕生|생년월일|생일|出世',
  ].join('|'),
  'giu',
);
const REACH = 48;
/** After the date in Chinese and Japanese (`1984年3月12日出生`), seldom elsewhere (`12/03/1984 (born)`). */
const REACH_BACK = 24;

export const BIRTH_DATES: Recognizer = {
  name: 'birth',
  entities: ['DATE_OF_BIRTH'],
  find(view) {
    if (view.tokens.length === 0) return [];
    const spans = new Map<number, Span>();
    for (const word of view.text.matchAll(BIRTH)) {
      const from = Math.max(0, word.index - REACH_BACK);
      const behind = word.index + word[0].length;
      const after = nearest(view.text.slice(behind, behind + REACH), behind, 'first');
      const found =
        after ?? nearest(view.text.slice(from, word.index), from, 'last');
      if (found !== undefined) spans.set(found.start, found);
    }
    return [...spans.values()];
  },
};

function nearest(window: string, offset: number, which: 'first' | 'last'): Span | undefined {
  let found: Span | undefined;
  for (const match of window.matchAll(DATE)) {
    if (!isPossible(match)) continue;
    const start = offset + match.index;
    found = {
      start,
      end: start + match[0].length,
      entity: 'DATE_OF_BIRTH',
      score: 0.85,
      recognizer: 'birth',
      validated: false,
    };
    if (which === 'first') return found;
  }
  // Behind the date only a few words may stand before "born" or 出生.
  return found !== undefined && offset + window.length - found.end <= 6 ? found : undefined;
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
