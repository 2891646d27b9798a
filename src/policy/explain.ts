import { compileGlob } from '../domain/glob.ts';
import { type AdmitInput, type ClauseOutcome, type Explanation, type Verdict } from '../domain/policy.ts';
import { attribute, isAttributeName } from './attributes.ts';
import { attributesOf, clausesOf, conditionParts } from './clauses.ts';
import { effectiveRules } from './compile.ts';
import { type Facts, parseFacts } from './facts.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type PolicySet, type Rule } from './schema.ts';

/**
 * Reads the rules again, clause by clause, to say why a verdict is what it is. Nothing is kept between questions but what
 * belongs to the set.
 */
export function createExplain(
  set: PolicySet,
  hash: string,
  admit: (input: AdmitInput) => Verdict,
): (input: AdmitInput) => Explanation {
  const rules = effectiveRules(set);
  const holders = roleHolders(set.roles);
  return (input) => {
    const facts = parseFacts(input, set.purposes);
    const verdict = admit(input);
    const [id] = verdict.ruleIds;
    const deciding = rules.find((rule) => rule.id === id);
    const outcomesOf = (rule: Rule): readonly ClauseOutcome[] => outcomes(rule, facts, holders);
    const rule = deciding ?? nearest(rules, outcomesOf);
    const clauses = rule === undefined ? [] : outcomesOf(rule);
    const missing = rule === undefined ? [] : missingOf(rule, clauses, facts);
    const [first] = missing;
    const code =
      id === undefined || verdict.reason === 'no_matching_allow'
        ? 'no_matching_allow'
        : verdict.reason === 'attribute_missing'
          ? `attribute_missing:${first ?? 'unknown'}`
          : `${verdict.reason}:${id}`;
    return {
      policyHash: hash,
      verdict,
      code,
      rule: rule === undefined ? undefined : { id: rule.id, clauses },
      failed: deciding === undefined ? clauses.filter(({ held }) => held !== true) : [],
      missing,
    };
  };
}

/** The allow rule with the fewest clauses that do not hold; of equals one that is about this caller, then the first. */
function nearest(
  rules: readonly Rule[],
  outcomesOf: (rule: Rule) => readonly ClauseOutcome[],
): Rule | undefined {
  let best: Rule | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const rule of rules) {
    if (rule.effect !== 'allow') continue;
    let away = 0;
    for (const { clause, held } of outcomesOf(rule))
      if (held !== true) away += clause === 'subjects' ? 1.5 : 1;
    if (away >= least) continue;
    least = away;
    best = rule;
  }
  return best;
}

function outcomes(
  rule: Rule,
  facts: Facts,
  holders: ReadonlyMap<string, ReadonlySet<string>>,
): readonly ClauseOutcome[] {
  const { input, selectors } = facts;
  const subjects = expandSelectors(rule.subjects, holders);
  const some = (clause: string, patterns: readonly string[], value: string): ClauseOutcome => ({
    clause,
    held: patterns.some((pattern) => compileGlob(pattern)(value)),
  });
  const { when, ...others } = rule;
  const conditions = [...clausesOf(others), ...(when === undefined ? [] : conditionParts(when))];
  const { tenant } = input.principal;
  return [
    { clause: 'subjects', held: [...selectors].some((selector) => subjects.has(selector)) },
    { clause: 'tenants', held: rule.tenants === undefined || rule.tenants.includes(tenant) },
    {
      clause: 'operations',
      held: rule.operations.includes('*') || rule.operations.includes(input.operation),
    },
    some('models', rule.models, input.model),
    some('runners', rule.runners, input.destination.runner),
    ...conditions.map(({ name, predicate, attribute: asked }): ClauseOutcome => ({
      clause: name,
      held: predicate(facts),
      ...(asked === undefined ? {} : { attribute: asked }),
    })),
  ];
}

/** Attributes of the clauses that could not be answered, and that this call indeed lacks. */
function missingOf(rule: Rule, clauses: readonly ClauseOutcome[], facts: Facts): readonly string[] {
  const open = clauses.filter(({ held }) => held === undefined);
  if (open.length === 0) return [];
  const asked = new Set(
    open.flatMap((outcome) => (outcome.attribute === undefined ? [] : [outcome.attribute])),
  );
  if (rule.when !== undefined && open.some(({ clause }) => clause.startsWith('when')))
    for (const name of attributesOf(rule.when)) asked.add(name);
  return [...asked].filter((name) => isAttributeName(name) && attribute(name).read(facts) === undefined);
}
