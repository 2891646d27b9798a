import { LOCALES, type Locale, framesOf } from './lists.ts';
import { type Part } from './partition.ts';
import { Random } from './random.ts';
import { type Value, createValues } from './values.ts';
import { VARIANTS, type Variant, applyVariant } from './variants.ts';

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
  /** Plain documents made of each frame. Every other variant gets one. */
  readonly fills: number;
  readonly variants?: readonly Variant[];
}

const SEED = 'cordon eval 1';
const SLOT = /<([A-Z]+)>/g;

/** The same documents for the same options, on every machine. */
export function* generateCorpus(options: CorpusOptions): Generator<Document, void> {
  const { part, fills } = options;
  for (const locale of options.locales ?? LOCALES) {
    const valueOf = createValues(locale, part);
    for (const [index, frame] of framesOf(locale, part).entries()) {
      for (const variant of options.variants ?? VARIANTS) {
        // Spelled digits are written in English and Chinese only.
        if (variant === 'spelled' && locale !== 'en' && locale !== 'zh') continue;
        for (let fill = 0; fill < (variant === 'plain' ? fills : 1); fill++) {
          const id = `${part}-${locale}-${index}-${variant}-${fill}`;
          const random = new Random(`${SEED} ${id}`);
          const segments = fillFrame(frame.text, (slot) => valueOf(slot, random));
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
  for (const segment of segments) {
    const start = text.length;
    text += applyVariant(variant, segment, locale, random);
    if (segment.entity !== undefined) spans.push({ start, end: text.length, entity: segment.entity });
  }
  return { text, spans };
}
