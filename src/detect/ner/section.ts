import { type Span } from '../../domain/span.ts';

/** UTF-16 units [from, to) of a text, read as a text of its own. */
export interface Section {
  readonly from: number;
  readonly to: number;
}

/** Bounds the memory of one text and the time the event loop is held while it is cut into units. */
const SECTION_CHARS = 16_384;
const OVERLAP_CHARS = 1_024;
/** How far back from its limit a section may end, so as to end well. */
const SEARCH_CHARS = 512;

/**
 * Texts of ordinary size are one section. Longer ones are cut where a paragraph, a line or a word ends, and
 * neighbours share a stretch, so that a name at a cut is read whole in one of the two.
 */
export function* sectionsOf(text: string): Generator<Section> {
  let from = 0;
  while (text.length - from > SECTION_CHARS) {
    const to = endNear(text, from + SECTION_CHARS);
    yield { from, to };
    from = endNear(text, to - OVERLAP_CHARS);
  }
  yield { from, to: text.length };
}

function endNear(text: string, limit: number): number {
  const tail = text.slice(limit - SEARCH_CHARS, limit);
  for (const mark of ['\n\n', '\n', '. ', '。', ' ']) {
    const at = tail.lastIndexOf(mark);
    if (at >= 0) return limit - tail.length + at + mark.length;
  }
  const isInPair = (text.charCodeAt(limit) & 0xfc00) === 0xdc00;
  return isInPair ? limit - 1 : limit;
}

/**
 * One list from what the sections found, offsets those of the text. Where two sections say different things about
 * the stretch they share, everything either found is kept: overlapping spans become one, named by the surer.
 */
export function uniteSpans(found: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last === undefined || span.start >= last.end) {
      out.push(span);
      continue;
    }
    const surer = span.score > last.score ? span : last;
    out[out.length - 1] = { ...surer, start: last.start, end: Math.max(last.end, span.end) };
  }
  return out;
}
