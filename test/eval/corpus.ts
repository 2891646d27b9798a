import { LOCALES, type Locale, framesOf } from './lists.ts';
import { type Part } from './partition.ts';
import { Random } from './random.ts';
import { type Value, createValues } from './values.ts';
import { VARIANTS, type Variant, applyVariant, suits } from './variants.ts';

export interface GoldSpan {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly entity: string;
}

export interface Document {
  readonly id: string;
  readonly locale: Locale;
  readonly kind: string;
  readonly variant: Variant;
  readonly text: string;
  readonly spans: readonly GoldSpan[];
}

export interface CorpusOptions {
  readonly part: Part;
  readonly locales?: readonly Locale[];
  /** Plain documents made of each frame. */
  readonly fills: number;
  /** Lower-cased documents made of each frame, of the same values as the first plain ones. Other variants get one. */
  readonly lowerFills?: number;
  readonly variants?: readonly Variant[];
}

const SEED = 'cordon eval 1';
const SLOT = /<([A-Z]+|[a-z]+)>/g;

/** The same documents for the same options, on every machine. */
export function* generateCorpus(options: CorpusOptions): Generator<Document, void> {
  const { part, fills } = options;
  for (const locale of options.locales ?? LOCALES) {
    const valueOf = createValues(locale, part);
    for (const [index, frame] of framesOf(locale, part).entries()) {
      for (const variant of options.variants ?? VARIANTS) {
        const count = variant === 'plain' ? fills : variant === 'lower' ? (options.lowerFills ?? 1) : 1;
        for (let fill = 0; fill < count; fill++) {
          const id = `${part}-${locale}-${index}-${variant}-${fill}`;
          // All variants of a frame have the plain one's values: what differs in the score is the variant's doing.
          const random = new Random(`${SEED} ${part}-${locale}-${index}-plain-${fill}`);
          const segments = fillFrame(frame.text, (slot) => valueOf(slot, random));
          if (!suits(variant, locale, frame.kind, segments)) continue;
          yield { id, locale, kind: frame.kind, variant, ...assemble(segments, variant, locale, random) };
        }
      }
    }
  }
}

function fillFrame(frame: string, valueOf: (slot: string) => Value): readonly Value[] {
  const segments: Value[] = [];
  let copied = 0;
  for (const match of frame.matchAll(SLOT)) {
    segments.push({ text: frame.slice(copied, match.index), entity: undefined }, valueOf(match[1] ?? ''));
    copied = match.index + match[0].length;
  }
  segments.push({ text: frame.slice(copied), entity: undefined });
  return segments;
}

function assemble(
  segments: readonly Value[],
  variant: Variant,
  locale: Locale,
  random: Random,
): { text: string; spans: readonly GoldSpan[] } {
  let text = '';
  const spans: GoldSpan[] = [];
  for (const [i, segment] of segments.entries()) {
    const start = text.length;
    text += applyVariant(variant, segment, { locale, random, next: segments[i + 1]?.entity });
    if (segment.entity !== undefined) spans.push({ start, end: text.length, entity: segment.entity });
  }
  return { text, spans };
}
