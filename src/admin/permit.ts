import { CordonError } from '../domain/errors.ts';
import { type PolicyEngine } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type Ledger } from '../domain/record.ts';

export interface PermitDeps {
  /** The control plane's own; see policies/admin.yaml. */
  readonly policy: PolicyEngine;
  readonly note: Ledger['note'];
  readonly clock: () => number;
  /** Keyed pseudonym of a person, hex. */
  readonly pseudonym: (principal: Principal) => string;
}

/** Resolves when the policy allows the act. A refusal is recorded before it is told. */
export type Permit = (principal: Principal, operation: string, requestId: string) => Promise<void>;

/** There is one place that admin calls go to and no model; rules name both as `*` or like this. */
const CONTROL_PLANE = { runner: 'control-plane', trust: 'internal', region: 'local' } as const;
const NO_MODEL = '-';

export function createPermit({ policy, note, clock, pseudonym }: PermitDeps): Permit {
  return async (principal, operation, requestId) => {
    const snapshot = policy.current();
    const { allow, reason, ruleIds } = snapshot.admit({
      principal,
      operation,
      model: NO_MODEL,
      destination: CONTROL_PLANE,
      purpose: undefined,
      nowMs: clock(),
    });
    if (allow) return;
    await note({
      type: 'ADMIN_REFUSED',
      atMs: clock(),
      tenant: principal.tenant,
      data: {
        requestId,
        operation,
        reason,
        rules: ruleIds,
        policy: snapshot.hash,
        person: pseudonym(principal),
      },
    });
    throw new CordonError(
      reason === 'matched_deny' ? 'matched_deny' : 'no_matching_allow',
      `The policy of the control plane does not allow you ${operation}; ask who administers it for a role that does.`,
    );
  };
}
