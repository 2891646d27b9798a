/**
 * Offsets of a text in the two ways there are: Python counts code points, JavaScript UTF-16 units. They differ by the
 * astral characters (emoji, rarer Chinese characters) that stand before.
 */
export interface CodePoints {
  /** Length in code points. */
  readonly length: number;
  /** Of a UTF-16 offset. One in the middle of a character counts as its beginning. */
  fromUnits(offset: number): number;
  /** UTF-16 offset of a code point. */
  toUnits(offset: number): number;
}

const PLAIN = /^[\0-\ud7ff\ue000-\uffff]*$/;

export function countCodePoints(text: string): CodePoints {
  if (PLAIN.test(text))
    return { length: text.length, fromUnits: (offset) => offset, toUnits: (offset) => offset };
  const astral = astralOffsets(text);
  return {
    length: text.length - astral.length,
    fromUnits: (offset) => offset - countWhere(astral, (at) => at < offset),
    toUnits: (offset) => offset + countWhere(astral, (at, i) => at - i < offset),
  };
}

/** UTF-16 offsets of the characters that take two units, ascending. */
function astralOffsets(text: string): readonly number[] {
  return Array.from(text.matchAll(/[\u{10000}-\u{10ffff}]/gu), ({ index }) => index);
}

/** How many entries, from the first on, `holds` is true of; it must not become true again. */
function countWhere(sorted: readonly number[], holds: (value: number, index: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? 0, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
