import { type MarkGrammar, type Match, NO_UNIT } from './placeholder.ts';

export interface ScanHit extends Match {
  readonly start: number;
}

export interface ScanStop {
  /** Everything before is decided. */
  readonly decided: number;
  /** The unit before `decided`, for the text that follows. */
  readonly before: number;
}

const JSON_ESCAPES = '"\\/bfnrt';

/**
 * Tells `found` of each mark, left to right and disjoint, and where a later piece of the same text
 * must go on. `found` answers whether the hit counts; one that does not is passed over like any text.
 * Reads each unit a bounded number of times.
 */
export function scanMarks(
  grammar: MarkGrammar,
  text: string,
  before: number,
  final: boolean,
  found: (hit: ScanHit) => boolean,
): ScanStop {
  let at = 0;
  let unit = before;
  while (at < text.length) {
    const start = grammar.nextStart(text, at, unit);
    if (start > at) unit = text.charCodeAt(start - 1);
    if (start === text.length) return { decided: start, before: unit };
    const match = grammar.match(text, start, unit, final);
    if (match === 'partial') return { decided: start, before: unit };
    if (match !== undefined && found({ start, end: match.end, name: match.name })) {
      at = match.end;
      // Behind a bare name or a surrogate stands no word unit, and a bracket ends a word however it is spelled.
      unit = NO_UNIT;
      continue;
    }
    const skipped = (grammar.skip ?? skipOne)(text, start);
    at = start + skipped.length;
    unit = skipped.before;
  }
  return { decided: at, before: unit };
}

/**
 * A backslash takes its escape along: in `\\u003c` the second backslash begins nothing, and in `\nPERSON_1` the n
 * belongs to no word. At the end of a piece the grammar has held the backslash back already.
 */
function skipOne(text: string, at: number): { readonly length: number; readonly before: number } {
  const escaped =
    text.charCodeAt(at) === 0x5c && at + 1 < text.length && JSON_ESCAPES.includes(text.charAt(at + 1));
  return escaped ? { length: 2, before: NO_UNIT } : { length: 1, before: text.charCodeAt(at) };
}
