import { createTermFinder } from './custom/terms.ts';
import { type Recognizer } from './recognizer.ts';
import { foldText } from './view.ts';

/** The recogniser of terms that the operator denies: they count whatever thresholds and allow-lists say, and win every overlap. */
export const DENY_LIST = 'deny-list';

/** Entity → terms that are always found, as whole words, in any case. */
export function createDenyList(terms: Readonly<Record<string, readonly string[]>>): Recognizer {
  const finders = Object.entries(terms).map(
    ([entity, list]) => [entity, createTermFinder(list.map((term) => foldText(term).text))] as const,
  );
  return {
    name: DENY_LIST,
    entities: Object.keys(terms),
    find: ({ text }) =>
      finders.flatMap(([entity, find]) =>
        find(text).map(({ start, end }) => ({
          start,
          end,
          entity,
          score: 1,
          recognizer: DENY_LIST,
          validated: true,
        })),
      ),
  };
}
