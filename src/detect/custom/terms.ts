/** Where a term stands: offsets in UTF-16 units. */
export interface TermMatch {
  readonly start: number;
  readonly end: number;
}

const KEY = 2;
const WORD = /[\p{L}\p{M}\p{N}_]/u;
const SPACELESS = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/**
 * Finds any of the terms, in any case, as whole words; a term that begins or ends with an ideograph, kana or hangul
 * needs no word's end there. Overlapping matches come all. The text is read once and at each word's start compared with
 * the lengths of the terms that begin with the same two characters, so the cost is linear however many terms there are.
 */
export function createTermFinder(terms: readonly string[]): (text: string) => TermMatch[] {
  const known = new Set(terms.map(fold).filter((term) => term !== ''));
  const lengths = new Map<string, number[]>();
  for (const term of known) {
    const key = term.slice(0, KEY);
    const sizes = lengths.get(key) ?? [];
    if (!sizes.includes(term.length)) sizes.push(term.length);
    lengths.set(key, sizes);
  }
  // A term of one character is a key of its own.
  const single = new Set([...known].filter((term) => term.length === 1));
  return (text) => {
    if (known.size === 0) return [];
    const folded = fold(text);
    const found: TermMatch[] = [];
    for (let start = 0; start < folded.length; start++) {
      const sizes = lengths.get(folded.slice(start, start + KEY)) ?? [];
      const one = single.has(folded.charAt(start)) ? [1] : [];
      if (sizes.length + one.length === 0 || !isEdge(folded, start)) continue;
      for (const size of new Set([...sizes, ...one])) {
        const end = start + size;
        if (isEdge(folded, end) && known.has(folded.slice(start, end))) found.push({ start, end });
      }
    }
    return found;
  };
}

/** Lower case unit by unit: `İ` grows when lower-cased, and offsets must stay those of the text. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  }).join('');
}

/** No word goes on across this offset. */
function isEdge(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return true;
  const before = text.charAt(index - 1);
  const after = text.charAt(index);
  return !WORD.test(before) || !WORD.test(after) || SPACELESS.test(before) || SPACELESS.test(after);
}
