import { type Obligation } from './policy.ts';
import { type Principal } from './principal.ts';

/** What a call was refused for: a rule whose rate or budget is used up. */
export interface Exhausted {
  readonly ruleId: string;
  readonly code: 'too_many_requests' | 'budget_exhausted';
  /** Whole seconds until something is granted again, at least 1. */
  readonly retryAfterS: number;
}

/** Counts what calls use of what policies grant, for all processes together. */
export interface Quota {
  /**
   * Counts one call against each obligation; resolves to those that had nothing left. A call that is refused counts all
   * the same. Rejects with `quota_unavailable` when nobody can say: then nothing may be granted.
   */
  take(principal: Principal, obligations: readonly Obligation[]): Promise<readonly Exhausted[]>;
  /** Counts tokens, once they are known, against the budgets of tokens. Rejects with `quota_unavailable`. */
  spend(principal: Principal, obligations: readonly Obligation[], tokens: number): Promise<void>;
}
