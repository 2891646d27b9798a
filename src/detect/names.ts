import { type Span } from '../domain/span.ts';
import { COMPOUND_SURNAMES, SURNAMES } from './chinese-surnames.ts';
import { ORDINARY_NAMES } from './ordinary-names.ts';

/** Letters of scripts that put spaces between words. */
const WORD =
  /(?:[A-Za-z]|[\u00aa\u00b5\u00ba]|[\u{c0}-\u{d6}]|[\u{d8}-\u{f6}]|[\u{f8}-\u{2af}]|[\u{300}-\u{373}]|[\u{376}-\u{52f}]|[\u{531}-\u{587}]|[\u{5d0}-\u{5ea}]|[\u{620}-\u{65f}]|[\u{671}-\u{6d3}]|[\u{900}-\u{963}]|[\u{10a0}-\u{10ff}]|[\u{1e00}-\u{1fff}])+/gu;
const CJK_NAME =
  /^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{1,15}$/;
/** Longer ones without a dot are words that the model took for a name. */
const MAX_CJK = 4;
/** A Chinese name with the two characters of its given name, by which she is called as well. */
const CHINESE_NAME = new RegExp(
  `^(?:${COMPOUND_SURNAMES}|(?!${COMPOUND_SURNAMES})[${SURNAMES}])(?<given>\\p{Script=Han}{2})$`,
  'u',
);
/** Given names that are ordinary words: alone they stand for nobody. */
const CHINESE_WORDS =
  /^(?:建国|国庆|和平|光明|文明|安全|明天|平安|发展|建设|胜利|前进|团结|幸福|快乐|健康|永远|时代|世界|中华|长江|黄河|春天|高兴|文化|文学|自强|自由|自然|美丽|聪明|智慧|英雄|希望|永恒|阳光|天空|海洋|森林|大海|小雨|明月|晨曦|黎明|思想|思念|可能|可以|一鸣|一定|一直|开心|开始|如果|若干|正义|正常|公正|诚信|忠诚|勇敢|温柔|欣然|悠然|飞跃|飞翔|向上|向前|进步|成功|成长|成就|丰收|丰富|红星|红旗|东方|南方|北方|西方|中天|中秋|新年|新春|新生)$/u;
const MIN_PART = 3;
/** A find the model doubts is redacted where it stands and not carried on. */
const MIN_SCORE = 0.8;
/** Small words inside names: `Ludwig van Beethoven`, `María del Carmen`. */
const PARTICLES: ReadonlySet<string> = new Set(
  'de del della di da do dos das du la le les el al bin ibn ben van von vom zu zum der den ten ter y e i af av of'.split(
    ' ',
  ),
);
/** Nobody is called so first: `Das Bauteil`, `The Board`; `Le` and `De` begin names as well. */
const ARTICLES: ReadonlySet<string> = new Set(
  'the a an this that der die das den dem des ein eine einen une uma um het een il lo gli os as'.split(' '),
);
const MAX_WORDS = 6;
/** More different people than this in one call is a directory, and the model has found them where they stand. */
const MAX_NAMES = 4096;

/** The names found in one call, ready to be looked for in all of its texts. */
export interface NameIndex {
  /** The same for the same names, whatever order they were found in. Personal data: hash it before keeping it. */
  readonly identity: string;
  /** Every verbatim occurrence as a PERSON span; overlapping ones included. Linear in the text. */
  find(text: string): readonly Span[];
}

/**
 * A person named once is the same person later, where the model may miss her: full names the model is sure of are found
 * again verbatim, and their parts of at least three letters when the whole is written as a name and they are not
 * ordinary words. Undefined when there is nothing to look for.
 */
export function indexNames(
  texts: readonly string[],
  spans: readonly (readonly Span[])[],
): NameIndex | undefined {
  const names = new Set<string>();
  const cjk = new Set<string>();
  // One person is named many times in a conversation, and taking a name apart costs more than knowing it.
  const seen = new Set<string>();
  for (const [i, text] of texts.entries()) {
    for (const span of spans[i] ?? []) {
      if (span.entity !== 'PERSON' || span.score < MIN_SCORE) continue;
      if (names.size + cjk.size >= MAX_NAMES) continue;
      const name = text.slice(span.start, span.end);
      if (seen.has(name)) continue;
      seen.add(name);
      if (!CJK_NAME.test(name)) addName(name, names);
      else if (name.length <= MAX_CJK || name.includes('·')) {
        cjk.add(name);
        const given = CHINESE_NAME.exec(name)?.groups?.['given'];
        if (given !== undefined && !CHINESE_WORDS.test(given)) cjk.add(given);
      }
    }
  }
  if (names.size + cjk.size === 0) return undefined;
  const spaced = createSpacedFinder(names);
  const unspaced = createUnspacedFinder(cjk);
  return {
    identity: JSON.stringify([...names, ...cjk].sort()),
    find: (text) => [...spaced(text), ...unspaced(text)],
  };
}

function addName(name: string, names: Set<string>): void {
  const words = Array.from(name.matchAll(WORD));
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined || words.length < 2 || words.length > MAX_WORDS) return;
  if (ARTICLES.has(first[0].toLowerCase())) return;
  names.add(name.slice(first.index, last.index + last[0].length));
  // `Richiamare al` and `borg kan` are words; a part stands for a person only where the whole is written as a name.
  if (!words.every(([word]) => /^\p{Lu}/u.test(word) || PARTICLES.has(word))) return;
  if (PARTICLES.has(last[0])) return;
  for (const [word] of words) {
    if (word.length >= MIN_PART && /^\p{Lu}.*\p{Ll}/u.test(word) && !ORDINARY_NAMES.has(word))
      names.add(word);
  }
}

/** Compares the text between a word's start and the end of the word as many further on as some name has words. */
function createSpacedFinder(names: ReadonlySet<string>): (text: string) => Span[] {
  const lengths = new Map<string, Set<number>>();
  for (const name of names) {
    const words = name.match(WORD) ?? [];
    const first = words[0] ?? '';
    const counts = lengths.get(first) ?? new Set();
    lengths.set(first, counts.add(words.length));
  }
  return (text) => {
    const spans: Span[] = [];
    if (lengths.size === 0) return spans;
    const words = Array.from(text.matchAll(WORD), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
      word: match[0],
    }));
    words.forEach(({ start, word }, i) => {
      for (const count of lengths.get(word) ?? []) {
        const end = words[i + count - 1]?.end;
        if (end !== undefined && names.has(text.slice(start, end))) spans.push(person(start, end));
      }
    });
    return spans;
  };
}

function createUnspacedFinder(names: ReadonlySet<string>): (text: string) => Span[] {
  const lengths = new Map<string, Set<number>>();
  for (const name of names) {
    const first = name.charAt(0);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(name.length));
  }
  return (text) => {
    const spans: Span[] = [];
    for (let i = 0; lengths.size > 0 && i < text.length; i++) {
      for (const length of lengths.get(text.charAt(i)) ?? []) {
        if (names.has(text.slice(i, i + length))) spans.push(person(i, i + length));
      }
    }
    return spans;
  };
}

function person(start: number, end: number): Span {
  return { start, end, entity: 'PERSON', score: 0.8, recognizer: 'same-name', validated: false };
}
