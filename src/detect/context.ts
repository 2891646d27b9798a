/** How many UTF-16 units before and behind a candidate are searched for its context words. */
const BEFORE = 64;
const AFTER = 32;

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Lower-case letters of the scripts the words are written in. */
const LETTERS = 'a-z\\u00df-\\u024f\\u0370-\\u052f\\u0900-\\u097f';

/** Words that make a candidate likely, compiled once. */
export class Context {
  readonly #pattern: RegExp;

  /**
   * Words in lower case. A space in a word also matches `_`, `-` or nothing, so that `social security` is found in
   * `social_security` and `socialSecurity`. Chinese, Japanese and Korean words match anywhere, others as whole words.
   */
  constructor(...words: readonly string[]) {
    const escaped = (list: readonly string[]): string =>
      list.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '[\\s_-]?')).join('|');
    const whole = words.filter((word) => !CJK.test(word));
    const anywhere = words.filter((word) => CJK.test(word));
    // The boundary is tested once for all words, and without Unicode classes: this runs for every candidate.
    const parts = [
      whole.length === 0 ? '' : `(?<![${LETTERS}\\d])(?:${escaped(whole)})(?![${LETTERS}])`,
      escaped(anywhere),
    ];
    this.#pattern = new RegExp(parts.filter((part) => part !== '').join('|'), 'g');
  }

  /** Whether one of the words is in a text: the heading of a column, say, or a sentence. */
  isIn(text: string): boolean {
    this.#pattern.lastIndex = 0;
    return this.#pattern.test(normalise(text));
  }

  /** 0 when no word is near; else up to 1, the nearer the higher. Constant cost: the window is bounded. */
  nearness(text: string, start: number, end: number): number {
    const before = normalise(text.slice(Math.max(0, start - BEFORE), start));
    let distance = Infinity;
    // matchAll would copy the pattern for every candidate, which costs more than the search.
    this.#pattern.lastIndex = 0;
    for (let match = this.#pattern.exec(before); match !== null; match = this.#pattern.exec(before)) {
      distance = before.length - match.index - match[0].length;
    }
    // What follows counts less than what precedes: labels come first in every language served here.
    if (distance === Infinity) {
      const after = normalise(text.slice(end, end + AFTER));
      this.#pattern.lastIndex = 0;
      const match = this.#pattern.exec(after);
      if (match !== null) distance = AFTER + match.index;
    }
    return distance === Infinity ? 0 : 1 - Math.min(distance, BEFORE) / (2 * BEFORE);
  }
}

/** Lower case, with a space where camelCase hides a word boundary. */
function normalise(window: string): string {
  return window.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
