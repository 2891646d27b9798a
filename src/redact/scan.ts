import { isWordUnit, type Match, type PlaceholderGrammar } from './placeholder.ts';

export interface ScanHit extends Match {
  readonly start: number;
}

export interface ScanStop {
  /** Everything before is decided. */
  readonly decided: number;
  /** Whether the unit before `decided` belongs to a word, for the text that follows. */
  readonly afterWord: boolean;
}

const JSON_ESCAPES = '"\\/bfnrt';

/**
 * Tells `found` of each placeholder spelling, left to right and disjoint, and where a later piece of the same text
 * must go on. `found` answers whether the hit counts; one that does not is passed over like any text.
 * Reads each unit a bounded number of times.
 */
export function scanPlaceholders(
  grammar: PlaceholderGrammar,
  text: string,
  afterWord: boolean,
  final: boolean,
  found: (hit: ScanHit) => boolean,
): ScanStop {
  let at = 0;
  let inWord = afterWord;
  while (at < text.length) {
    const start = grammar.nextStart(text, at);
    if (start > at) inWord = isWordUnit(text.charCodeAt(start - 1));
    if (start === text.length) return { decided: start, afterWord: inWord };
    const match = grammar.match(text, start, inWord, final);
    if (match === 'partial') return { decided: start, afterWord: inWord };
    if (match !== undefined && found({ start, end: match.end, name: match.name })) {
      at = match.end;
      // Behind a bare name stands no word unit, and a bracket ends a word however it is spelled.
      inWord = false;
      continue;
    }
    const escaped = beginsEscape(text, start);
    at = start + (escaped ? 2 : 1);
    inWord = !escaped && isWordUnit(text.charCodeAt(start));
  }
  return { decided: at, afterWord: inWord };
}

/**
 * A backslash takes its escape along: in `\\u003c` the second backslash begins nothing, and in `\nPERSON_1` the n
 * belongs to no word. At the end of a piece the grammar has held the backslash back already.
 */
function beginsEscape(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x5c && at + 1 < text.length && JSON_ESCAPES.includes(text.charAt(at + 1));
}
