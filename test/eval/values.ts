import { makeAddress } from './addresses.ts';
import {
  makeBankCard,
  makeCard,
  makeEmail,
  makeIban,
  makeIp,
  makeMobile,
  makePassword,
  makePhone,
  makeSecret,
} from './contacts.ts';
import { type Lists, type Locale, listsOf } from './lists.ts';
import { NATIONAL_IDS, creditCode, nhs, nie, nino, printGroups, residentId, ssn } from './national-ids.ts';
import { type Part, formatsOf } from './partition.ts';
import { type Random } from './random.ts';

export interface Value {
  readonly text: string;
  /** Undefined for what fills a frame without being personal data: an order number, an amount. */
  readonly entity: string | undefined;
}

const padded = (value: number): string => String(value).padStart(2, '0');
const MONTHS: Readonly<Record<Locale, string>> = {
  en: 'January February March April May June July August September October November December',
  zh: '1 2 3 4 5 6 7 8 9 10 11 12',
  de: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  it: 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  nl: 'januari februari maart april mei juni juli augustus september oktober november december',
  pt: 'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
};

function dates(
  locale: Locale,
  part: Part,
  [year, month, day]: readonly [number, number, number],
): readonly string[] {
  const name = MONTHS[locale].split(' ')[month - 1] ?? '';
  const iso = `${year}-${padded(month)}-${padded(day)}`;
  if (locale === 'zh') {
    return formatsOf([`${year}年${month}月${day}日`, iso, `${year}.${padded(month)}.${padded(day)}`, `${year}/${month}/${day}`, `${year}${padded(month)}${padded(day)}`, `${year} 年 ${month} 月 ${day} 日`], part); // prettier-ignore
  }
  if (locale === 'en') {
    return formatsOf([`${day} ${name} ${year}`, `${padded(month)}/${padded(day)}/${year}`, iso, `${name} ${day}, ${year}`, `${padded(day)}.${padded(month)}.${year}`, `${padded(day)}-${name.slice(0, 3)}-${year}`], part); // prettier-ignore
  }
  const de = locale === 'es' || locale === 'pt' ? ' de ' : locale === 'de' ? '. ' : ' ';
  const behind = locale === 'es' || locale === 'pt' ? ' de ' : ' ';
  return formatsOf([`${padded(day)}.${padded(month)}.${year}`, `${day}${de}${name}${behind}${year}`, `${padded(day)}/${padded(month)}/${year}`], part, [`${padded(day)}-${padded(month)}-${year}`, iso]); // prettier-ignore
}

function person(locale: Locale, part: Part, random: Random, lists: Lists): string {
  const given = random.pick(lists.given);
  const surname = random.pick(lists.surname);
  if (locale === 'zh') return surname + given;
  const initial = String.fromCharCode(65 + random.int(0, 25));
  const wide = random.next();
  if (wide < 0.7) return `${given} ${surname}`;
  const two = part === 'test' && (locale === 'es' || locale === 'pt');
  const last = two ? `${surname} ${random.pick(lists.surname)}` : surname;
  return random.pick(
    formatsOf(
      [`${given} ${initial}. ${surname}`, `${given}-${random.pick(lists.given)} ${surname}`, `${given} ${random.pick(lists.given)} ${surname}`], // prettier-ignore
      part,
      [`${given} ${last}`, `${surname.toUpperCase()} ${given}`],
    ),
  );
}

/** A given name alone. Nobody is called by one Chinese character only: a familiar 小 goes before it. */
function calledBy(locale: Locale, random: Random, { given }: Lists): string {
  const name = random.pick(given);
  return locale === 'zh' && name.length === 1 ? `小${name}` : name;
}

const initialed = (random: Random, { given, surname }: Lists): string =>
  `${random.pick(given).charAt(0)}. ${random.pick(surname)}`;

/** Everything a slot can ask for, for one language and part. */
export function createValues(locale: Locale, part: Part): (slot: string, random: Random) => Value {
  const lists = listsOf(locale, part);
  const national = NATIONAL_IDS[locale];
  const printed = (
    compact: string,
    formats: readonly (readonly [readonly number[], string])[],
    r: Random,
  ): string => {
    const [groups, separators] = r.pick(formatsOf(formats, part));
    return printGroups(compact, groups, separators);
  };
  const date = (r: Random, from: number, to: number): string =>
    r.pick(dates(locale, part, [r.int(from, to), r.int(1, 12), r.int(1, 28)]));
  const makers: Readonly<Record<string, readonly [string | undefined, (r: Random) => string]>> = {
    PERSON: ['PERSON', (r) => person(locale, part, r, lists)],
    GIVEN: ['PERSON', (r) => calledBy(locale, r, lists)],
    SURNAME: ['PERSON', (r) => r.pick(lists.surname)],
    COMMA: ['PERSON', (r) => `${r.pick(lists.surname)}, ${r.pick(lists.given)}`],
    INITIAL: ['PERSON', (r) => initialed(r, lists)],
    FOREIGN: ['PERSON', (r) => r.pick(lists.foreign)],
    AGE: ['AGE', (r) => String(r.int(19, 93))],
    CITY: ['LOCATION', (r) => r.pick(lists.city)],
    ORG: ['ORGANIZATION', (r) => r.pick(lists.company)],
    ADDRESS: ['ADDRESS', (r) => makeAddress(locale, part, r, lists)],
    BLOCK: ['ADDRESS', (r) => makeAddress(locale, part, r, lists).replaceAll(', ', '\n')],
    EMAIL: ['EMAIL_ADDRESS', (r) => makeEmail(locale, part, r, lists)],
    PHONE: ['PHONE_NUMBER', (r) => makePhone(locale, part, r)],
    MOBILE: ['CN_MOBILE', (r) => makeMobile(part, r)],
    CARD: ['CREDIT_CARD', (r) => makeCard(part, r)],
    BANK: ['CN_BANK_CARD', (r) => makeBankCard(part, r)],
    IBAN: ['IBAN_CODE', (r) => makeIban(locale, part, r)],
    IP: ['IP_ADDRESS', (r) => makeIp(part, r)],
    SECRET: ['SECRET', (r) => makeSecret(part, r)],
    PASSWORD: ['PASSWORD', (r) => makePassword(part, r)],
    DOB: ['DATE_OF_BIRTH', (r) => date(r, 1940, 2008)],
    SSN: ['US_SSN', (r) => printed(ssn(r), [[[3, 2, 4], '-'], [[3, 2, 4], ' '], [[9], '']], r)], // prettier-ignore
    NHS: ['UK_NHS', (r) => printed(nhs(r), [[[3, 3, 4], ' '], [[10], ''], [[3, 3, 4], '-']], r)], // prettier-ignore
    NINO: ['UK_NINO', (r) => printed(nino(r), [[[9], ''], [[2, 2, 2, 2, 1], ' '], [[2, 6, 1], ' ']], r)], // prettier-ignore
    RID: ['CN_RESIDENT_ID', (r) => printed(residentId(r), [[[18], ''], [[6, 8, 4], ' '], [[6, 8, 4], '-']], r)], // prettier-ignore
    USCC: ['CN_USCC', creditCode],
    PLATE: ['CN_PLATE', (r) => `${r.pick(['京', '沪', '粤', '川'])}${r.pick(['A', 'B', 'C'])}${r.pick(formatsOf(['', '·', ' '], part))}${r.letters(2, 'ABCDEFGHJK')}${r.digits(3)}`], // prettier-ignore
    NID: [
      national?.entity,
      (r) => (national === undefined ? '' : printed(national.make(r), national.formats, r)),
    ],
    NIE: ['ES_NIE', (r) => printed(nie(r), [[[9], ''], [[1, 7, 1], ' '], [[1, 7, 1], '-']], r)], // prettier-ignore
    REF: [undefined, (r) => `${r.pick(['ORD', 'TCK', 'BG', 'PX'])}-${r.int(2019, 2026)}-${r.digits(5)}`],
    DATE: [undefined, (r) => date(r, 2021, 2026)],
    AMOUNT: [
      undefined,
      (r) => (locale === 'zh' ? `${r.int(20, 9000)}元` : `€${r.int(20, 9000)}.${r.digits(2)}`),
    ],
  };
  return (slot, random) => {
    const name = slot.toUpperCase();
    const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
    if (maker === undefined) throw new RangeError(`There is no slot ${slot}.`);
    const text = maker[1](random);
    return { entity: maker[0], text: slot === name ? text : text.toLowerCase() };
  };
}
