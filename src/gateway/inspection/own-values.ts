/** Tells the caller's own values from those that a model made up. */
export type OwnValues = (value: string) => boolean;

/** Units searched for one answer; beyond, a value counts as the model's. Some tens of milliseconds. */
const MAX_SEARCHED = 128 * 1024 * 1024;
const MAX_KNOWN = 10_000;
/** A shorter number or word, freed of its signs, is found in too much. */
const MIN_COMPACT = 7;
const WORD_UNIT = /[\p{L}\p{N}]/u;
const NUMBER_UNIT = /\p{N}/u;

/**
 * A value is the caller's own when the request says it: as it is, or with other signs between the same letters and
 * digits (`4111 1111…` for `41111111…`). `texts` are the request's, before and after protection: what policy let pass,
 * surrogates and marks are in the latter. The texts are joined only when the first value is asked about.
 */
export function createOwnValues(texts: readonly (readonly string[])[]): OwnValues {
  const known = new Map<string, boolean>();
  let said: string | undefined;
  let compact: string | undefined;
  let searched = 0;

  const find = (value: string): boolean => {
    said ??= [...new Set(texts.flat())].join('\n');
    if (value === '' || searched > MAX_SEARCHED) return false;
    searched += said.length;
    if (standsIn(said, value, WORD_UNIT)) return true;
    const bare = compacted(value);
    if (bare.length < MIN_COMPACT) return false;
    compact ??= compacted(said);
    searched += compact.length;
    return standsIn(compact, bare, NUMBER_UNIT);
  };

  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const found = find(value);
    if (known.size < MAX_KNOWN) known.set(value, found);
    return found;
  };
}

/** True when `value` occurs with no unit of the kind on either side: `42` is not in `1420`. */
function standsIn(text: string, value: string, unit: RegExp): boolean {
  for (let at = text.indexOf(value), tries = 0; at >= 0 && tries < 16; tries++) {
    const before = unit.test(value.charAt(0)) && unit.test(text.charAt(at - 1));
    const after = unit.test(value.at(-1) ?? '') && unit.test(text.charAt(at + value.length));
    if (!before && !after) return true;
    at = text.indexOf(value, at + 1);
  }
  return false;
}

function compacted(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@\n]+/gu, '');
}
