import { type Generator } from './making.ts';

const DAY_MS = 86_400_000;

/** Names of months, January first, in the languages whose dates the recognisers read; short forms behind the long. */
const MONTHS: readonly (readonly string[])[] = [
  'January February March April May June July August September October November December',
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'januari februari maart april mei juni juli augustus september oktober november december',
  'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
].map((names) => names.split(' '));

type Field = 'year' | 'month' | 'day';

/** A date as it was read, and how to print another in the same way. */
interface Reading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  print(year: number, month: number, day: number): string;
}

/** All dates of a scope move by the same number of days, so that what lies between them stays as it was. */
const DATE: Generator = (value, { shiftDays, attempt }) => {
  const reading = readNumbers(value) ?? readNamedMonth(value);
  if (reading === undefined) return undefined;
  const { year, month, day } = reading;
  const at = new Date(Date.UTC(year, month - 1, day));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined;
  const moved = new Date(at.getTime() + (shiftDays + attempt) * DAY_MS);
  const text = reading.print(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
  return { text };
};

/** Each field as a pattern: where it stands tells what it is. What follows a date (a time of day) is kept. */
const NUMBERS: readonly (readonly [pattern: RegExp, order: readonly [Field, Field, Field]])[] = [
  [/^(\d{4})([-/.])(\d{1,2})(\2)(\d{1,2})(?!\d)/, ['year', 'month', 'day']],
  [/^(\d{4})( ?年 ?)(\d{1,2})( ?月 ?)(\d{1,2})(?!\d)/, ['year', 'month', 'day']],
  [/^((?:18|19|20)\d{2})()(\d{2})()(\d{2})(?!\d)/, ['year', 'month', 'day']],
  // Americans write slashes; what cannot be a month there is read the other way below.
  [/^(0?[1-9]|1[0-2])(\/)(\d{1,2})(\/)(\d{4})(?!\d)/, ['month', 'day', 'year']],
  [/^(\d{1,2})([-/.]|\. )(\d{1,2})(\2)(\d{4})(?!\d)/, ['day', 'month', 'year']],
];

function readNumbers(value: string): Reading | undefined {
  for (const [pattern, order] of NUMBERS) {
    const match = pattern.exec(value);
    if (match === null) continue;
    const [whole, first = '', one = '', second = '', two = '', third = ''] = match;
    const pieces = [first, second, third];
    const field = (name: Field): number => Number(pieces[order.indexOf(name)]);
    if (field('month') < 1 || field('month') > 12 || field('day') < 1 || field('day') > 31) continue;
    const rest = value.slice(whole.length);
    return {
      year: field('year'),
      month: field('month'),
      day: field('day'),
      print(year, month, day) {
        const printed = order.map((name, i) => {
          const number = { year, month, day }[name];
          return padded(
            number,
            pieces[i] ?? '',
            pieces.some((piece) => piece.startsWith('0')),
          );
        });
        return `${printed[0] ?? ''}${one}${printed[1] ?? ''}${two}${printed[2] ?? ''}${rest}`;
      },
    };
  }
  return undefined;
}

/** Two digits where the value had two and could have had one, or had a leading zero anywhere. */
function padded(number: number, piece: string, zeros: boolean): string {
  if (piece.length === 4) return String(number).padStart(4, '0');
  return zeros || piece.startsWith('0') ? String(number).padStart(2, '0') : String(number);
}

const NAMED =
  /^(?:(?<dayFirst>\d{1,2})(?<ordinal>st|nd|rd|th|º|er)?(?<gap>\.? |\.? de | of )(?<month>\p{L}{3,10})|(?<monthFirst>\p{L}{3,10})(?<dot>\.? )(?<daySecond>\d{1,2})(?:st|nd|rd|th)?)(?<join>\.?,? | de | del )(?<year>\d{4})(?!\d)/u;

function readNamedMonth(value: string): Reading | undefined {
  const match = NAMED.exec(value);
  const { dayFirst, gap = '', month, monthFirst, dot = '', daySecond, join = '', year } = match?.groups ?? {};
  const name = month ?? monthFirst ?? '';
  const names = MONTHS.find((list) => list.some((known) => known.toLowerCase() === name.toLowerCase()));
  if (match === null || names === undefined) return undefined;
  const capital = name !== name.toLowerCase();
  const rest = value.slice(match[0].length);
  return {
    year: Number(year),
    month: 1 + names.findIndex((known) => known.toLowerCase() === name.toLowerCase()),
    day: Number(dayFirst ?? daySecond),
    print(toYear, toMonth, toDay) {
      const known = names[toMonth - 1] ?? '';
      const made = capital ? known.charAt(0).toUpperCase() + known.slice(1) : known.toLowerCase();
      const day = padded(toDay, dayFirst ?? daySecond ?? '', false);
      const front = dayFirst === undefined ? `${made}${dot}${day}` : `${day}${gap}${made}`;
      return `${front}${join}${toYear}${rest}`;
    },
  };
}

export const DATES: Readonly<Record<string, Generator>> = { DATE_TIME: DATE, DATE_OF_BIRTH: DATE };
