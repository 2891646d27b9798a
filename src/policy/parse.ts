import { checkSet, type Vocabulary } from './check.ts';
import { gather, type PolicyText } from './include.ts';
import { mergeMembers } from './merge.ts';
import { type Finding, type Locate, type PolicyProblem } from './problem.ts';
import { MAX_PROBLEMS } from './read-document.ts';
import { type PolicySet } from './schema.ts';

export type ParsedPolicy =
  | { readonly set: PolicySet; readonly problems: readonly []; readonly locate: Locate }
  | { readonly set: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * YAML text, with what it includes → a checked policy set, or every problem found, each at its line and column. Findings
 * about the set are located in the file that holds what they are about.
 */
export function parsePolicySet(policy: PolicyText, vocabulary: Vocabulary): ParsedPolicy {
  const gathered = gather(policy, vocabulary.packs ?? []);
  if (gathered.members === undefined) return refused(gathered.problems);
  const { set, locate, problems } = mergeMembers(gathered.members);
  if (problems.length > 0) return refused(problems);
  const findings: Finding[] = [];
  checkSet(set, vocabulary, (finding) => findings.push(finding));
  return findings.length > 0 ? refused(findings.map(locate)) : { set, problems: [], locate };
}

function refused(problems: readonly PolicyProblem[]): ParsedPolicy {
  return { set: undefined, problems: problems.slice(0, MAX_PROBLEMS) };
}
