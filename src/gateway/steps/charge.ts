import { CordonError } from '../../domain/errors.ts';
import { type Obligation, type Verdict } from '../../domain/policy.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Exhausted, type Quota } from '../../domain/quota.ts';
import { type Trail } from '../trail.ts';

const TOLD: Readonly<Record<Exhausted['code'], string>> = {
  too_many_requests: 'The policy grants this caller no more calls at present; try again later.',
  budget_exhausted: 'The budget that the policy grants this caller is used up.',
};

/**
 * Counts the call against everything it owes at any of the places it may go to, once each. Returns a check that throws
 * for a place whose rule has nothing left: such a one is left out like any that is refused.
 */
export async function charge(
  quota: Quota,
  principal: Principal,
  owed: readonly (readonly Obligation[])[],
): Promise<(obligations: readonly Obligation[]) => void> {
  const single = new Map(owed.flat().map((obligation) => [obligation.ruleId, obligation]));
  const counted = [...single.values()].filter(
    ({ rateLimit, budget }) => rateLimit !== undefined || budget !== undefined,
  );
  const exhausted = counted.length === 0 ? [] : await quota.take(principal, counted);
  return (obligations) => {
    const hits = exhausted.filter(({ ruleId }) => obligations.some((one) => one.ruleId === ruleId));
    const [first] = [...hits].sort((a, b) => b.retryAfterS - a.retryAfterS);
    if (first === undefined) return;
    const { code, ruleId, retryAfterS } = first;
    throw new CordonError(code, TOLD[code], { detail: ruleId, retryAfterS });
  };
}

/** For a call that has one place to go to. Notes what it owes, for the record and for what it will use. */
export async function chargeOne(
  quota: Quota,
  principal: Principal,
  { obligations = [] }: Verdict,
  trail: Pick<Trail, 'findings'>,
): Promise<void> {
  const check = await charge(quota, principal, [obligations]);
  check(obligations);
  trail.findings.obligations = obligations;
}
