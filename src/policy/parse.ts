import { readYaml } from '../yaml/read.ts';
import { checkSet, type Vocabulary } from './check.ts';
import { parseCondition } from './condition-parse.ts';
import { type Finding, type Path, type PolicyProblem, type Report } from './problem.ts';
import { type PolicySet, policySetSchema, type Rule } from './schema.ts';

const MAX_CHARS = 16 * 1024 * 1024;
const MAX_PROBLEMS = 100;

export type ParsedPolicy =
  | { readonly set: PolicySet; readonly problems: readonly []; readonly locate: Locate }
  | { readonly set: undefined; readonly problems: readonly PolicyProblem[] };

/** Finds the line and column of a finding in the file it came from. */
export type Locate = (finding: Finding) => PolicyProblem;

/** YAML text → a checked policy set, or every problem found, each at its line and column. */
export function parsePolicySet(text: string, source: string, vocabulary: Vocabulary): ParsedPolicy {
  if (text.trim() === '') {
    const message = 'the file is empty; a policy set starts with version: 1';
    return { set: undefined, problems: [{ source, line: 1, column: 1, path: '', message }] };
  }
  const reading = readYaml(text, { what: 'policy set', maxChars: MAX_CHARS, maxProblems: MAX_PROBLEMS });
  if ('problems' in reading) {
    return {
      set: undefined,
      problems: reading.problems.map((problem) => ({ source, path: '', ...problem })),
    };
  }
  const locate: Locate = ({ path, at, message }) => {
    return { source, ...reading.place(path, at), path: show(path), message };
  };
  const findings: Finding[] = [];
  const set = readSet(reading.value, vocabulary, (finding) => findings.push(finding));
  if (set !== undefined && findings.length === 0) return { set, problems: [], locate };
  return { set: undefined, problems: findings.slice(0, MAX_PROBLEMS).map(locate) };
}

function readSet(value: unknown, vocabulary: Vocabulary, report: Report): PolicySet | undefined {
  const shape = policySetSchema.safeParse(value);
  if (!shape.success) {
    for (const issue of shape.error.issues) {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      if (keys.length === 0) report({ path, message: issue.message });
      for (const key of keys) report({ path: [...path, key], at: 'key', message: issue.message });
    }
    return undefined;
  }
  const unread: number[] = [];
  const rules: Rule[] = shape.data.rules.map(({ when, ...rule }, index) => {
    if (when === undefined) return rule;
    const condition = parseCondition(when, ['rules', index, 'when'], report);
    if (condition === undefined) unread.push(index);
    return { ...rule, when: condition };
  });
  if (unread.length > 0) return undefined;
  const set = { ...shape.data, rules };
  checkSet(set, vocabulary, report);
  return set;
}

/** Names the place without quoting keys that may be anything: only the language's own words are shown. */
function show(path: Path): string {
  return path.map((part) => (typeof part === 'number' || WORDS.has(part) ? part : '?')).join('.');
}

const WORDS: ReadonlySet<string> = new Set([
  ...[
    'version',
    'name',
    'description',
    'roles',
    'members',
    'inherits',
    'rules',
    'id',
    'effect',
    'subjects',
    'tenants',
  ],
  ...[
    'operations',
    'models',
    'runners',
    'opaque',
    'purposes',
    'regions',
    'when',
    'not_before',
    'not_after',
    'owner',
    'ticket',
  ],
  ...[
    'all',
    'any',
    'not',
    'attribute',
    'is',
    'in',
    'like',
    'contains',
    'contains_any',
    'at_least',
    'at_most',
    'present',
  ],
  ...[
    'handling',
    'output',
    'entities',
    'destinations',
    'trust',
    'region',
    'runner',
    'cases',
    'given',
    'expect',
    'allow',
    'reason',
  ],
  ...['rule', 'subject', 'tenant', 'issuer', 'groups', 'client', 'operation', 'model', 'purpose', 'at'],
]);
