import { compileGlob } from '../domain/glob.ts';
import { type Finding } from './problem.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type PolicySet, type Rule } from './schema.ts';
import { didYouMean } from './suggest.ts';

export type LintKind =
  | 'allow_everything'
  | 'disclose_everything'
  | 'duplicate'
  | 'expired'
  | 'shadowed'
  | 'too_large'
  | 'unknown_model'
  | 'unknown_runner'
  | 'unowned'
  | 'unreachable'
  | 'unused_role'
  | 'wildcard_without_expiry';

/** What is not wrong and yet seldom meant. `info` asks for nothing. */
export interface LintFinding extends Finding {
  readonly kind: LintKind;
  readonly severity: 'warning' | 'info';
}

export interface LintContext {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Ids of the runners of this installation. Left out: unknown, and not asked. */
  readonly runners?: readonly string[];
  /** Globs of the models that they serve. */
  readonly models?: readonly string[];
}

/** Beyond this, comparing each rule with each would take longer than anybody waits. */
const MAX_COMPARED = 3_000;

/** Looks at a sound set for rules that say nothing, say too much, or speak of what is not there. */
export function lintSet(set: PolicySet, context: LintContext): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const holders = roleHolders(set.roles);
  const prepared = set.rules.map((rule) => ({ rule, subjects: expandSelectors(rule.subjects, holders) }));
  for (const [index, rule] of set.rules.entries()) findings.push(...lintRule(rule, index, context));
  if (prepared.length > MAX_COMPARED) {
    const message = `more than ${MAX_COMPARED} rules: they were not compared with each other`;
    findings.push({ kind: 'too_large', severity: 'info', path: ['rules'], at: 'key', message });
  } else findings.push(...compareRules(prepared));
  findings.push(...lintHandling(set), ...unusedRoles(set));
  return findings;
}

function lintRule(rule: Rule, index: number, context: LintContext): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const path = ['rules', index] as const;
  const warn = (kind: LintKind, part: readonly (string | number)[], message: string): void => {
    findings.push({ kind, severity: 'warning', path: [...path, ...part], message });
  };
  if (rule.not_after !== undefined && Date.parse(rule.not_after) <= context.nowMs)
    warn('expired', ['not_after'], 'this rule has ended; remove it, or give it a later end');
  const wild = [rule.operations, rule.models, rule.runners].every((list) => list.includes('*'));
  if (rule.effect === 'allow' && wild) {
    if (rule.subjects.includes('any') && isUnconditional(rule))
      warn('allow_everything', ['subjects'], 'this allows everybody everything; name who, what or where');
    else if (rule.not_after === undefined && isUnconditional(rule))
      warn(
        'wildcard_without_expiry',
        ['id'],
        'this allows any operation on any model at any runner for ever; name some, or add not_after',
      );
  }
  const { runners, models } = context;
  for (const [at, pattern] of rule.runners.entries()) {
    if (runners === undefined || runners.some(compileGlob(pattern))) continue;
    warn(
      'unknown_runner',
      ['runners', at],
      `no runner of this installation is called so; there are ${runners.join(', ')}${didYouMean(pattern, runners)}`,
    );
  }
  for (const [at, pattern] of rule.models.entries()) {
    // A glob and a glob may meet where neither matches the other's text; only plain names are sure.
    if (models === undefined || pattern.includes('*') || pattern === '-') continue;
    if (models.some((served) => compileGlob(served)(pattern))) continue;
    warn(
      'unknown_model',
      ['models', at],
      `no runner of this installation serves this model${didYouMean(pattern, models)}`,
    );
  }
  if (rule.owner === undefined && rule.ticket === undefined) {
    const message = 'nobody is named for this rule; add owner or ticket';
    findings.push({ kind: 'unowned', severity: 'info', path: [...path, 'id'], message });
  }
  return findings;
}

interface Prepared {
  readonly rule: Rule;
  readonly subjects: ReadonlySet<string>;
}

function compareRules(rules: readonly Prepared[]): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  for (const [index, inner] of rules.entries()) {
    const outer = rules.find((other, at) => other !== inner && hides(other, at, inner, index));
    if (outer === undefined) continue;
    const same = outer.rule.effect === inner.rule.effect;
    const kind = !same ? 'unreachable' : covers(inner, outer) ? 'duplicate' : 'shadowed';
    const message = {
      unreachable: `the denial ${outer.rule.id} covers all that this allows`,
      duplicate: `this says the same as ${outer.rule.id}; keep one of them`,
      shadowed: `${outer.rule.id} covers all of this; remove one of them`,
    }[kind];
    findings.push({ kind, severity: 'warning', path: ['rules', index, 'id'], message });
  }
  return findings;
}

/** Whether `inner` changes nothing where `outer` stands. Of two that say the same, the later one changes nothing. */
function hides(outer: Prepared, outerAt: number, inner: Prepared, innerAt: number): boolean {
  const { effect, opaque, obligations } = inner.rule;
  if (effect === 'oblige' || obligations !== undefined || !covers(outer, inner)) return false;
  if (outer.rule.effect === 'deny' && outer.rule.opaque !== true) return effect === 'allow' || before();
  return outer.rule.effect === effect && (opaque !== true || outer.rule.opaque === true) && before();

  function before(): boolean {
    return outerAt < innerAt || !covers(inner, outer);
  }
}

/** Whether every call that `inner` matches, `outer` matches too; false when that is not sure. */
function covers(outer: Prepared, inner: Prepared): boolean {
  const [a, b] = [outer.rule, inner.rule];
  return (
    (outer.subjects.has('any') || [...inner.subjects].every((subject) => outer.subjects.has(subject))) &&
    includes(a.tenants, b.tenants) &&
    b.operations.every((one) => a.operations.includes('*') || a.operations.includes(one)) &&
    within(a.models, b.models) &&
    within(a.runners, b.runners) &&
    includes(a.purposes, b.purposes) &&
    (a.regions === undefined || (b.regions !== undefined && within(a.regions, b.regions))) &&
    (a.when === undefined || JSON.stringify(a.when) === JSON.stringify(b.when)) &&
    (a.not_before === undefined ||
      (b.not_before !== undefined && Date.parse(a.not_before) <= Date.parse(b.not_before))) &&
    (a.not_after === undefined ||
      (b.not_after !== undefined && Date.parse(a.not_after) >= Date.parse(b.not_after)))
  );
}

function includes(outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean {
  return outer === undefined || (inner?.every((one) => outer.includes(one)) ?? false);
}

/** A glob that matches another one's text, stars and all, matches whatever the other does. */
function within(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((pattern) => outer.some((wider) => compileGlob(wider)(pattern)));
}

function isUnconditional({ tenants, purposes, regions, when }: Rule): boolean {
  return [tenants, purposes, regions, when].every((clause) => clause === undefined);
}

function lintHandling(set: PolicySet): readonly LintFinding[] {
  return set.handling.flatMap(({ entities, handling, subjects, destinations }, index): LintFinding[] => {
    const everywhere =
      subjects === undefined && Object.values(destinations).every((part) => part === undefined);
    if (handling !== 'disclose' || !entities.includes('*') || !everywhere) return [];
    const message = 'this sends all personal data as it is, whoever asks and wherever it goes';
    return [
      { kind: 'disclose_everything', severity: 'warning', path: ['handling', index, 'handling'], message },
    ];
  });
}

function unusedRoles(set: PolicySet): readonly LintFinding[] {
  const used = new Set([
    ...[...set.rules, ...set.handling, ...set.output].flatMap(({ subjects = [] }) => subjects),
    ...Object.values(set.roles).flatMap(({ inherits, members }) => [
      ...inherits.map((role) => `role:${role}`),
      ...members,
    ]),
  ]);
  return Object.entries(set.roles).flatMap(([role, { inherits }]): LintFinding[] => {
    if (used.has(`role:${role}`) || inherits.length > 0) return [];
    const message = 'no rule asks for this role';
    return [{ kind: 'unused_role', severity: 'info', path: ['roles', role], at: 'key', message }];
  });
}
