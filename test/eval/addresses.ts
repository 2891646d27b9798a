import { type Lists, type Locale } from './lists.ts';
import { type Part, formatsOf } from './partition.ts';
import { type Random } from './random.ts';

type Format = (random: Random, lists: Lists) => string;

const TYPES = ['Street', 'Avenue', 'Road', 'Lane', 'Drive', 'Court', 'Close', 'Boulevard', 'Terrace', 'Place', 'Way']; // prettier-ignore
const SHORT_TYPES = ['St', 'Ave', 'Rd', 'Ln', 'Dr', 'Ct', 'Blvd', 'St.', 'Ave.', 'Rd.', 'Dr.'];
const STATES = ['IL', 'TX', 'OH', 'NC', 'CA', 'WA', 'NY', 'GA', 'CO', 'MI', 'Ohio', 'Oregon'];

function postcode(random: Random): string {
  const area = random.pick(['BS', 'LS', 'M', 'NR', 'EX', 'CF', 'SW', 'G']);
  return `${area}${random.int(1, 19)} ${random.int(1, 9)}${random.letters(2, 'ABDEFGHJLNPQRSTUWXYZ')}`;
}

const ENGLISH: readonly Format[] = [
  (r, l) => `${r.int(1, 999)} ${r.pick(l.street)} ${r.pick(TYPES)}, ${r.pick(l.city)}, ${r.pick(STATES)} ${r.int(10001, 99901)}`, // prettier-ignore
  (r, l) => `${r.int(1, 220)} ${r.pick(l.street)} ${r.pick(TYPES)}, ${r.pick(l.city)} ${postcode(r)}`,
  (r, l) => `${r.int(1, 9999)} ${r.pick(l.street)} ${r.pick(SHORT_TYPES)}, Apt ${r.int(1, 60)}, ${r.pick(l.city)}, ${r.pick(STATES)} ${r.int(10001, 99901)}`, // prettier-ignore
  (r, l) => `${r.int(100, 9999)} ${r.pick(['N', 'S', 'East', 'W.'])} ${r.pick(l.street)} ${r.pick(SHORT_TYPES)} #${r.int(1, 40)}${r.pick(['A', 'B', ''])}, ${r.pick(l.city)} ${r.pick(STATES)} ${r.int(10001, 99901)}`, // prettier-ignore
  (r, l) => `Flat ${r.int(1, 40)}, ${r.int(1, 180)}${r.pick(['a', 'b', ''])} ${r.pick(l.street)} ${r.pick(TYPES)}, ${r.pick(l.city)}, ${postcode(r)}`, // prettier-ignore
  (r, l) => `${r.int(1, 400)} ${r.pick(l.street)} ${r.pick(TYPES)}`,
  (r, l) => `P.O. Box ${r.int(10, 9999)}, ${r.pick(l.city)}, ${r.pick(STATES)} ${r.int(10001, 99901)}`,
  (r, l) => `${r.int(1, 90)} ${r.pick(l.street)} ${r.pick(TYPES)}, ${r.pick(l.city)}`,
  (r, l) => `${r.int(1, 999)} ${r.pick(l.street)} ${r.pick(TYPES)}, Suite ${r.int(100, 900)}, ${r.pick(l.city)}, ${r.pick(STATES)}`, // prettier-ignore
];

const ROADS = ['路', '街', '大道', '东路', '西街', '巷', '北路'];

const CHINESE: readonly Format[] = [
  (r, l) => `${r.pick(l.city)}市${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 999)}号${r.int(1, 30)}号楼${r.int(101, 2602)}室`, // prettier-ignore
  (r, l) => `${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 999)}号`,
  (r, l) => `${r.pick(l.city)}市${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 300)}弄${r.int(1, 60)}号${r.int(101, 602)}室`, // prettier-ignore
  (r, l) => `${r.pick(['河北省', '江苏省', '广东省', '四川省'])}${r.pick(l.city)}市${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 200)}号${r.pick(['阳光苑', '翠庭小区', '汇金大厦'])}${r.int(1, 20)}栋${r.int(1, 4)}单元${r.int(101, 1804)}`, // prettier-ignore
  (r, l) =>
    `${r.pick(l.city)}${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 99)}-${r.int(1, 20)}号`,
  (r, l) => `${r.pick(l.city)}市${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 500)}号${r.pick(['时代广场', '国际中心'])}${r.pick(['A', 'B', 'C'])}座${r.int(3, 30)}层`, // prettier-ignore
];

const GERMAN: readonly Format[] = [
  (r, l) => `${r.pick(l.street)} ${r.int(1, 180)}, ${r.int(10115, 99998)} ${r.pick(l.city)}`,
  (r, l) =>
    `${r.pick(l.street)} ${r.int(1, 90)}${r.pick(['a', ' b', 'c'])}, ${r.int(10115, 99998)} ${r.pick(l.city)}`,
  (r, l) => `${r.pick(l.street)} ${r.int(1, 180)} in ${r.int(10115, 99998)} ${r.pick(l.city)}`,
];
const FRENCH: readonly Format[] = [
  (r, l) => `${r.int(1, 180)} ${r.pick(l.street)}, ${r.int(10000, 95880)} ${r.pick(l.city)}`,
  (r, l) => `${r.int(1, 90)} bis ${r.pick(l.street)}, ${r.int(10000, 95880)} ${r.pick(l.city)}`,
  (r, l) => `${r.int(1, 180)}, ${r.pick(l.street)}, ${r.int(10000, 95880)} ${r.pick(l.city)}`,
];
const SPANISH: readonly Format[] = [
  (r, l) => `${r.pick(l.street)} ${r.int(1, 180)}, ${r.int(10001, 52006)} ${r.pick(l.city)}`,
  (r, l) => `${r.pick(l.street)}, ${r.int(1, 90)}, ${r.int(1, 9)}º ${r.pick(['A', 'B', 'C'])}, ${r.int(10001, 52006)} ${r.pick(l.city)}`, // prettier-ignore
  (r, l) => `${r.pick(l.street)}, nº ${r.int(1, 180)}, ${r.int(10001, 52006)} ${r.pick(l.city)}`,
];
const ITALIAN: readonly Format[] = [
  (r, l) => `${r.pick(l.street)} ${r.int(1, 180)}, ${r.int(10010, 98168)} ${r.pick(l.city)}`,
  (r, l) => `${r.pick(l.street)}, ${r.int(1, 90)}, ${r.int(10010, 98168)} ${r.pick(l.city)} (${r.pick(['MI', 'TO', 'BO'])})`, // prettier-ignore
  (r, l) =>
    `${r.pick(l.street)} ${r.int(1, 90)}/${r.pick(['A', 'B'])}, ${r.int(10010, 98168)} ${r.pick(l.city)}`,
];
const DUTCH: readonly Format[] = [
  (r, l) =>
    `${r.pick(l.street)} ${r.int(1, 280)}, ${r.int(1011, 9999)} ${r.letters(2, 'ABCDEGHJK')} ${r.pick(l.city)}`,
  (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}${r.pick(['a', '-2', 'B'])}, ${r.int(1011, 9999)}${r.letters(2, 'ABCDEGHJK')} ${r.pick(l.city)}`, // prettier-ignore
  (r, l) => `${r.pick(l.street)} ${r.int(1, 90)} in ${r.pick(l.city)}`,
];
const PORTUGUESE: readonly Format[] = [
  (r, l) => `${r.pick(l.street)} ${r.int(1, 180)}, ${r.int(1000, 8950)}-${r.digits(3)} ${r.pick(l.city)}`,
  (r, l) => `${r.pick(l.street)}, ${r.int(1, 90)}, ${r.int(1, 9)}.º Esq., ${r.int(1000, 8950)}-${r.digits(3)} ${r.pick(l.city)}`, // prettier-ignore
  (r, l) => `${r.pick(l.street)}, nº ${r.int(1, 900)}, apto ${r.int(1, 90)}, ${r.pick(l.city)}`,
];

const FORMATS: Readonly<Record<Locale, readonly Format[]>> = {
  en: ENGLISH,
  zh: CHINESE,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  it: ITALIAN,
  nl: DUTCH,
  pt: PORTUGUESE,
};

const UNSEEN: Readonly<Record<Locale, readonly Format[]>> = {
  en: [
    (r, l) => `Unit ${r.int(2, 30)}, ${r.int(1, 90)} ${r.pick(l.street)} ${r.pick(TYPES)}, ${r.pick(l.city)} ${postcode(r)}`, // prettier-ignore
    (r, l) => `${r.int(100, 9900)} County Road ${r.int(2, 90)}, ${r.pick(l.city)}, ${r.pick(STATES)} ${r.int(10001, 99901)}`, // prettier-ignore
    (r, l) => `${r.int(1, 90)} ${r.pick(l.street)} Mews, ${r.pick(l.city)} ${postcode(r)}`,
  ],
  zh: [
    (r, l) => `${r.pick(l.city)}市${r.pick(l.district)}${r.pick(l.street)}${r.pick(ROADS)}${r.int(1, 90)}号院${r.int(1, 20)}号楼${r.int(1, 6)}门${r.int(101, 902)}`, // prettier-ignore
    (r, l) =>
      `${r.pick(l.city)}${r.pick(l.district)}${r.pick(l.street)}社区${r.int(1, 12)}组${r.int(1, 99)}号`,
  ],
  de: [
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, D-${r.int(10115, 99998)} ${r.pick(l.city)}`,
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)} (2. OG links), ${r.int(10115, 99998)} ${r.pick(l.city)}`,
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}`,
  ],
  fr: [
    (r, l) => `${r.int(2, 90)} ${r.pick(l.street)}, bât. ${r.pick(['A', 'B', 'C'])}, ${r.int(10000, 95880)} ${r.pick(l.city)}`, // prettier-ignore
    (r, l) => `${r.int(2, 90)} ter ${r.pick(l.street)}, F-${r.int(10000, 95880)} ${r.pick(l.city)}`,
    (r, l) => `${r.int(2, 90)} ${r.pick(l.street)} à ${r.pick(l.city)}`,
  ],
  es: [
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, bajo izda., ${r.int(10001, 52006)} ${r.pick(l.city)}`,
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, ${r.pick(l.city)}`,
  ],
  it: [
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, int. ${r.int(1, 20)}, ${r.int(10010, 98168)} ${r.pick(l.city)}`, // prettier-ignore
    (r, l) => `${r.pick(l.street)} n. ${r.int(1, 90)}, ${r.pick(l.city)}`,
  ],
  nl: [
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)} hs, ${r.int(1011, 9999)} ${r.letters(2, 'ABCDEGHJK')} ${r.pick(l.city)}`, // prettier-ignore
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, ${r.pick(l.city)}`,
  ],
  pt: [
    (r, l) =>
      `${r.pick(l.street)}, lote ${r.int(1, 90)}, ${r.int(1000, 8950)}-${r.digits(3)} ${r.pick(l.city)}`,
    (r, l) => `${r.pick(l.street)} ${r.int(1, 90)}, ${r.pick(l.city)}`,
  ],
};

/** A postal address as people print it in that language, in one line. */
export function makeAddress(locale: Locale, part: Part, random: Random, lists: Lists): string {
  return random.pick(formatsOf(FORMATS[locale], part, UNSEEN[locale]))(random, lists);
}
