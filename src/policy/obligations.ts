import { type Obligation } from '../domain/policy.ts';
import { type CompiledRules, rowMatches } from './compile.ts';
import { type Facts } from './facts.ts';
import { FIELD } from './model.ts';
import { createRowIndex } from './row-index.ts';
import { type Rule } from './schema.ts';

export interface Owed {
  readonly obligations: readonly Obligation[];
  /** True when no rule that was looked at depends on time. */
  readonly cacheable: boolean;
}

const NOTHING: Owed = Object.freeze({ obligations: Object.freeze([]), cacheable: true });

/**
 * What an allowed call owes: the obligations of every rule that matches it, whether or not it is the one that the verdict
 * names, in the order written. A rule is matched by the clauses of the casbin model over the same rows.
 */
export function createObligations(
  written: readonly Rule[],
  { rows, rules, functions }: CompiledRules,
): (facts: Facts) => Owed {
  const owed = new Map<string, { readonly place: number; readonly obligation: Obligation }>();
  for (const [place, rule] of written.entries()) {
    const obligation = obligationOf(rule);
    if (obligation !== undefined) owed.set(rule.id, { place, obligation });
  }
  if (owed.size === 0) return () => NOTHING;
  const candidates = createRowIndex(rows.filter((row) => owed.has(row[FIELD.rule])));
  return (facts) => {
    const chosen = candidates(facts);
    if (chosen.length === 0) return NOTHING;
    const matched = new Set<string>();
    for (const row of chosen) {
      const id = row[FIELD.rule];
      if (!matched.has(id) && rowMatches(functions, row, facts)) matched.add(id);
    }
    // By what matched and not by what there is: a set may have a hundred thousand rules that oblige others.
    const obligations = [...matched]
      .flatMap((id) => owed.get(id) ?? [])
      .sort((a, b) => a.place - b.place)
      .map(({ obligation }) => obligation);
    return {
      obligations: Object.freeze(obligations),
      cacheable: !chosen.some((row) => rules.get(row[FIELD.rule])?.timed !== false),
    };
  };
}

function obligationOf({ id, obligations }: Rule): Obligation | undefined {
  if (obligations === undefined) return undefined;
  const { rate_limit: rateLimit, budget, retention } = obligations;
  return Object.freeze({
    ruleId: id,
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(budget === undefined ? {} : { budget: budgetOf(budget) }),
    ...(retention === undefined ? {} : { retention }),
  });
}

/** In words: `60 calls in 60 s per principal; 5000000 tokens a month per tenant; kept as medical`. */
export function describeObligation({ rateLimit, budget, retention }: Obligation): string {
  return [
    ...(rateLimit === undefined
      ? []
      : [`${rateLimit.points} calls in ${rateLimit.seconds} s per ${rateLimit.per}`]),
    ...(budget === undefined
      ? []
      : [
          `${budget.amount} ${budget.of} ${budget.window === 'hour' ? 'an' : 'a'} ${budget.window} per ${budget.per}`,
        ]),
    ...(retention === undefined ? [] : [`kept as ${retention}`]),
  ].join('; ');
}

/** check.ts has seen that one of the amounts is there. */
function budgetOf({
  per,
  window,
  tokens,
  requests,
}: NonNullable<NonNullable<Rule['obligations']>['budget']>): NonNullable<Obligation['budget']> {
  return tokens === undefined
    ? { per, window, of: 'requests', amount: requests ?? 0 }
    : { per, window, of: 'tokens', amount: tokens };
}
