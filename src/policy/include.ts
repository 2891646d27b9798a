import { posix } from 'node:path';
import { type Locate, type PolicyProblem } from './problem.ts';
import { MAX_CHARS, readDocument } from './read-document.ts';
import { type PolicyDocument } from './schema.ts';
import { didYouMean } from './suggest.ts';

/** A set as text, with every text that it includes, however indirectly: all that decides what it says. */
export interface PolicyText {
  readonly text: string;
  /** Names the text in problems: a path, or `version 12`. */
  readonly source: string;
  /** By the name of a pack (`gdpr`) or the path from the set (`./teams/support.yaml`). */
  readonly included?: Readonly<Record<string, string>>;
}

const MAX_FILES = 64;

/** A file of a set, in its place among the others: before those that it includes. */
export interface Member {
  /** Undefined for the set itself. */
  readonly key: string | undefined;
  readonly document: PolicyDocument;
  readonly locate: Locate;
  /** What it includes, directly or by way of others. */
  readonly inner: ReadonlySet<string>;
}

export type Gathered =
  | { readonly members: readonly [Member, ...Member[]]; readonly problems: readonly [] }
  | { readonly members: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * The set and what it includes, each once, in the order in which they are named. A problem in an included file stands at
 * its line there; an include that cannot be followed stands where it is written.
 */
export function gather(policy: PolicyText, packs: readonly string[]): Gathered {
  const problems: PolicyProblem[] = [];
  const members: Member[] = [];
  const seen = new Set<string>();
  let chars = 0;

  const inside = new Map<string | undefined, Set<string>>();

  const visit = (text: string, source: string, key: string | undefined, chain: readonly string[]): void => {
    chars += text.length;
    const read = readDocument(text, source);
    if (read.document === undefined) {
      problems.push(...read.problems);
      return;
    }
    const { document, locate } = read;
    const inner = new Set<string>();
    inside.set(key, inner);
    members.push({ key, document, locate, inner });
    for (const [index, written] of document.includes.entries()) {
      const refuse = (message: string): void => {
        problems.push(locate({ path: ['includes', index], message }));
      };
      const next = resolveInclude(key, written);
      if (next === undefined) refuse('a pack may include packs only');
      else if (chain.includes(next))
        refuse('this file is what includes this one, so the two go in a circle; cut a link');
      else {
        inner.add(next);
        if (seen.has(next)) continue;
        seen.add(next);
        const found = included(policy, next);
        if (found === undefined) refuse(missing(next, packs));
        else if (seen.size > MAX_FILES || chars + found.length > MAX_CHARS)
          refuse(`a set may include at most ${MAX_FILES} files and ${MAX_CHARS} characters`);
        else visit(found, sourceOf(policy.source, next), next, [...chain, next]);
      }
    }
  };
  visit(policy.text, policy.source, undefined, []);
  // Without circles this ends as soon as nothing new turns up.
  for (let before = -1, size = 0; before !== size;) {
    before = size;
    for (const inner of inside.values())
      for (const key of inner) for (const further of inside.get(key) ?? []) inner.add(further);
    size = [...inside.values()].reduce((sum, inner) => sum + inner.size, 0);
  }
  // Whoever approves a version reads what it says; a text that says nothing in it could be anything.
  if (problems.length === 0 && Object.keys(policy.included ?? {}).some((key) => !seen.has(key))) {
    const message = 'a file comes with this set that nothing in it includes; leave it out';
    problems.push({ source: policy.source, line: 1, column: 1, path: '', message });
  }
  const [root, ...others] = members;
  if (problems.length > 0 || root === undefined) return { members: undefined, problems };
  return { members: [root, ...others], problems: [] };
}

/**
 * Reads a set's includes, and theirs, by `read`: undefined for what is not there. What cannot be read is left out, and
 * building the set says so in its place.
 */
export async function collectIncludes(
  { text, source }: PolicyText,
  read: (key: string) => Promise<string | undefined>,
): Promise<PolicyText> {
  const included: Record<string, string> = {};
  const queue: { readonly key: string | undefined; readonly text: string }[] = [{ key: undefined, text }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { document } = readDocument(next.text, source);
    for (const written of document?.includes ?? []) {
      const key = resolveInclude(next.key, written);
      if (key === undefined || Object.hasOwn(included, key)) continue;
      if (Object.keys(included).length >= MAX_FILES) break;
      const found = await read(key);
      if (found === undefined) continue;
      included[key] = found;
      queue.push({ key, text: found });
    }
  }
  return { text, source, included };
}

/** A path is read from the file that names it; it cannot climb, so all files lie below the set's own directory. */
function resolveInclude(from: string | undefined, written: string): string | undefined {
  if (!isPath(written)) return written;
  if (from === undefined) return written;
  return isPath(from) ? `./${posix.join(posix.dirname(from), written)}` : undefined;
}

function isPath(key: string): boolean {
  return key.startsWith('./');
}

function included({ included: texts = {} }: PolicyText, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

function sourceOf(root: string, key: string): string {
  return isPath(key) ? posix.join(posix.dirname(root), key) : `packs/${key}.yaml`;
}

function missing(key: string, packs: readonly string[]): string {
  if (isPath(key)) return 'there is no such file beside or below the set, or it cannot be read';
  const known = packs.length === 0 ? '' : `; write one of ${packs.join(', ')}${didYouMean(key, packs)}`;
  return `there is no pack of this name${known}`;
}
