import { readYaml } from '../yaml/read.ts';
import { parseCondition } from './condition-parse.ts';
import { type Finding, type Locate, type Path, type PolicyProblem, type Report } from './problem.ts';
import { type PolicyDocument, policySetSchema, type Rule } from './schema.ts';

export const MAX_CHARS = 16 * 1024 * 1024;
export const MAX_PROBLEMS = 100;

/** One file, read: shape and conditions hold, but nothing is known yet of what it names. */
export type ReadDocument =
  | { readonly document: PolicyDocument; readonly problems: readonly []; readonly locate: Locate }
  | { readonly document: undefined; readonly problems: readonly PolicyProblem[] };

export function readDocument(text: string, source: string): ReadDocument {
  if (text.trim() === '') {
    const message = 'the file is empty; a policy set starts with version: 1';
    return refused([{ source, line: 1, column: 1, path: '', message }]);
  }
  const reading = readYaml(text, { what: 'policy set', maxChars: MAX_CHARS, maxProblems: MAX_PROBLEMS });
  if ('problems' in reading) {
    return refused(reading.problems.map((problem) => ({ source, path: '', ...problem })));
  }
  const locate: Locate = ({ path, at, message }) => {
    return { source, ...reading.place(path, at), path: show(path), message };
  };
  const findings: Finding[] = [];
  const document = readShape(reading.value, (finding) => findings.push(finding));
  if (document !== undefined && findings.length === 0) return { document, problems: [], locate };
  return refused(findings.slice(0, MAX_PROBLEMS).map(locate));
}

function refused(problems: readonly PolicyProblem[]): ReadDocument {
  return { document: undefined, problems };
}

function readShape(value: unknown, report: Report): PolicyDocument | undefined {
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
  const rules: Rule[] = shape.data.rules.map(({ when, ...rule }, index) => {
    if (when === undefined) return rule;
    return { ...rule, when: parseCondition(when, ['rules', index, 'when'], report) };
  });
  return { ...shape.data, rules };
}

/** Names the place without quoting keys that may be anything: only the language's own words are shown. */
function show(path: Path): string {
  return path.map((part) => (typeof part === 'number' || WORDS.has(part) ? part : '?')).join('.');
}

const WORDS: ReadonlySet<string> = new Set([
  ...['version', 'kind', 'name', 'description', 'includes', 'disable', 'purposes', 'roles', 'members'],
  ...['inherits', 'rules', 'id', 'override', 'effect', 'subjects', 'tenants', 'operations', 'models'],
  ...['runners', 'opaque', 'regions', 'when', 'not_before', 'not_after', 'owner', 'ticket'],
  ...['obligations', 'rate_limit', 'budget', 'per', 'points', 'seconds', 'tokens', 'requests', 'window'],
  ...['retention', 'lawful_basis', 'special_category_basis'],
  ...['all', 'any', 'not', 'attribute', 'is', 'in', 'like', 'contains', 'contains_any', 'at_least'],
  ...['at_most', 'present'],
  ...['handling', 'output', 'entities', 'destinations', 'trust', 'region', 'runner', 'cases', 'given'],
  ...['expect', 'allow', 'reason', 'rule', 'subject', 'tenant', 'issuer', 'groups', 'client', 'operation'],
  ...['model', 'purpose', 'at', 'obliged_by', 'subject_region', 'processor', 'dpa', 'signed', 'ref'],
  ...['retention_days', 'subprocessors', 'transfer_basis', 'pipia_id', 'attestations'],
]);
