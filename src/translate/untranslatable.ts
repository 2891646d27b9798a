import { JsonSourceError } from '../dialects/json-source.ts';
import { ANSWER_JSON, upstreamInvalid } from '../dialects/answer-source.ts';
import { CordonError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { member, type Node, type ObjectNode, readTree } from './json-tree.ts';

/** Requests were read by their dialect before; protection may have made them longer, not deeper. */
export const REQUEST_JSON = {
  maxDepth: LIMITS.jsonDepth,
  maxValues: 10 * LIMITS.slotsPerCall,
  loneSurrogates: 'keep',
} as const;

/** What the other vendor's API has no words for is refused with its place: the call would come to mean another. */
export function untranslatable(pointer: string, why: string): CordonError {
  return new CordonError(
    'untranslatable',
    `The model runner speaks another vendor's API, which cannot say this: ${why}.`,
    { param: pointer },
  );
}

export function readRequest(source: string): ObjectNode {
  const node = readTree(source, REQUEST_JSON);
  if (node.kind !== 'object') throw untranslatable('', 'a request that is no object');
  return node;
}

/** Throws `upstream_invalid` on anything but a JSON object. */
export function readAnswerTree(source: string): ObjectNode {
  try {
    const node = readTree(source, ANSWER_JSON);
    if (node.kind === 'object') return node;
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
    throw upstreamInvalid(error.message);
  }
  throw upstreamInvalid('the answer is no object');
}

/**
 * Refuses each member that is given (not null) and not among `known`. A table that lists what is understood cannot
 * forget what is not.
 */
export function checkMembers(node: Node, known: ReadonlySet<string>, pointer: string): void {
  if (node.kind !== 'object') throw untranslatable(pointer, 'something other than an object');
  for (const name of node.members.keys()) {
    if (known.has(name) || member(node, name) === undefined) continue;
    throw untranslatable(`${pointer}/${/^[a-z][a-z_]{0,39}$/.test(name) ? name : '*'}`, 'this setting');
  }
}

export function itemsOf(node: Node | undefined, pointer: string): readonly Node[] {
  if (node === undefined) return [];
  if (node.kind !== 'array') throw untranslatable(pointer, 'something other than a list');
  return node.items;
}
