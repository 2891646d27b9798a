import { type Span } from '../../domain/span.ts';
import { Context } from '../context.ts';
import { type Recognizer } from '../recognizer.ts';

const DECIMAL_PAIR =
  /(?<![\d.])([-+]?\d{1,2}\.\d{3,15}) ?°? ?[NS]?(?:, ?|; ?| )([-+]?\d{1,3}\.\d{3,15})(?: ?°? ?[EW])?(?![\d.])/g;
const LABELLED =
  /"?\blat(?:itude)?"? ?[:=] ?"?([-+]?\d{1,2}\.\d{2,15})"?,?\s{0,8}"?(?:lon|lng|long|longitude)"? ?[:=] ?"?([-+]?\d{1,3}\.\d{2,15})"?/gi;
const SEXAGESIMAL =
  /\d{1,2} ?° ?\d{1,2} ?['′’] ?(?:\d{1,2}(?:\.\d{1,6})? ?(?:["″”]|′′|'') ?)?[NS],? {0,2}\d{1,3} ?° ?\d{1,2} ?['′’] ?(?:\d{1,2}(?:\.\d{1,6})? ?(?:["″”]|′′|'') ?)?[EW]/g;
const PLACE = new Context(
  'gps',
  'lat',
  'latitude',
  'coordinates',
  'coords',
  'location',
  'located',
  '坐标',
  '经纬度',
  '定位',
);

function span(match: RegExpExecArray, score: number): Span {
  return {
    start: match.index,
    end: match.index + match[0].length,
    entity: 'GPS_COORDINATE',
    score,
    recognizer: 'gps',
    validated: false,
  };
}

export const GPS: Recognizer = {
  name: 'gps',
  entities: ['GPS_COORDINATE'],
  find(view) {
    const { text } = view;
    if (view.tokens.length < 2) return [];
    const spans: Span[] = [];
    for (const match of text.matchAll(DECIMAL_PAIR)) {
      if (isOnEarth(match[1], match[2])) spans.push(span(match, score(text, match)));
    }
    if (/lat/i.test(text)) {
      for (const match of text.matchAll(LABELLED)) {
        if (isOnEarth(match[1], match[2])) spans.push(span(match, 0.9));
      }
    }
    if (text.includes('°')) {
      for (const match of text.matchAll(SEXAGESIMAL)) spans.push(span(match, 0.85));
    }
    return spans;
  },
};

function isOnEarth(latitude = '', longitude = ''): boolean {
  return Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180;
}

/** Without a word beside it, a pair must look measured: four decimals each, not part of a vector, not near zero. */
function score(text: string, match: RegExpExecArray): number {
  const end = match.index + match[0].length;
  if (PLACE.nearness(text, match.index, end) > 0) return 0.85;
  const inList =
    /[\d.][,;]? $|[\d.][,;]$/.test(text.slice(Math.max(0, match.index - 3), match.index)) ||
    /^[,;]? ?[-+]?\d/.test(text.slice(end, end + 4));
  const measured = /\.\d{4,}\D+.*\.\d{4,}/.test(match[0]) && match[0].includes(',');
  return measured && !inList && Math.abs(Number(match[1])) >= 1 ? 0.6 : 0.2;
}
