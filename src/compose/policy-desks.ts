import { type Permit } from '../admin/permit.ts';
import { policyExceptionRoutes } from '../admin/routes/policy-exceptions.ts';
import { policyReplayRoutes } from '../admin/routes/policy-replay.ts';
import { createPolicyReplay, type ReplayDeps } from '../admin/policy-replay.ts';
import { policyRoutes } from '../admin/routes/policy.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type Executor, type Proposals } from '../domain/proposal.ts';
import { type Ledger } from '../domain/record.ts';
import { type Route } from '../http/route-table.ts';
import { createVersionDesk, type DeskDeps } from '../policy/lifecycle/desk.ts';
import { DENY_LIST } from '../detect/deny-list.ts';
import { createFalsePositiveDesk } from '../policy/lifecycle/false-positives.ts';
import { createEmergencyDesk } from '../policy/lifecycle/emergencies.ts';
import { type PolicyDatabase } from './policy-database.ts';

/** Who changes the policy, and what is done once it was approved. */
export interface PolicyDesks {
  readonly executors: Readonly<Record<string, Executor>>;
  routes(permit: Permit, proposals: Proposals): readonly Route[];
}

export function openPolicyDesks(
  { store, builder, follower, digest, packs }: PolicyDatabase,
  deps: {
    readonly note: Ledger['note'];
    readonly clock: () => number;
    readonly createId: () => string;
    readonly keyring: Keyring;
    readonly audit: ReplayDeps['audit'];
  },
): PolicyDesks {
  const { note, clock, createId, keyring, audit } = deps;
  const shared: DeskDeps = {
    ...{ store, builder, note, createId, packs },
    now: clock,
    pseudonym: ({ tenant, issuer, subject }) =>
      keyring.reference(['admin', tenant, issuer, subject]).toString('hex'),
    changed: () => follower.poke(),
  };
  const desk = createVersionDesk(shared);
  const emergencies = createEmergencyDesk({
    ...shared,
    roles: async () => Object.keys((await builder.setOf(follower.status()?.base ?? '')).roles),
  });
  const replay = createPolicyReplay({
    ...{ audit, store, builder, note, clock },
    pseudonym: shared.pseudonym,
  });
  const falsePositives = createFalsePositiveDesk({
    ...shared,
    digest,
    findSpan: (...asked) => replay.findSpan(...asked),
    isUndisputable: (recognizer) => recognizer === DENY_LIST,
  });
  return {
    executors: {
      'policy.activate': desk.execute,
      'policy.rollback': desk.execute,
      'policy.false-positive': falsePositives.execute,
    },
    routes: (permit, proposals) => [
      ...policyRoutes(permit, { store, follower, desk, proposals, clock }),
      ...policyExceptionRoutes(permit, emergencies),
      ...policyReplayRoutes(permit, { replay, falsePositives, proposals }),
    ],
  };
}
