import { compileGlob, type Glob } from '../domain/glob.ts';
import { isTimed, PACK_ALLOW, UNDECLARED_PURPOSE } from './check.ts';
import { clausesOf } from './clauses.ts';
import { allOf, type Truth } from './condition.ts';
import { type Facts } from './facts.ts';
import { FIELD, type Row } from './model.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type PolicySet, type Rule } from './schema.ts';

const MAX_ROWS = 1_000_000;

/** Every rule as rows for casbin, and what its functions need to judge them. */
export interface CompiledRules {
  /**
   * Denials first, in the order written, so that the first one to match decides and explains; then the allows, last
   * one first, because casbin explains an allow by the last row that matched: so the first rule written is named. Then
   * those that only oblige, which casbin passes over.
   */
  readonly rows: readonly Row[];
  readonly rules: ReadonlyMap<string, CompiledRule>;
  readonly functions: CasbinFunctions;
}

export interface CompiledRule {
  readonly effect: Rule['effect'];
  /** Undefined: some attribute is missing (see condition.ts). */
  readonly truth: (facts: Facts) => Truth;
  /** Its answer may change with the clock, so a decision that looked at it is not cached. */
  readonly timed: boolean;
}

/** What the model calls: `holds(who, selector)`, `glob(text, pattern)` and `cond(ctx, id)`. */
export interface CasbinFunctions {
  readonly holds: (who: ReadonlySet<string>, selector: string) => boolean;
  readonly glob: (text: string, pattern: string) => boolean;
  readonly cond: (facts: Facts, id: string) => boolean;
}

const EVERYTHING = { subjects: ['any'], operations: ['*'], models: ['*'], runners: ['*'] } as const;

/** The rules as written and those that a set has without writing them. A denial of opaque content alone is not among them. */
export function effectiveRules(set: PolicySet): readonly Rule[] {
  return allRules(set).filter(({ effect, opaque }) => effect !== 'deny' || opaque !== true);
}

/** What decides about content that nobody can read: every denial, and those allows alone that let it pass. */
export function opaqueRules(set: PolicySet): readonly Rule[] {
  return allRules(set).filter(({ effect, opaque }) => effect === 'deny' || opaque === true);
}

function allRules(set: PolicySet): readonly Rule[] {
  const undeclared: Rule = {
    ...{ id: UNDECLARED_PURPOSE, effect: 'deny', ...EVERYTHING },
    when: {
      all: [
        { attribute: 'purpose', test: { op: 'present', value: true } },
        { attribute: 'purpose.lawful_basis', test: { op: 'present', value: false } },
      ],
    },
  };
  const others: Rule = { id: PACK_ALLOW, effect: 'allow', opaque: true, ...EVERYTHING };
  return [
    ...(Object.keys(set.purposes).length === 0 ? [] : [undeclared]),
    ...set.rules,
    ...(set.kind === 'pack' ? [others] : []),
  ];
}

/** Throws a RangeError when the set expands to more rows than a process should hold. */
export function compileRules(set: PolicySet, chosen: readonly Rule[] = effectiveRules(set)): CompiledRules {
  const holders = roleHolders(set.roles);
  const rules = new Map<string, CompiledRule>();
  const patterns = new Set<string>();
  const rows: Readonly<Record<Rule['effect'], Row[][]>> = { deny: [], allow: [], oblige: [] };
  let count = 0;
  for (const rule of chosen) {
    const clauses = clausesOf(rule);
    const truth = allOf(clauses.map(({ predicate }) => predicate));
    rules.set(rule.id, { effect: rule.effect, truth, timed: isTimed(rule) });
    for (const pattern of [...rule.models, ...rule.runners]) patterns.add(pattern);
    const subjects = expandSelectors(rule.subjects, holders);
    const { operations, models, runners, tenants = ['*'] } = rule;
    count += subjects.size * operations.length * models.length * runners.length * tenants.length;
    if (count > MAX_ROWS) throw new RangeError(`the policy set expands to more than ${MAX_ROWS} rows`);
    rows[rule.effect].push(expandRows(rule, subjects, clauses.length === 0 ? 'always' : rule.id));
  }
  return {
    rows: [...rows.deny, ...rows.allow.reverse(), ...rows.oblige].flat(),
    rules,
    functions: createFunctions(rules, patterns),
  };
}

function expandRows(rule: Rule, subjects: ReadonlySet<string>, condition: string): Row[] {
  const rows: Row[] = [];
  for (const subject of subjects) {
    for (const tenant of rule.tenants ?? ['*']) {
      for (const operation of rule.operations) {
        for (const model of rule.models) {
          for (const runner of rule.runners) {
            rows.push([subject, tenant, operation, model, runner, condition, rule.effect, rule.id]);
          }
        }
      }
    }
  }
  return rows;
}

/** The clauses of the model that the index (row-index.ts) does not settle, over the same functions as casbin's. */
export function rowMatches({ glob, cond }: CasbinFunctions, row: Row, facts: Facts): boolean {
  const { model, destination } = facts.input;
  return (
    glob(model, row[FIELD.model]) &&
    glob(destination.runner, row[FIELD.runner]) &&
    (row[FIELD.cond] === 'always' || cond(facts, row[FIELD.cond]))
  );
}

/** Each throws on what no compiled row can name: the snapshot turns a throw into a denial. */
export function createFunctions(
  rules: ReadonlyMap<string, Pick<CompiledRule, 'effect' | 'truth'>>,
  patterns: ReadonlySet<string>,
): CasbinFunctions {
  const globs = new Map<string, Glob>();
  for (const pattern of patterns) globs.set(pattern, compileGlob(pattern));
  return {
    holds: (who, selector) => who.has(selector),
    glob: (text, pattern) => {
      const matches = globs.get(pattern);
      if (matches === undefined) throw new TypeError('a row names a glob that was not compiled');
      return matches(text);
    },
    cond: (facts, id) => {
      const rule = rules.get(id);
      if (rule === undefined) throw new TypeError('a row names a condition that was not compiled');
      const truth = rule.truth(facts);
      // What is missing must not open a way: it makes no grant, and it is no way around a denial or an obligation.
      return truth ?? rule.effect !== 'allow';
    },
  };
}
