/** What a normaliser made of a text, and where each of its UTF-16 units came from in the source (end exclusive). */
export interface Aligned {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

type Normalise = (text: string) => string;

/** Forms of single characters kept between texts; beyond this they are computed afresh. */
const MAX_CACHED_CLUSTERS = 10_000;
/** A base character with a reasonable number of marks; the rest of a longer pile starts a cluster of its own. */
const CLUSTER = /\P{M}\p{M}{0,15}|\p{M}{1,16}/gsu;
const WORD = /[^\s\u2581]+/gu;
const BARE = /[\s\u2581]+/gu;

/** Characters that carry text, each with its place in the source. */
interface BareUnits {
  text: string;
  readonly starts: number[];
  readonly ends: number[];
}

/**
 * Normalisers give no offsets. Most work character by character, so the normal forms of the characters, whitespace
 * aside, are the normal form of the text; where that fails (a final sigma, a ligature across characters) the unit of
 * comparison becomes the word, whose pieces then all cover the whole word. A text that even its words do not explain
 * is normalised word by word. In no case does an offset point to anything but what produced it.
 */
export function createAligner(normalise: Normalise): (text: string) => Aligned {
  const cache = new Map<string, string>();
  const formOf = (cluster: string): string => {
    const known = cache.get(cluster);
    if (known !== undefined) return known;
    const form = normalise(cluster).replace(BARE, '');
    if (cache.size < MAX_CACHED_CLUSTERS) cache.set(cluster, form);
    return form;
  };

  const byCluster = (source: string, offset: number, into: BareUnits): void => {
    for (const match of source.matchAll(CLUSTER)) {
      append(into, formOf(match[0]), offset + match.index, offset + match.index + match[0].length);
    }
  };

  const byWord = (source: string): BareUnits => {
    const units: BareUnits = { text: '', starts: [], ends: [] };
    for (const match of source.matchAll(WORD)) {
      const form = normalise(match[0]).replace(BARE, '');
      const fine: BareUnits = { text: '', starts: [], ends: [] };
      byCluster(match[0], match.index, fine);
      if (fine.text !== form) {
        append(units, form, match.index, match.index + match[0].length);
        continue;
      }
      units.text += form;
      for (const start of fine.starts) units.starts.push(start);
      for (const end of fine.ends) units.ends.push(end);
    }
    return units;
  };

  return (source) => {
    const normal = normalise(source);
    if (normal === source) return identity(source);
    const bare = normal.replace(BARE, '');
    let units: BareUnits = { text: '', starts: [], ends: [] };
    byCluster(source, 0, units);
    if (units.text === bare) return spread(normal, units, source.length);
    units = byWord(source);
    if (units.text === bare) return spread(normal, units, source.length);
    const words = Array.from(source.matchAll(WORD), (match) => normalise(match[0]));
    return spread(words.join(' '), units, source.length);
  };
}

function append(into: BareUnits, form: string, start: number, end: number): void {
  into.text += form;
  for (let left = form.length; left > 0; left--) {
    into.starts.push(start);
    into.ends.push(end);
  }
}

function identity(text: string): Aligned {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let i = 0; i < text.length; i++) {
    starts[i] = i;
    ends[i] = i + 1;
  }
  return { text, starts, ends };
}

/** Gives every unit of `text` its source; whitespace gets the gap between its neighbours. */
function spread(text: string, units: BareUnits, sourceLength: number): Aligned {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let next = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const start = units.starts[next] ?? sourceLength;
    if (isSpace(text.charCodeAt(i))) {
      // A normal form may hold a space inside a word; what is behind it then begins before what was before it ends.
      starts[i] = Math.min(before, start);
      ends[i] = Math.max(before, start);
      continue;
    }
    starts[i] = start;
    ends[i] = units.ends[next] ?? sourceLength;
    before = ends[i] ?? sourceLength;
    next++;
  }
  return { text, starts, ends };
}

/** The whitespace of `\s`, and the mark that stands for a space in Metaspace tokenizers. */
export function isSpace(unit: number): boolean {
  if (unit < 128) return unit === 32 || (unit >= 9 && unit <= 13);
  return (
    unit === 0x2581 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}
