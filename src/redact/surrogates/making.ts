import { type Draws } from './draws.ts';

/** What a value may be replaced by. */
export interface Made {
  readonly text: string;
  /**
   * Pieces of `text` that a model is likely to use alone, each with the piece of the value that it stands for: the
   * first name of a full name, a card number without its blanks.
   */
  readonly parts?: readonly (readonly [made: string, original: string])[] | undefined;
}

export type WordKind = 'given' | 'family' | 'place' | 'organisation' | 'mail' | 'domain';

/** What a generator may draw from. */
export interface Making {
  /** Choices of this value and this attempt. */
  readonly draws: Draws;
  /** 0 for the first proposal; the next ones follow when it cannot be used. */
  readonly attempt: number;
  /**
   * Twelve hex digits that no other value of the scope has, given where the runner remembers other calls: a surrogate
   * must then say them, or it could come to mean two values.
   */
  readonly unique: string | undefined;
  /** Whole days by which all dates of the scope move. */
  readonly shiftDays: number;
  /**
   * A made-up word of the script. In the first attempt a word stands for the same word in all values of the call, so
   * that `Maria` and `Maria Gonzalez` still belong together. Undefined when the words of the script are used up, or
   * there are none.
   */
  readonly word: (kind: WordKind, original: string) => string | undefined;
}

/** Proposes a surrogate of the same format; undefined when the value has a form it does not know. */
export type Generator = (value: string, making: Making) => Made | undefined;

/** `compact`, letter for letter and digit for digit, printed as `value` is: its separators, its small letters. */
function printedLike(value: string, compact: string): string | undefined {
  let at = 0;
  const text = value.replace(/[\p{L}\p{N}]/gu, (unit) => {
    const made = compact.charAt(at++);
    return unit !== unit.toUpperCase() ? made.toLowerCase() : made;
  });
  return at === compact.length ? text : undefined;
}

/** Letters and digits only, in their plain forms, in capitals. */
export function compactOf(value: string): string {
  return value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase(); // prettier-ignore
}

/** A surrogate for a number printed in groups, which models often repeat without them. */
export function grouped(value: string, compact: string): Made | undefined {
  const text = printedLike(value, compact);
  if (text === undefined) return undefined;
  const plain = text.replace(/[^\p{L}\p{N}]/gu, '');
  const original = value.replace(/[^\p{L}\p{N}]/gu, '');
  return { text, parts: plain === text ? [] : [[plain, original]] };
}
