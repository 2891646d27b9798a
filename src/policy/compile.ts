import { isTimed } from './check.ts';
import { allOf, compileCondition, type Predicate, type Truth } from './condition.ts';
import { type Facts } from './facts.ts';
import { compileGlob, type Glob } from '../domain/glob.ts';
import { CASBIN_MODEL, type Row } from './model.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type PolicySet, type Rule } from './schema.ts';

const MAX_ROWS = 1_000_000;

/** Every rule as rows for casbin, and what its functions need to judge them. */
export interface CompiledRules {
  /**
   * Denials first, in the order written, so that the first one to match decides and explains; then the allows, last
   * one first, because casbin explains an allow by the last row that matched: so the first rule written is named.
   */
  readonly rows: readonly Row[];
  readonly rules: ReadonlyMap<string, CompiledRule>;
  readonly functions: CasbinFunctions;
}

export interface CompiledRule {
  readonly effect: 'allow' | 'deny';
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

/** Throws a RangeError when the set expands to more rows than a process should hold. */
export function compileRules(set: PolicySet): CompiledRules {
  const holders = roleHolders(set.roles);
  const rules = new Map<string, CompiledRule>();
  const globs = new Map<string, Glob>();
  const denials: Row[][] = [];
  const allows: Row[][] = [];
  let count = 0;
  for (const rule of set.rules) {
    const predicates = rulePredicates(rule);
    rules.set(rule.id, { effect: rule.effect, truth: allOf(predicates), timed: isTimed(rule) });
    for (const pattern of [...rule.models, ...rule.runners]) globs.set(pattern, compileGlob(pattern));
    const subjects = expandSelectors(rule.subjects, holders);
    const { operations, models, runners, tenants = ['*'] } = rule;
    count += subjects.size * operations.length * models.length * runners.length * tenants.length;
    if (count > MAX_ROWS) throw new RangeError(`the policy set expands to more than ${MAX_ROWS} rows`);
    const rows = expandRows(rule, subjects, predicates.length === 0 ? 'always' : rule.id);
    (rule.effect === 'deny' ? denials : allows).push(rows);
  }
  return { rows: [...denials, ...allows.reverse()].flat(), rules, functions: createFunctions(rules, globs) };
}

/**
 * The set as casbin's own model and CSV, for `cordon policy show --casbin`. A plain enforcer over them, with
 * `functions` added, gives the same answers as the engine; `who` is the request's set of selectors.
 */
export function compileToCasbin(set: PolicySet): {
  readonly model: string;
  readonly csv: string;
  readonly functions: CasbinFunctions;
} {
  const { rows, functions } = compileRules(set);
  return { model: CASBIN_MODEL, csv: rows.map((row) => `p, ${row.join(', ')}\n`).join(''), functions };
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

/** The clauses of a rule that are more than equality and a glob. A missing purpose or region settles nothing. */
function rulePredicates({ purposes, regions, when, not_before, not_after }: Rule): readonly Predicate[] {
  const predicates: Predicate[] = [];
  if (not_before !== undefined || not_after !== undefined) {
    const from = not_before === undefined ? Number.NEGATIVE_INFINITY : Date.parse(not_before);
    const until = not_after === undefined ? Number.POSITIVE_INFINITY : Date.parse(not_after);
    predicates.push(({ input }) => input.nowMs >= from && input.nowMs < until);
  }
  if (purposes !== undefined) {
    predicates.push(({ purpose }) => (purpose === undefined ? undefined : purposes.includes(purpose)));
  }
  if (regions !== undefined) {
    const globs = regions.map(compileGlob);
    predicates.push(({ region }) =>
      region === undefined ? undefined : globs.some((matches) => matches(region)),
    );
  }
  if (when !== undefined) predicates.push(compileCondition(when));
  return predicates;
}

/** Each throws on what no compiled row can name: the snapshot turns a throw into a denial. */
function createFunctions(
  rules: ReadonlyMap<string, CompiledRule>,
  globs: ReadonlyMap<string, Glob>,
): CasbinFunctions {
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
      return truth ?? rule.effect === 'deny';
    },
  };
}
