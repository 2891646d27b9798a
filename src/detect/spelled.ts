/** Digits written as words, in the eight languages served: dictated numbers in chats and transcripts of calls. */
interface Language {
  /** 0 … 19, variants divided by `/`. */
  readonly small: string;
  /** 20, 30 … 90. */
  readonly tens: string;
  /** What stands between tens and ones, when tens come first. */
  readonly and: readonly string[];
  /** `einundzwanzig`: ones and tens in one word, in this order, joined by it. */
  readonly joined?: string;
}

const LANGUAGES: readonly Language[] = [
  {
    small:
      'zero/oh/nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    tens: 'twenty thirty forty fifty sixty seventy eighty ninety',
    and: [''],
  },
  {
    small:
      'null eins/ein zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn',
    tens: 'zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig',
    and: [],
    joined: 'und',
  },
  {
    small:
      'zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix_sept dix_huit dix_neuf',
    tens: 'vingt trente quarante cinquante soixante soixante_dix/septante quatre_vingt/quatre_vingts quatre_vingt_dix/nonante',
    and: ['', 'et'],
  },
  {
    small:
      'cero uno/un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis/dieciseis diecisiete dieciocho diecinueve',
    tens: 'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
    and: ['y'],
  },
  {
    small:
      'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
    tens: 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
    and: [''],
  },
  {
    small:
      'nul een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien',
    tens: 'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
    and: [],
    joined: 'en',
  },
  {
    small:
      'zero um/uma dois/duas três/tres quatro cinco seis/meia sete oito nove dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove',
    tens: 'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa',
    and: ['e'],
  },
];

/** Words for the same digit several times: `double oh`, `triple five`. */
const TIMES: ReadonlyMap<string, number> = new Map([
  ...['double', 'doppel', 'doppelt', 'doble', 'doppio', 'dubbel', 'duplo'].map((w) => [w, 2] as const),
  ...['triple', 'treble', 'dreifach', 'triplo', 'tripel'].map((w) => [w, 3] as const),
]);
/** `nine hundred one two three`. */
const ROUND: ReadonlyMap<string, string> = new Map([
  ['hundred', '00'],
  ['thousand', '000'],
]);
const PLUS: ReadonlySet<string> = new Set(['plus', 'più', 'más', 'mais']);
const LONGEST = 4;
const WORD = /[A-Za-z\u00c0-\u024f]+/g;
/** What may stand between two words of one number. */
const JOIN = /^(?: {1,2}|, ?|-| - |\. |\n)$/;
const MIN_DIGITS = 7;
const MAX_DIGITS = 24;

const NUMBERS = numbers();
const FIRST_WORDS: ReadonlySet<string> = new Set(
  [...NUMBERS.keys(), ...TIMES.keys(), ...PLUS].map((name) => name.split(' ', 1)[0] ?? ''),
);

/** Every word that can stand in a number: text without two of them in a row spells none. */
export const NUMBER_WORDS: ReadonlySet<string> = new Set(
  [...NUMBERS.keys(), ...TIMES.keys(), ...PLUS, ...ROUND.keys()].flatMap((name) => name.split(' ')),
);

function numbers(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (words: string, value: number): void => {
    found.set(words, String(value));
  };
  for (const { small, tens, and, joined } of LANGUAGES) {
    const ones = small.split(' ').map((word) => word.replaceAll('_', ' ').split('/'));
    ones.forEach((words, value) => { for (const word of words) add(word, value); }); // prettier-ignore
    for (const [i, words] of tens.split(' ').entries()) {
      for (const ten of words.replaceAll('_', ' ').split('/')) {
        add(ten, 20 + 10 * i);
        for (const [value, names] of ones.entries()) {
          if (value === 0 || (value > 9 && !/^(?:soixante|quatre vingt)$/.test(ten))) continue;
          for (const one of names) {
            for (const link of and)
              add([ten, link, one].filter((part) => part !== '').join(' '), 20 + 10 * i + value);
            if (joined !== undefined) add(`${one}${joined}${ten}`, 20 + 10 * i + value);
          }
        }
      }
    }
  }
  return found;
}

/** Digits that were written as words: what they say, and where. */
export interface SpelledRun {
  readonly start: number;
  readonly end: number;
  /** With a leading `+` where it was said. */
  readonly digits: string;
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/** Runs of number words that make seven digits and more. One pass; every comparison is of at most four words. */
export function findSpelledRuns(text: string): SpelledRun[] {
  const words = wordsOf(text);
  const runs: SpelledRun[] = [];
  for (let i = 0; i < words.length;) {
    if (!FIRST_WORDS.has(words[i]?.word ?? '')) {
      i++;
      continue;
    }
    const { run, next } = runAt(text, words, i);
    if (run !== undefined) runs.push(run);
    i = next;
  }
  return runs;
}

/** All words in lower case; what is longer than any number's name is left out of the comparison. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0].length > 24 ? '' : match[0].toLowerCase();
    words.push({ start: match.index, end: match.index + match[0].length, word });
  }
  return words;
}

function runAt(
  text: string,
  words: readonly Word[],
  first: number,
): { readonly run: SpelledRun | undefined; readonly next: number } {
  let digits = '';
  let times = 1;
  let i = first;
  const isJoined = (index: number): boolean => {
    const [before, after] = [words[index - 1], words[index]];
    return before !== undefined && after !== undefined && after.start - before.end <= 3 && JOIN.test(text.slice(before.end, after.start)); // prettier-ignore
  };
  while (i < words.length && (i === first || isJoined(i))) {
    const word = words[i]?.word ?? '';
    if (i === first && PLUS.has(word)) digits = '+';
    else if (TIMES.has(word)) times = TIMES.get(word) ?? 1;
    else if (ROUND.has(word) && digits !== '') digits += ROUND.get(word) ?? '';
    else {
      const taken = numberAt(words, i, isJoined);
      if (taken === undefined) break;
      digits += times > 1 && taken.value.length === 1 ? taken.value.repeat(times) : taken.value;
      times = 1;
      i += taken.words - 1;
    }
    i++;
  }
  const next = Math.max(i, first + 1);
  const [start, end] = [words[first]?.start ?? 0, words[i - 1]?.end ?? 0];
  const isLong = digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS && i > first + 1;
  return { run: isLong ? { start, end, digits } : undefined, next };
}

/** The longest name of a number that begins here. */
function numberAt(
  words: readonly Word[],
  from: number,
  isJoined: (index: number) => boolean,
): { readonly value: string; readonly words: number } | undefined {
  let found: { value: string; words: number } | undefined;
  let name = '';
  for (let count = 1; count <= LONGEST && from + count <= words.length; count++) {
    if (count > 1 && !isJoined(from + count - 1)) break;
    name += `${count === 1 ? '' : ' '}${words[from + count - 1]?.word ?? ''}`;
    const value = NUMBERS.get(name);
    if (value !== undefined) found = { value, words: count };
  }
  return found;
}

/** `one two three …`, `9 8 7 …` or one digit over and over: counting, not a number of anybody. */
export function isCounting(digits: string): boolean {
  const plain = digits.replace('+', '');
  const steps = new Set(
    Array.from(plain.slice(1), (digit, i) => (Number(digit) - Number(plain.charAt(i)) + 10) % 10),
  );
  return steps.size <= 1 || plain.startsWith('12345678910');
}
