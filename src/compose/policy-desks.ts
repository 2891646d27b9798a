import { type Permit } from '../admin/permit.ts';
import { policyExceptionRoutes } from '../admin/routes/policy-exceptions.ts';
import { policyRoutes } from '../admin/routes/policy.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type Executor, type Proposals } from '../domain/proposal.ts';
import { type Ledger } from '../domain/record.ts';
import { type Route } from '../http/route-table.ts';
import { createVersionDesk, type DeskDeps } from '../policy/lifecycle/desk.ts';
import { createEmergencyDesk } from '../policy/lifecycle/emergencies.ts';
import { type PolicyDatabase } from './policy-database.ts';

/** Who changes the policy, and what is done once it was approved. */
export interface PolicyDesks {
  readonly executors: Readonly<Record<string, Executor>>;
  routes(permit: Permit, proposals: Proposals): readonly Route[];
}

export function openPolicyDesks(
  { store, builder, follower }: PolicyDatabase,
  deps: {
    readonly note: Ledger['note'];
    readonly clock: () => number;
    readonly createId: () => string;
    readonly keyring: Keyring;
  },
): PolicyDesks {
  const { note, clock, createId, keyring } = deps;
  const shared: DeskDeps = {
    ...{ store, builder, note, createId },
    now: clock,
    pseudonym: ({ tenant, issuer, subject }) =>
      keyring.reference(['admin', tenant, issuer, subject]).toString('hex'),
    changed: () => follower.poke(),
  };
  const desk = createVersionDesk(shared);
  const emergencies = createEmergencyDesk({
    ...shared,
    roles: async () => builder.rolesOf(follower.status()?.base ?? ''),
  });
  return {
    executors: { 'policy.activate': desk.execute, 'policy.rollback': desk.execute },
    routes: (permit, proposals) => [
      ...policyRoutes(permit, { store, follower, desk, proposals, clock }),
      ...policyExceptionRoutes(permit, emergencies),
    ],
  };
}
