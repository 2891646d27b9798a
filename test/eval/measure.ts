import { type Detector } from '../../src/domain/span.ts';
import { type Document, generateCorpus } from './corpus.ts';
import { CLEAN_PARTS, LOCALES, cleanPrompts } from './lists.ts';
import { type Part } from './partition.ts';
import { type Figures, type Miss, Tally, countWords, scoreDocument } from './score.ts';

/** Documents given to the detector at once. */
const BATCH = 64;
/** Documents a frame in the sample that `npm test` reads. */
export const SAMPLE_FILLS = 1;

/**
 * Figure name → figures, such as `test/en/PERSON`, `test/variant-lower/US_SSN`, `test/lower-en/PERSON` or
 * `test/by/phone`.
 */
export interface Measured {
  readonly figures: ReadonlyMap<string, Figures>;
  readonly misses: readonly Miss[];
}

/** All of a part: plain documents by language and entity, the other variants by variant, precision by recogniser. */
export async function measurePart(
  detector: Detector,
  part: Part,
  fills: number,
  lowerFills = 1,
): Promise<Measured> {
  const tallies = new Map<string, Tally>();
  const misses: Miss[] = [];
  const tally = (name: string): Tally => {
    const own = tallies.get(name) ?? new Tally();
    tallies.set(name, own);
    return own;
  };
  const documents = [...generateCorpus({ part, fills, lowerFills })];
  for (let i = 0; i < documents.length; i += BATCH) {
    for (const { document, spans } of await detectEach(detector, documents.slice(i, i + BATCH))) {
      const { variant, locale } = document;
      const group = variant === 'plain' ? locale : `variant-${variant}`;
      scoreDocument(
        document,
        spans,
        (entity, recognizer) =>
          tally(recognizer === undefined ? `${part}/${group}/${entity}` : `${part}/by/${recognizer}`),
        (miss) => misses.push({ ...miss, around: `[${group}] ${miss.around}` }),
      );
      if (variant === 'lower') {
        const spare = new Tally();
        scoreDocument(document, spans, (entity, recognizer) =>
          recognizer === undefined ? tally(`${part}/lower-${locale}/${entity}`) : spare,
        );
      }
    }
  }
  return { figures: new Map([...tallies].map(([name, one]) => [name, one.figures])), misses };
}

/** One call a document: together they would lend each other names, as texts of one conversation do. */
async function detectEach(
  detector: Detector,
  documents: readonly Document[],
): Promise<{ document: Document; spans: Awaited<ReturnType<Detector['detect']>>[number] }[]> {
  return Promise.all(
    documents.map(async (document) => {
      const [spans = []] = await detector.detect([{ text: document.text, kind: 'prose' }]);
      return { document, spans };
    }),
  );
}

export interface OverRedaction {
  readonly words: number;
  readonly falseSpans: number;
  /** False spans per 1,000 words. */
  readonly perThousand: number;
  /** `ENTITY recogniser text`. */
  readonly found: readonly string[];
}

/**
 * What is taken for personal data in prompts that hold none: `test/en`, `dev/zh` and so on, and `test/all` for all
 * languages of a part together.
 */
export async function measureClean(detector: Detector): Promise<ReadonlyMap<string, OverRedaction>> {
  const out = new Map<string, OverRedaction>();
  for (const part of CLEAN_PARTS) {
    let allWords = 0;
    const all: string[] = [];
    for (const locale of LOCALES) {
      const found: string[] = [];
      let words = 0;
      for (const text of cleanPrompts(locale, part)) {
        words += countWords(text);
        const [spans = []] = await detector.detect([{ text, kind: 'prose' }]);
        for (const span of spans)
          found.push(`${span.entity} ${span.recognizer} ${text.slice(span.start, span.end)}`);
      }
      allWords += words;
      all.push(...found);
      out.set(`${part}/${locale}`, summary(words, found));
    }
    out.set(`${part}/all`, summary(allWords, all));
  }
  return out;
}

function summary(words: number, found: readonly string[]): OverRedaction {
  const perThousand = Math.round((found.length / words) * 10_000) / 10;
  return { words: Math.round(words), falseSpans: found.length, perThousand, found };
}
