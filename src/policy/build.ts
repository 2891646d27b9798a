import { type PolicySnapshot } from '../domain/policy.ts';
import { runCases } from './cases.ts';
import { type Vocabulary } from './check.ts';
import { type PolicyText } from './include.ts';
import { type ParsedPolicy, parsePolicySet } from './parse.ts';
import { type PolicyProblem } from './problem.ts';
import { type PolicySet } from './schema.ts';
import { createSnapshot, type PolicyAlert } from './snapshot.ts';

export type BuiltPolicy =
  | { readonly set: PolicySet; readonly snapshot: PolicySnapshot; readonly problems: readonly [] }
  | { readonly set: undefined; readonly snapshot: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * Text → a snapshot that has passed its own cases, or the problems that keep it from being one. The whole of what
 * `cordon policy check` does and what every activation does first.
 */
export async function buildPolicy(
  policy: PolicyText,
  vocabulary: Vocabulary,
  onAlert: (alert: PolicyAlert) => void,
): Promise<BuiltPolicy> {
  const parsed = parsePolicySet(policy, vocabulary);
  if (parsed.set === undefined) return refused(parsed.problems);
  if (parsed.set.kind === 'pack') {
    const message = 'a pack is not a policy by itself; include it in a set, with rules that allow something';
    return refused([parsed.locate({ path: ['kind'], message })]);
  }
  return build(parsed, vocabulary, onAlert);
}

/** The same for a set or a pack, for whoever tests one: what a pack says nothing about counts as allowed. */
export async function buildForTest(
  policy: PolicyText,
  vocabulary: Vocabulary,
  onAlert: (alert: PolicyAlert) => void,
): Promise<BuiltPolicy> {
  return build(parsePolicySet(policy, vocabulary), vocabulary, onAlert);
}

async function build(
  parsed: ParsedPolicy,
  vocabulary: Vocabulary,
  onAlert: (alert: PolicyAlert) => void,
): Promise<BuiltPolicy> {
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
