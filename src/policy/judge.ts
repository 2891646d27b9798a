import { Enforcer, FunctionMap, newEnforcerWithClass, newModelFromString } from 'casbin';
import { type ReasonCode, type Verdict } from '../domain/policy.ts';
import { type CompiledRule, type CompiledRules, rowMatches } from './compile.ts';
import { type Facts } from './facts.ts';
import { CASBIN_MODEL, FIELD, type Row } from './model.ts';
import { createRowIndex } from './row-index.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** True when no rule that was looked at depends on time. */
  readonly cacheable: boolean;
}

/** Decides by casbin over the candidate rows. Throws when casbin or a condition does. */
export type Judge = (facts: Facts) => Judgement;

export const NO_MATCHING_ALLOW: Verdict = Object.freeze({
  allow: false,
  reason: 'no_matching_allow',
  ruleIds: Object.freeze([]),
});

/** Knows the functions of our model alone; casbin copies all that it knows for each row of each decision. */
class BareEnforcer extends Enforcer {
  protected override fm = new FunctionMap();
}

export async function createJudge({ rows, rules, functions }: CompiledRules): Promise<Judge> {
  const enforcer = await newEnforcerWithClass(BareEnforcer, newModelFromString(CASBIN_MODEL));
  await enforcer.addFunction('holds', functions.holds);
  await enforcer.addFunction('glob', functions.glob);
  await enforcer.addFunction('cond', functions.cond);
  const table = enforcer.getModel().model.get('p')?.get('p');
  if (table === undefined) throw new TypeError('the casbin model has no policy definition');
  const candidates = createRowIndex(rows);
  const untimed = ![...rules.values()].some(({ timed }) => timed);

  /**
   * Casbin scans its whole table for each decision, so it is handed the rows that can decide and no others. The swap
   * cannot be seen from outside: from here to `finally` nothing awaits, and this enforcer is nobody else's.
   */
  const enforce = (facts: Facts, chosen: readonly Row[]): readonly [boolean, readonly string[]] => {
    const { input, selectors } = facts;
    const { principal, operation, model, destination } = input;
    table.policy = chosen as string[][] & readonly Row[];
    try {
      return enforcer.enforceExSync(selectors, principal.tenant, operation, model, destination.runner, facts);
    } finally {
      table.policy = [];
    }
  };

  /**
   * The first denial that matches, for it decides and explains; else the last allow, which casbin would name. Denials stand
   * before allows. Casbin judges the row again: what is left out here could only have been refused or changed nothing.
   */
  const deciding = (facts: Facts, found: readonly Row[]): readonly Row[] => {
    let last = -1;
    for (let at = 0; at < found.length; at++) {
      const row = found[at];
      if (row?.[FIELD.effect] === 'deny' && rowMatches(functions, row, facts)) return [row];
      if (row?.[FIELD.effect] === 'allow') last = at;
    }
    for (let at = last; at >= 0; at--) {
      const row = found[at];
      if (row?.[FIELD.effect] === 'allow' && rowMatches(functions, row, facts)) return [row];
    }
    return [];
  };

  return (facts) => {
    const found = candidates(facts);
    const chosen = deciding(facts, found);
    const cacheable = untimed || !found.some((row) => rules.get(row[FIELD.rule])?.timed !== false);
    // Casbin judges an empty table as if it held one blank row, so it is not asked.
    if (chosen.length === 0) return { verdict: NO_MATCHING_ALLOW, cacheable };
    const [allow, row] = enforce(facts, chosen);
    const id = row[FIELD.rule];
    const rule = id === undefined ? undefined : rules.get(id);
    if (id === undefined || rule === undefined) {
      if (allow) throw new TypeError('casbin allowed without naming a rule');
      return { verdict: NO_MATCHING_ALLOW, cacheable };
    }
    if (allow !== (rule.effect === 'allow')) throw new TypeError('casbin names a rule of the other effect');
    return {
      verdict: Object.freeze({ allow, reason: reasonOf(rule, facts), ruleIds: Object.freeze([id]) }),
      cacheable,
    };
  };
}

function reasonOf({ effect, truth }: CompiledRule, facts: Facts): ReasonCode {
  if (effect === 'allow') return 'matched_allow';
  return truth(facts) === undefined ? 'attribute_missing' : 'matched_deny';
}
