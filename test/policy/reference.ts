import { type AdmitInput } from '../../src/domain/policy.ts';

/**
 * What a decision should be, in the fewest words: no index, no cache, no casbin, no compiled conditions. It reads the
 * set as written (JSON), so it shares no code with what it judges.
 */
export interface ReferenceSet {
  readonly purposes: Readonly<Record<string, { readonly lawful_basis: string }>>;
  readonly roles: Readonly<
    Record<string, Readonly<Partial<Record<'members' | 'inherits', readonly string[]>>>>
  >;
  readonly rules: readonly ReferenceRule[];
}

type Lists = 'tenants' | 'purposes' | 'regions';
export interface ReferenceRule
  extends Readonly<Record<'id' | 'effect', string>>, Readonly<Partial<Record<Lists, readonly string[]>>> {
  readonly subjects: readonly string[];
  readonly operations: readonly string[];
  readonly models: readonly string[];
  readonly runners: readonly string[];
  readonly when?: ReferenceCondition;
  readonly not_before?: string;
  readonly not_after?: string;
  readonly opaque?: true;
  readonly obligations?: object;
}
export type ReferenceCondition = Readonly<Record<string, unknown>>;

type Truth = boolean | undefined;
type Value = string | number | readonly string[] | undefined;
type Attributes = Readonly<Record<string, Value>>;

export function decide(set: ReferenceSet, input: AdmitInput, opaque = false) {
  const attributes = attributesOf(set, input);
  const held = selectorsOf(set, input);
  const purpose = attributes['purpose'];
  if (typeof purpose === 'string' && Object.keys(set.purposes).length > 0 && !(purpose in set.purposes))
    return { allow: false, reason: 'matched_deny', ruleIds: ['undeclared_purpose'], owed: [] };
  const judged = set.rules.map((rule) => ({ rule, truth: judge(rule, held, attributes, input) }));
  const denials = judged.filter(({ rule }) => rule.effect === 'deny' && (opaque || rule.opaque !== true));
  const denial = denials.find(({ truth }) => truth !== false);
  if (denial !== undefined) {
    const reason = denial.truth === undefined ? 'attribute_missing' : 'matched_deny';
    return { allow: false, reason, ruleIds: [denial.rule.id], owed: [] };
  }
  const grants = judged.filter(({ rule }) => rule.effect === 'allow' && (!opaque || rule.opaque === true));
  const grant = grants.find(({ truth }) => truth === true);
  if (grant === undefined) return { allow: false, reason: 'no_matching_allow', ruleIds: [], owed: [] };
  const owing = judged.filter(({ rule, truth }) => truth ?? rule.effect === 'oblige');
  const owed = owing.filter(({ rule }) => rule.obligations !== undefined).map(({ rule }) => rule.id);
  return { allow: true, reason: 'matched_allow', ruleIds: [grant.rule.id], owed };
}

export function selectorsOf({ roles }: ReferenceSet, { principal }: AdmitInput): ReadonlySet<string> {
  const held = new Set(['any', `tenant:${principal.tenant}`, `subject:${principal.subject}`]);
  for (const group of principal.groups) held.add(`group:${group}`);
  for (const role of principal.roles) held.add(`role:${role}`);
  for (let before = -1; before !== held.size;) {
    before = held.size;
    for (const [role, { members = [], inherits = [] }] of Object.entries(roles)) {
      if (members.some((member) => held.has(member))) held.add(`role:${role}`);
      if (held.has(`role:${role}`)) for (const parent of inherits) held.add(`role:${parent}`);
    }
  }
  return held;
}

function attributesOf(
  set: ReferenceSet,
  { principal, purpose: said, destination, ...input }: AdmitInput,
): Attributes {
  const purpose = principal.purposes.includes(said ?? '') ? said : undefined;
  return {
    ...{ purpose, 'purpose.lawful_basis': set.purposes[purpose ?? '']?.lawful_basis },
    ...{ model: input.model, 'principal.groups': principal.groups, 'subject.region': input.subjectRegion },
    'destination.region': destination.region === 'unknown' ? undefined : destination.region,
    'destination.retention_days': destination.processor?.retentionDays,
    'destination.attestations': destination.processor?.attestations,
    'time.hour': new Date(input.nowMs).getUTCHours(),
  };
}

function judge(
  rule: ReferenceRule,
  held: ReadonlySet<string>,
  attributes: Attributes,
  input: AdmitInput,
): Truth {
  const { principal, operation, model, destination, nowMs } = input;
  const among = (list: readonly string[] | undefined, value: Value): Truth =>
    list === undefined ? true : value === undefined ? undefined : list.some((one) => like(one, value));
  const clauses = [
    rule.subjects.some((subject) => held.has(subject)) && among(rule.tenants, principal.tenant),
    rule.operations.some((one) => one === '*' || one === operation) && among(rule.models, model),
    among(rule.runners, destination.runner),
    Date.parse(rule.not_before ?? '1970-01-01') <= nowMs &&
      nowMs < Date.parse(rule.not_after ?? '2100-01-01'),
    among(rule.purposes, attributes['purpose']),
    among(rule.regions, attributes['destination.region']),
    rule.when === undefined || ask(rule.when, attributes),
  ];
  return every(clauses);
}

const every = (all: readonly Truth[]): Truth =>
  all.includes(false) ? false : all.includes(undefined) ? undefined : true;
const opposite = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function ask(condition: ReferenceCondition, attributes: Attributes): Truth {
  const { all, any, not, attribute } = condition as Readonly<{
    all?: [];
    any?: [];
    not?: ReferenceCondition;
    attribute: string;
  }>;
  if (all) return every(all.map((part) => ask(part, attributes)));
  if (any) return opposite(every(any.map((part) => opposite(ask(part, attributes)))));
  if (not) return opposite(ask(not, attributes));
  const value = attributes[attribute];
  const [op = '', wanted] = Object.entries(condition).find(([key]) => key !== 'attribute') ?? [];
  if (op === 'present') return (value !== undefined) === wanted;
  return value === undefined ? undefined : TESTS[op]?.(value as never, wanted as never);
}

const TESTS: Readonly<Record<string, (value: never, wanted: never) => boolean>> = {
  is: (value, wanted) => value === wanted,
  in: (value, wanted: readonly string[]) => wanted.includes(value),
  like: (value, wanted: string) => like(wanted, value),
  contains: (value: readonly string[], wanted: string) => value.includes(wanted),
  contains_any: (value: readonly string[], wanted: readonly string[]) =>
    wanted.some((one) => value.includes(one)),
  at_least: (value: number, wanted: number) => value >= wanted,
  at_most: (value: number, wanted: number) => value <= wanted,
};

const PATTERNS = new Map<string, RegExp>();
function like(pattern: string, text: Value): boolean {
  const known = PATTERNS.get(pattern);
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const regex = known ?? new RegExp(`^${source}$`, 's');
  PATTERNS.set(pattern, regex);
  return regex.test(String(text));
}
