import { LOCALES, type Locale, cleanPrompts, framesOf, listsOf } from './lists.ts';

/** What training reads, as plain text: templates, lists inside scripts, frames of other parts. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

const SLOT = /<[A-Za-z]+>|\{[A-Z]+\}/g;
const HAN = /\p{Script=Han}/u;
/** Words in a row that two texts do not share by chance, and the same in Chinese characters. */
const WORDS = 6;
const CHARACTERS = 12;

/** Words in lower case, one Chinese character each, □ for a slot: neither punctuation nor slot names hide a copy. */
function tokens(line: string): readonly string[] {
  const text = line
    .normalize('NFKC')
    .replace(/\\[nt]/g, ' ')
    .replace(SLOT, ' □ ')
    .toLowerCase();
  return text.match(/\p{Script=Han}|□|(?:(?!\p{Script=Han})\p{L}\p{M}*)+/gu) ?? [];
}

/** Every run of six words (twelve characters in Chinese) in which at most one in six is a slot. */
function* shingles(text: string): Generator<string, void> {
  for (const line of text.split('\n')) {
    const all = tokens(line);
    for (let i = 0; i + WORDS <= all.length; i++) {
      const chinese = all.slice(i, i + CHARACTERS).some((token) => HAN.test(token));
      const size = chinese ? CHARACTERS : WORDS;
      const run = all.slice(i, i + size);
      if (run.length < size || run.filter((token) => token === '□').length > size / WORDS) continue;
      yield run.join(' ');
    }
  }
}

/** Runs of words in `texts` that one of `sources` has too, each once. */
export function sharedRuns(texts: readonly string[], sources: readonly Source[]): readonly string[] {
  const known = new Map<string, string>();
  for (const { name, text } of sources) for (const run of shingles(text)) known.set(run, name);
  const found = new Set<string>();
  for (const text of texts) {
    for (const run of shingles(text)) {
      const source = known.get(run);
      if (source !== undefined) found.add(`${source}: ${run}`);
    }
  }
  return [...found];
}

/** All that a test prompt says around its values. */
export function testTexts(): readonly string[] {
  return LOCALES.flatMap((locale) => [
    ...framesOf(locale, 'test').map(({ text }) => text),
    ...cleanPrompts(locale, 'test'),
  ]);
}

/** Two Chinese characters, or a single word of Latin letters, are too often a word of their own. */
function fullNames(locale: Locale, text: string): readonly string[] {
  const { given, surname, foreign } = listsOf(locale, 'test');
  const families = surname.filter((family) => text.includes(family));
  const called = given.filter((name) => text.includes(name));
  return [
    ...foreign,
    ...called.flatMap((name) =>
      locale === 'zh'
        ? families.map((family) => family + name)
        : families.flatMap((family) => [`${name} ${family}`, `${family}, ${name}`]),
    ),
  ].filter((full) => full.length > 2);
}

function contains(text: string, entry: string): boolean {
  if (HAN.test(entry)) return text.includes(entry);
  const escaped = entry.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!\\p{L})${escaped}(?!\\p{L})`, 'u').test(text);
}

/** Full names, places, streets and firms of the test part that stand in one of `sources`. */
export function sharedValues(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ name, text }) =>
    LOCALES.flatMap((locale) => {
      const { street, city, district, company } = listsOf(locale, 'test');
      return [...fullNames(locale, text), ...street, ...city, ...district, ...company]
        .filter((entry) => text.includes(entry) && contains(text, entry))
        .map((entry) => `${name}: ${entry}`);
    }),
  );
}
