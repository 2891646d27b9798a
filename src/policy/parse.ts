import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
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
  const refuse = (message: string): ParsedPolicy => {
    return { set: undefined, problems: [{ source, line: 1, column: 1, path: '', message }] };
  };
  if (text.length > MAX_CHARS) return refuse(`a policy set has at most ${MAX_CHARS} characters; split it`);
  if (text.trim() === '') return refuse('the file is empty; a policy set starts with version: 1');
  try {
    return parse(text, source, vocabulary);
  } catch (error) {
    // Ten thousand nested brackets exhaust the parser's stack; that is a mistake of the text like any other.
    if (!(error instanceof RangeError)) throw error;
    return refuse('this file cannot be read; it nests too deeply');
  }
}

function parse(text: string, source: string, vocabulary: Vocabulary): ParsedPolicy {
  const lines = new LineCounter();
  // prettyErrors would copy lines of the file into messages, and with them whatever stands there by mistake.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
  });
  const locate: Locate = (finding) => {
    return {
      source,
      ...position(document, lines, finding),
      path: show(finding.path),
      message: finding.message,
    };
  };
  const syntax = syntaxProblems(document, lines, source);
  if (syntax.length > 0) return { set: undefined, problems: syntax };
  const findings: Finding[] = [];
  const set = readSet(document.toJS({ maxAliasCount: 0 }), vocabulary, (finding) => findings.push(finding));
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

const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is written twice in one mapping; keep one of them',
  TAB_AS_INDENT: 'indent with blanks, not with tabs',
  BAD_INDENT: 'the indentation does not fit the lines above',
  MULTIPLE_DOCS: 'write one policy set per file; remove the --- line',
};

function syntaxProblems(document: Document.Parsed, lines: LineCounter, source: string): PolicyProblem[] {
  const at = (offset: number, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset);
    return { source, line: Math.max(1, line), column: Math.max(1, col), path: '', message };
  };
  const problems = [...document.errors, ...document.warnings]
    .slice(0, MAX_PROBLEMS)
    .map(({ pos, code }) => at(pos[0], SYNTAX[code] ?? `this is not plain YAML (${code.toLowerCase()})`));
  if (problems.length > 0) return problems;
  visit(document, {
    Alias: (_, node) => {
      problems.push(
        at(node.range?.[0] ?? 0, 'write this out; a policy set has no aliases, so that it reads as it is'),
      );
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && typeof pair.key.value === 'string' && pair.key.value !== '__proto__') return;
      const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
      problems.push(at(offset, 'a key here must be a plain name in quotes or without'));
    },
  });
  return problems;
}

/** The deepest node on the path that exists: a missing key is reported at the mapping that lacks it. */
function position(
  document: Document.Parsed,
  lines: LineCounter,
  { path, at }: Finding,
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [index, part] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined;
    const next: unknown = pair === undefined ? step(node, part) : (pair.value ?? pair.key);
    if (!isNode(next)) break;
    const byKey = index === path.length - 1 && (at === 'key' || !isScalar(next));
    const anchor = byKey && isNode(pair?.key) ? pair.key : next;
    offset = anchor.range?.[0] ?? offset;
    node = next;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function step(node: unknown, part: string | number): unknown {
  if (typeof node !== 'object' || node === null || !('items' in node) || !Array.isArray(node.items))
    return undefined;
  return typeof part === 'number' ? node.items[part] : undefined;
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
