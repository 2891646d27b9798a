import { newEnforcer, newModelFromString } from 'casbin';
import { type Verdict } from '../domain/policy.ts';
import { type CompiledRules, rowMatches } from './compile.ts';
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

export async function createJudge({ rows, rules, functions }: CompiledRules): Promise<Judge> {
  const enforcer = await newEnforcer(newModelFromString(CASBIN_MODEL));
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
   * At most two: the first denial that matches, for it decides and explains; and the last allow, which casbin would name.
   * Casbin judges each again: what is left out here could only have been refused or changed nothing.
   */
  const deciding = (facts: Facts, found: readonly Row[]): readonly Row[] => {
    const allows = found.filter((row) => row[FIELD.effect] === 'allow');
    const denial = found.find((row) => row[FIELD.effect] === 'deny' && rowMatches(functions, row, facts));
    const allow = allows.findLast((row) => rowMatches(functions, row, facts));
    return [denial, allow].filter((row) => row !== undefined);
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
    const denial = rule.truth(facts) === undefined ? 'attribute_missing' : 'matched_deny';
    const verdict: Verdict = {
      allow,
      reason: allow ? 'matched_allow' : denial,
      ruleIds: Object.freeze([id]),
    };
    return { verdict: Object.freeze(verdict), cacheable };
  };
}
