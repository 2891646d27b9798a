import { type Naming, NO_UNIT, PlaceholderGrammar } from './placeholder.ts';
import { scanMarks } from './scan.ts';

export interface Literal {
  readonly start: number;
  readonly end: number;
}

/** Finds what, typed by a caller or written in a tool's result, could pass for a mark of these entities. */
export function createLiteralFinder(
  entities: readonly string[],
  naming: Naming = 'number',
): (text: string) => readonly Literal[] {
  const grammar = new PlaceholderGrammar(entities, naming);
  const names = entities.join('|');
  // Entity names hold no regex syntax (checkEntity), and each attempt is bounded.
  const marks = new RegExp(
    `\\[(?:${names})(?: [^\\]\\s]{1,8}(?: [^\\]\\s]{1,8})?)?\\]|(?:<|&lt;|&#60;|&#x3c;|\\\\u003c)(?:${names})_#[0-9a-f]{1,64}(?:>|&gt;|&#62;|&#x3e;|\\\\u003e)`,
    'gi',
  );
  return (text) => {
    const literals: Literal[] = [];
    scanMarks(grammar, text, NO_UNIT, true, ({ start, end }) => literals.push({ start, end }) > 0);
    for (const { index, 0: mark } of text.matchAll(marks)) {
      literals.push({ start: index, end: index + mark.length });
    }
    return literals.sort((a, b) => a.start - b.start);
  };
}
