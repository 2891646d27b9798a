import { z } from 'zod';
import { type JsonObject } from '../../domain/json.ts';
import { type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type FalsePositiveDesk } from '../../policy/lifecycle/false-positives.ts';
import { type ChangeReport, type SimulationReport } from '../../policy/simulate/simulation.ts';
import { type Permit } from '../permit.ts';
import { type PolicyReplay } from '../policy-replay.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';
import { HASH, INSTANT, MAX_BUNDLE_BYTES, NOTE } from './policy.ts';

const TAG = 'Policy';
const MAX_CALLS = 100_000;

/** What recorded calls tell: what a draft would change, why one was decided so, and what was found and is none. */
export function policyReplayRoutes(
  permit: Permit,
  deps: {
    readonly replay: PolicyReplay;
    readonly falsePositives: FalsePositiveDesk;
    readonly proposals: Proposals;
  },
): readonly Route[] {
  const { replay, falsePositives, proposals } = deps;
  return [
    adminRoute(permit, {
      id: 'simulatePolicy',
      method: 'POST',
      path: '/policy/simulations',
      tag: TAG,
      summary: 'Judges recorded calls by a draft and by the version in force, and tells the difference',
      operation: 'policy.simulate',
      maxBodyBytes: MAX_BUNDLE_BYTES,
      body: z.strictObject({
        draft: z.union([z.strictObject({ bundle: z.unknown() }), z.strictObject({ version: HASH })], {
          error: 'write a bundle or a version',
        }),
        from: INSTANT.optional(),
        to: INSTANT.optional(),
        limit: z.int().min(1).max(MAX_CALLS).default(MAX_CALLS),
        examples: z.int().min(0).max(100).default(5),
      }),
      refusals: ['not_found'],
      handle: async ({ principal, signal, body: { draft, from, to, limit, examples } }) => {
        const [fromMs, toMs] = [from, to].map((time) => (time === undefined ? undefined : Date.parse(time)));
        const done = await replay.simulate(principal, { draft, fromMs, toMs, limit, examples, signal });
        return { draft: done.draft, active: done.active, ...reportJson(done.report) };
      },
    }),
    adminRoute(permit, {
      id: 'explainPolicyDecision',
      method: 'GET',
      path: '/policy/decisions/{request}',
      tag: TAG,
      summary: 'One recorded call, judged again by the version that judged it then',
      operation: 'policy.simulate',
      refusals: ['not_found'],
      handle: ({ principal, parameters }) => replay.reevaluate(principal, parameters['request'] ?? ''),
    }),
    adminRoute(permit, {
      id: 'disputeSpan',
      method: 'POST',
      path: '/policy/false-positives',
      tag: TAG,
      summary:
        'Says that what was found in a recorded call is none; once another person agrees, that value passes',
      operation: 'policy.false-positive',
      body: z.strictObject({
        request: z.string().max(64),
        span: z.int().min(0).max(100_000),
        value: z.string().min(1).max(4_096).optional(),
        days: z.int().min(1).max(366).default(180),
        note: NOTE,
      }),
      refusals: ['not_found', 'conflict'],
      handle: async ({ principal, body }) =>
        proposalJson(await falsePositives.dispute(proposals, principal, body)),
    }),
  ];
}

/** As the API and the command line tell it. */
export function reportJson(report: SimulationReport): JsonObject {
  const { calls, unchanged, newlyAllowed, newlyDenied, handlingChanged, obligationsChanged, skipped } =
    report;
  return {
    ...{ calls, unchanged },
    newly_allowed: changeJson(newlyAllowed),
    newly_denied: changeJson(newlyDenied),
    handling_changed: changeJson(handlingChanged),
    obligations_changed: changeJson(obligationsChanged),
    skipped: { ...skipped },
  };
}

function changeJson({
  calls,
  byPerson,
  byDestination,
  byEntity,
  byReason,
  examples,
}: ChangeReport): JsonObject {
  return {
    calls,
    by_person: { ...byPerson },
    by_destination: { ...byDestination },
    by_entity: { ...byEntity },
    by_reason: { ...byReason },
    examples: examples.map((example) => ({ ...example })),
  };
}
