import { type PolicySnapshot } from '../domain/policy.ts';
import { runCases } from './cases.ts';
import { type Vocabulary } from './check.ts';
import { parsePolicySet } from './parse.ts';
import { type PolicyProblem } from './problem.ts';
import { type PolicySet } from './schema.ts';
import { createSnapshot, type PolicyAlert } from './snapshot.ts';

export type BuiltPolicy =
  | { readonly set: PolicySet; readonly snapshot: PolicySnapshot; readonly problems: readonly [] }
  | { readonly set: undefined; readonly snapshot: undefined; readonly problems: readonly PolicyProblem[] };

export interface PolicyText {
  readonly text: string;
  /** Names the text in problems: a path, or `version 12`. */
  readonly source: string;
}

/**
 * Text → a snapshot that has passed its own cases, or the problems that keep it from being one. The whole of what
 * `cordon policy check` does and what every activation does first.
 */
export async function buildPolicy(
  { text, source }: PolicyText,
  vocabulary: Vocabulary,
  onAlert: (alert: PolicyAlert) => void,
): Promise<BuiltPolicy> {
  const parsed = parsePolicySet(text, source, vocabulary);
  if (parsed.set === undefined) return refused(parsed.problems);
  const { set, locate } = parsed;
  let snapshot: PolicySnapshot;
  try {
    snapshot = await createSnapshot(set, onAlert, vocabulary.extraEntities);
  } catch (error) {
    const message = error instanceof RangeError ? error.message : 'the set could not be compiled';
    return refused([locate({ path: ['rules'], at: 'key', message })]);
  }
  const failed = runCases(snapshot, set.cases);
  return failed.length > 0 ? refused(failed.map(locate)) : { set, snapshot, problems: [] };
}

function refused(problems: readonly PolicyProblem[]): BuiltPolicy {
  return { set: undefined, snapshot: undefined, problems };
}
