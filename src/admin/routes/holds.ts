import { z } from 'zod';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Executor, type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type Holds } from '../../ledger/lifecycle/holds.ts';
import { type ListedHold } from '../../ledger/lifecycle/ports.ts';
import { type Permit } from '../permit.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';

const TAG = 'Legal holds';
/** The kind of proposal that releases a hold. */
export const HOLD_RELEASE = 'audit.hold.release';

const person = z.string().min(1).max(1_024);
const moment = z.iso.datetime({ offset: true });
const reason = z.string().min(1).max(4_096);
const released = z.strictObject({ hold: z.uuid(), matter: z.string(), reason });

/** Placing takes one person; releasing takes two. */
export function holdRoutes(permit: Permit, holds: Holds, proposals: Proposals): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'listHolds',
      method: 'GET',
      path: '/audit/holds',
      tag: TAG,
      summary: 'Legal holds of the tenant, in force and released, newest first',
      operation: 'audit.hold.read',
      handle: async ({ principal }) => ({ items: (await holds.list(principal.tenant)).map(holdJson) }),
    }),
    adminRoute(permit, {
      id: 'placeHold',
      method: 'POST',
      path: '/audit/holds',
      tag: TAG,
      summary: 'Places a hold: what it covers is neither erased nor dropped until two persons release it',
      operation: 'audit.hold.place',
      body: z.strictObject({
        matter: z.string(),
        data_subjects: z.array(person).max(1_000).default([]),
        principals: z.array(person).max(1_000).default([]),
        everybody: z.boolean().default(false),
        from: moment.optional(),
        to: moment.optional(),
        reason,
      }),
      async handle({ principal, body }) {
        const { matter, data_subjects: dataSubjects, principals, from, to } = body;
        if (body.everybody !== (dataSubjects.length + principals.length === 0)) {
          throw new CordonError(
            'invalid_request',
            'Name the persons to hold (data_subjects, principals), or say everybody: true to hold the whole tenant; not both.',
            { param: '/everybody' },
          );
        }
        const hold = await holds.place(principal, {
          ...{ tenant: principal.tenant, matter, dataSubjects, principals, reason: body.reason },
          fromMs: from === undefined ? undefined : Date.parse(from),
          toMs: to === undefined ? undefined : Date.parse(to),
        });
        return holdJson(hold);
      },
    }),
    adminRoute(permit, {
      id: 'proposeHoldRelease',
      method: 'POST',
      path: '/audit/holds/{id}/release',
      tag: TAG,
      summary: 'Asks for a hold to be released; another person approves the proposal',
      operation: 'audit.hold.release',
      body: z.strictObject({ reason }),
      refusals: ['not_found', 'conflict'],
      async handle({ principal, parameters, body }) {
        const hold = await holds.check(principal.tenant, parameters['id'] ?? '');
        const asked = { hold: hold.id, matter: hold.matter, reason: body.reason };
        return proposalJson(await proposals.propose(principal, HOLD_RELEASE, asked));
      },
    }),
  ];
}

/** Releases what the proposal names; its id is that of the HOLD_RELEASED record. */
export function holdReleaseExecutor(holds: Holds): Executor {
  return async ({ id, tenant, author, decider, body }) => {
    const asked = released.safeParse(body);
    if (!asked.success || decider === undefined) {
      throw new CordonError('invalid_request', 'The proposal does not say which hold to release.');
    }
    const hold = await holds.release({
      ...{ id, tenant, hold: asked.data.hold, reason: asked.data.reason },
      by: { tenant, ...author },
      approvedBy: { tenant, ...decider },
    });
    return holdJson(hold);
  };
}

function holdJson(hold: ListedHold): JsonObject {
  const { id, matter, subjects, principals, fromMs, toMs, placedMs, releasedMs } = hold;
  const time = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return {
    ...{ id, matter, from: time(fromMs), to: time(toMs), placed: time(placedMs), released: time(releasedMs) },
    everybody: subjects.length + principals.length === 0,
    // Pseudonyms, as the records carry them.
    data_subjects: subjects.map((reference) => reference.toString('hex')),
    principals: principals.map((reference) => reference.toString('hex')),
  };
}
