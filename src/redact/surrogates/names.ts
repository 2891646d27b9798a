import { type Generator, type Made, type Making, type WordKind } from './making.ts';
import { CHINESE_COMPOUND_SURNAMES } from './word-lists.ts';
import { scriptOf } from './words.ts';

const WORDS = /[\p{L}\p{M}][\p{L}\p{M}'’]*|\d+/gu;
/** Longer is no name, and would make what a stream holds back longer than it need be. */
const MAX_WORDS = 12;

const TITLES =
  /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|rev|hon|herr|frau|hr|fr|monsieur|madame|mme|mlle|señora?|sra?|don|doña|signora?|sig|dott|mevr|dhr|sra|senhora?|jr|sr|ii|iii|iv|phd|md|de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|zu|zur|bin|ibn|al|el|y|e|af|av)$/i;
const LEGAL_FORMS =
  /^(?:inc|incorporated|ltd|limited|llc|llp|lp|plc|corp|corporation|company|co|gmbh|ag|kg|ohg|se|ug|mbh|sa|sas|sarl|spa|srl|bv|nv|ab|as|oy|aps|pty|group|holdings?|international|bank|university|universität|université|universidad|università|institute?|institut|school|college|hospital|klinik|clinic|foundation|association|agency|department|ministry|office|services?|solutions?|systems?|technolog(?:y|ies)|insurance|airlines?|the|of|and|for|und|der|die|für|et|de|du|des|la|le|les|y|del|di|e|da|do)$/i;
const CHINESE_ORGANISATION =
  /(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司|公司|集团|银行|大学|学院|中学|小学|医院|研究院|研究所|事务所|委员会|基金会|协会|法院|检察院|派出所|公安局|局|厅|部)$/u;
const PLACE_WORDS =
  /^(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|square|sq|place|pl|way|terrace|close|crescent|highway|hwy|apt|apartment|suite|ste|unit|floor|fl|room|no|nr|po|box|straße|strasse|str|weg|platz|allee|gasse|rue|avenue|chemin|place|quai|calle|avenida|avda|plaza|paseo|via|viale|piazza|corso|straat|laan|plein|kade|rua|praça|travessa|north|south|east|west|city|county|state|province|the|of|de|la|le|du|des|del|di|da|do|der|den|van|und|and|et|y)$/i;
/** Signs of a Chinese address that stay, each behind a name or a number. */
const CHINESE_PLACE =
  /(?:自治区|特别行政区|街道|社区|大厦|广场|花园|公寓|小区|单元|省|市|区|县|镇|乡|村|路|街|道|巷|弄|号|楼|栋|幢|座|室|层|院|里|州)/u;

const PERSON: Generator = (value, making) => {
  const script = scriptOf(value.replace(/[\s·・]/gu, ''));
  if (script === 'chinese' || script === 'korean') return eastAsianName(value, making);
  let first = true;
  return spelled(value, making, (word) => {
    if (/^\d/.test(word) || (TITLES.test(word) && word.length < 8)) return 'keep';
    const kind = first ? 'given' : 'family';
    first = false;
    return kind;
  });
};

/** Surname first, without a blank. Each half stands for the same half in all names, and may be used alone. */
function eastAsianName(value: string, { word, attempt }: Making): Made | undefined {
  const name = value.replace(/\s/gu, '');
  const cut = CHINESE_COMPOUND_SURNAMES.test(name) ? 2 : 1;
  const [surname, given] = [name.slice(0, cut), name.slice(cut)];
  if (given === '' || given.length > 3 || name.length < 2) return undefined;
  const family = word('family', attempt === 0 ? surname : name);
  const own = word('given', given);
  if (family === undefined || own === undefined) return undefined;
  const address = ['先生', '女士', '小姐', '老师', '医生', '经理', '总', '씨', '님'];
  const parts = address.map((title) => [family + title, surname + title] as const);
  return { text: family + own, parts: own.length < 2 ? parts : [...parts, [own, given]] };
}

const ORGANISATION: Generator = (value, making) => {
  if (scriptOf(value) === 'chinese') {
    const form = CHINESE_ORGANISATION.exec(value)?.[0] ?? '';
    const brand = value.slice(0, value.length - form.length);
    const made = brand === '' ? undefined : making.word('organisation', brand);
    return made === undefined ? undefined : { text: made + form };
  }
  return spelled(value, making, (word) => (LEGAL_FORMS.test(word) ? 'keep' : 'organisation'));
};

const PLACE: Generator = (value, making) => {
  if (/\p{Script=Han}/u.test(value)) return chinesePlace(value, making);
  return spelled(value, making, (word) => (PLACE_WORDS.test(word) ? 'keep' : 'place'));
};

function chinesePlace(value: string, making: Making): Made | undefined {
  const made: (string | undefined)[] = [];
  const pieces = value.split(new RegExp(`(${CHINESE_PLACE.source}|[\\d-]+|[\\s,，、()（）]+)`, 'u'));
  const text = pieces
    .map((piece, i) => {
      if (/^\d/.test(piece)) return piece.replace(/\d+/g, (digits) => anotherNumber(digits, making));
      if (i % 2 === 1 || piece === '') return piece;
      const word = making.word('place', piece);
      made.push(word);
      return word ?? '';
    })
    .join('');
  return isNamed(made) ? { text } : undefined;
}

const USERNAME: Generator = (value, making) => {
  const made = spelled(value, making, () => 'mail');
  return made && { text: made.text };
};

/**
 * Word by word, everything between them as it was. `kindOf` names the list a word comes from; numbers become others of
 * their length.
 */
function spelled(
  value: string,
  making: Making,
  kindOf: (word: string) => WordKind | 'keep',
): Made | undefined {
  const found = value.match(WORDS)?.length ?? 0;
  if (found > MAX_WORDS) return undefined;
  const parts: (readonly [string, string])[] = [];
  const made: (string | undefined)[] = [];
  const text = value.replace(WORDS, (original) => {
    if (/^\d/.test(original)) return anotherNumber(original, making);
    const kind = kindOf(original);
    if (kind === 'keep') return original;
    if (original.length === 1) {
      const initial = making.draws.letter('abcdefghijklmnopqrstuvwxyz');
      made.push(initial);
      return inCaseOf(original, initial);
    }
    const word = making.word(kind, original);
    made.push(word);
    const printed = inCaseOf(original, word ?? '');
    if (found > 1) parts.push([printed, original]);
    return printed;
  });
  return isNamed(made) ? { text, parts } : undefined;
}

/** Something was replaced, and there was a word for each. */
function isNamed(made: readonly (string | undefined)[]): boolean {
  return made.length > 0 && !made.includes(undefined);
}

function anotherNumber(original: string, { draws }: Making): string {
  return `${1 + draws.int(9)}${draws.digits(original.length - 1)}`;
}

function inCaseOf(original: string, word: string): string {
  if (original === original.toLowerCase()) return word;
  if (original.length > 1 && original === original.toUpperCase()) return word.toUpperCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export const NAMES: Readonly<Record<string, Generator>> = {
  PERSON,
  USERNAME,
  ORGANIZATION: ORGANISATION,
  LOCATION: PLACE,
  ADDRESS: PLACE,
  STREET_ADDRESS: PLACE,
};
