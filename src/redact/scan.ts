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
      inWord = isWordUnit(text.charCodeAt(at - 1));
      continue;
    }
    const escape = escapeLength(text, start, final);
    if (escape === 'partial') return { decided: start, afterWord: inWord };
    at = start + escape;
    inWord = escape === 1 && isWordUnit(text.charCodeAt(start));
  }
  return { decided: at, afterWord: inWord };
}

/**
 * How many units to pass when nothing matched. A backslash takes its escape along: in `\\u003c` the second backslash
 * begins nothing, and in `\nPERSON_1` the n belongs to no word.
 */
function escapeLength(text: string, at: number, final: boolean): number | 'partial' {
  if (text.charCodeAt(at) !== 0x5c) return 1;
  if (at + 1 === text.length) return final ? 1 : 'partial';
  return JSON_ESCAPES.includes(text.charAt(at + 1)) ? 2 : 1;
}
