import { type AdmitInput } from '../../src/domain/policy.ts';

/**
 * What a decision should be, in the fewest words: no index, no cache, no casbin, no compiled conditions. It reads the
 * set as written (JSON), so it shares no code with what it judges.
 */
export interface ReferenceSet {
  readonly roles: Readonly<
    Record<string, { readonly members?: readonly string[]; readonly inherits?: readonly string[] }>
  >;
  readonly rules: readonly ReferenceRule[];
}

export interface ReferenceRule {
  readonly id: string;
  readonly effect: string;
  readonly subjects: readonly string[];
  readonly tenants?: readonly string[];
  readonly operations: readonly string[];
  readonly models: readonly string[];
  readonly runners: readonly string[];
  readonly purposes?: readonly string[];
  readonly regions?: readonly string[];
  readonly when?: { readonly attribute: string; readonly is: string };
  readonly not_after?: string;
}

type Answer = 'yes' | 'no' | 'missing';

export function decide(
  set: ReferenceSet,
  input: AdmitInput,
): { allow: boolean; reason: string; ruleIds: string[] } {
  const held = selectors(set, input);
  const answers = set.rules.map((rule) => [rule, judge(rule, held, input)] as const);
  const denial = answers.find(([rule, answer]) => rule.effect === 'deny' && answer !== 'no');
  if (denial !== undefined) {
    const reason = denial[1] === 'missing' ? 'attribute_missing' : 'matched_deny';
    return { allow: false, reason, ruleIds: [denial[0].id] };
  }
  const grant = answers.find(([rule, answer]) => rule.effect === 'allow' && answer === 'yes');
  if (grant !== undefined) return { allow: true, reason: 'matched_allow', ruleIds: [grant[0].id] };
  return { allow: false, reason: 'no_matching_allow', ruleIds: [] };
}

function selectors({ roles }: ReferenceSet, { principal }: AdmitInput): Set<string> {
  const { tenant, subject, groups } = principal;
  const held = new Set([
    'any',
    `tenant:${tenant}`,
    `subject:${subject}`,
    ...groups.map((group) => `group:${group}`),
  ]);
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

function judge(rule: ReferenceRule, held: ReadonlySet<string>, input: AdmitInput): Answer {
  const { principal, destination } = input;
  const purpose = principal.purposes.includes(input.purpose ?? '') ? input.purpose : undefined;
  const region = destination.region === 'unknown' ? undefined : destination.region;
  const attributes: Record<string, string | undefined> = {
    purpose,
    'destination.region': region,
    model: input.model,
  };
  const answers: Answer[] = [
    yes(rule.subjects.some((subject) => held.has(subject))),
    yes((rule.tenants ?? ['*']).some((tenant) => tenant === '*' || tenant === principal.tenant)),
    yes(rule.operations.some((operation) => operation === '*' || operation === input.operation)),
    yes(rule.models.some((model) => like(model, input.model))),
    yes(rule.runners.some((runner) => like(runner, destination.runner))),
    yes(rule.not_after === undefined || input.nowMs < Date.parse(rule.not_after)),
    rule.purposes === undefined ? 'yes' : some(purpose, rule.purposes, (a, b) => a === b),
    rule.regions === undefined ? 'yes' : some(region, rule.regions, like),
    rule.when === undefined
      ? 'yes'
      : some(attributes[rule.when.attribute], [rule.when.is], (a, b) => a === b),
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('missing') ? 'missing' : 'yes';
}

const yes = (holds: boolean): Answer => (holds ? 'yes' : 'no');

function some(
  value: string | undefined,
  options: readonly string[],
  fits: (a: string, b: string) => boolean,
): Answer {
  return value === undefined ? 'missing' : yes(options.some((option) => fits(option, value)));
}

function like(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(
    text,
  );
}
