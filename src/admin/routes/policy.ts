import { z } from 'zod';
import { CordonError } from '../../domain/errors.ts';
import { type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type VersionDesk } from '../../policy/lifecycle/desk.ts';
import { type PolicyFollower } from '../../policy/lifecycle/follower.ts';
import { overviewOf } from '../../policy/lifecycle/overview.ts';
import { type ExceptionEntry, type PolicyStore } from '../../policy/lifecycle/ports.ts';
import { type Permit } from '../permit.ts';
import {
  activationJson,
  exceptionJson,
  hereJson,
  inForceJson,
  receiptJson,
  simulatedJson,
  versionJson,
} from '../policy-json.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';

export interface PolicyRouteDeps {
  readonly store: PolicyStore;
  readonly follower: Pick<PolicyFollower, 'status'>;
  readonly desk: VersionDesk;
  readonly proposals: Proposals;
  readonly clock: () => number;
}

const TAG = 'Policy';
export const HASH = z.string().regex(/^[0-9a-f]{64}$/, 'write the version as it was shown: 64 hex digits');
export const NOTE = z.string().min(1, 'say why').max(2_000);
export const TICKET = z.string().max(200).default('');
export const INSTANT = z.iso.datetime({
  offset: true,
  error: 'write a time with its zone, such as 2027-01-31T00:00:00Z',
});
/** Sets with many rules are large. */
export const MAX_BUNDLE_BYTES = 32 * 1024 * 1024;

/** Versions of the policy: what there is, what is in force where, and what a second person must approve. */
export function policyRoutes(permit: Permit, deps: PolicyRouteDeps): readonly Route[] {
  return [statusRoute(permit, deps), ...readRoutes(permit, deps), ...changeRoutes(permit, deps)];
}

function statusRoute(permit: Permit, { store, follower, clock }: PolicyRouteDeps): Route {
  return adminRoute(permit, {
    id: 'getPolicyStatus',
    method: 'GET',
    path: '/policy',
    tag: TAG,
    summary:
      'What is in force since when, what each process enforces, what is scheduled, what waits for a review',
    operation: 'policy.read',
    handle: async ({ principal }) => {
      const now = clock();
      const [inForce, receipts, activations, exceptions, unreviewed] = await Promise.all([
        store.settle(),
        store.receipts(),
        store.activations(),
        store.exceptions(),
        store.unreviewed(),
      ]);
      const here = follower.status();
      const standing = exceptions.filter(
        (one) => (one.endedMs ?? one.untilMs) > now && isShownTo(principal.tenant, one),
      );
      const scheduled = activations.filter((one) => one.fromMs > now && one.withdrawnMs === undefined);
      return {
        in_force: inForce === undefined ? null : inForceJson(inForce),
        here: here === undefined ? null : hereJson(here),
        receipts: receipts.map((receipt) => receiptJson(receipt, now)),
        scheduled: scheduled.map(activationJson),
        exceptions: standing.map((entry) => exceptionJson(entry, now)),
        reviews_outstanding: unreviewed,
      };
    },
  });
}

/** Versions and emergencies are everybody's; what two people of a tenant agreed to be no find is that tenant's. */
function isShownTo(tenant: string, { exception }: ExceptionEntry): boolean {
  return exception.kind !== 'false_positive' || exception.tenant === tenant;
}

function readRoutes(permit: Permit, { store, clock }: PolicyRouteDeps): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'listPolicyVersions',
      method: 'GET',
      path: '/policy/versions',
      tag: TAG,
      summary: 'Every version with its state and who had it activated, newest first',
      operation: 'policy.read',
      handle: async () => {
        const [versions, activations, simulations, inForce] = await Promise.all([
          store.versions(),
          store.activations(),
          store.simulations(),
          store.settle(),
        ]);
        const items = overviewOf({ versions, activations, simulations, inForce }, clock());
        return { items: items.map(versionJson) };
      },
    }),
    adminRoute(permit, {
      id: 'getPolicyVersion',
      method: 'GET',
      path: '/policy/versions/{version}',
      tag: TAG,
      summary: 'The text of one version, with all that it includes; `active` is the one in force',
      operation: 'policy.read',
      refusals: ['not_found'],
      handle: async ({ parameters }) => {
        const asked = parameters['version'] ?? '';
        const version = asked === 'active' ? ((await store.settle())?.base ?? '') : asked;
        const bundle = HASH.safeParse(version).success ? await store.bundle(version) : undefined;
        if (bundle === undefined)
          throw new CordonError('not_found', 'There is no such version of the policy.');
        return { version, bundle: z.record(z.string(), z.json()).parse(JSON.parse(bundle)) };
      },
    }),
    adminRoute(permit, {
      id: 'getPolicyHistory',
      method: 'GET',
      path: '/policy/history',
      tag: TAG,
      summary: 'What was in force from when, newest first; exceptions and simulations too',
      operation: 'policy.read',
      handle: async ({ principal }) => {
        const [history, exceptions, simulations] = await Promise.all([
          store.history(500),
          store.exceptions(),
          store.simulations(),
        ]);
        return {
          items: history.map(inForceJson),
          exceptions: exceptions
            .filter((entry) => isShownTo(principal.tenant, entry))
            .map((entry) => exceptionJson(entry, clock())),
          simulations: simulations.map(simulatedJson),
        };
      },
    }),
  ];
}

function changeRoutes(permit: Permit, { desk, proposals }: PolicyRouteDeps): readonly Route[] {
  const activation = z.strictObject({
    version: HASH,
    from: INSTANT.optional(),
    until: INSTANT.optional(),
    note: NOTE,
  });
  const propose = (
    id: string,
    kind: 'policy.activate' | 'policy.rollback',
    path: string,
    summary: string,
  ): Route =>
    adminRoute(permit, {
      ...{ id, path, summary },
      method: 'POST',
      tag: TAG,
      operation: kind,
      body: activation,
      refusals: ['not_found', 'conflict'],
      handle: async ({ principal, body: { version, from, until, note } }) => {
        const [fromMs, untilMs] = [from, until].map((time) =>
          time === undefined ? undefined : Date.parse(time),
        );
        return proposalJson(
          await desk.propose(proposals, principal, kind, { version, fromMs, untilMs, note }),
        );
      },
    });
  return [
    adminRoute(permit, {
      id: 'submitPolicyVersion',
      method: 'POST',
      path: '/policy/versions',
      tag: TAG,
      summary: 'Submits a version: it is checked and its cases are run; nothing comes in force by it',
      operation: 'policy.submit',
      maxBodyBytes: MAX_BUNDLE_BYTES,
      body: z.strictObject({ bundle: z.unknown(), note: NOTE, ticket: TICKET }),
      handle: async ({ principal, body: { bundle, note, ticket } }) => {
        const done = await desk.submit(principal, { bundle, note, ticket });
        const { version, name, cases, ownPacks, isNew } = done;
        return { version, name, cases, own_packs: ownPacks, is_new: isNew };
      },
    }),
    propose(
      'activatePolicyVersion',
      'policy.activate',
      '/policy/activations',
      'Asks for a version to be put in force, now or at a time, for good or for a while; another person approves',
    ),
    propose(
      'rollBackPolicy',
      'policy.rollback',
      '/policy/rollbacks',
      'Asks for a version that was in force to be so again; another person approves',
    ),
    adminRoute(permit, {
      id: 'withdrawPolicyActivation',
      method: 'DELETE',
      path: '/policy/activations/{id}',
      tag: TAG,
      summary: 'Takes back what was approved for later and has not begun',
      operation: 'policy.withdraw',
      refusals: ['not_found'],
      handle: async ({ principal, parameters }) => {
        await desk.withdraw(principal, parameters['id'] ?? '');
        return { withdrawn: true };
      },
    }),
  ];
}
