import { z } from 'zod';
import { type Route } from '../../http/route-table.ts';
import { type EmergencyDesk, type Opened } from '../../policy/lifecycle/emergencies.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Permit } from '../permit.ts';
import { timeOf } from '../policy-json.ts';
import { adminRoute } from '../route.ts';
import { NOTE, TICKET } from './policy.ts';

const TAG = 'Policy';
const SCOPE = {
  who: z.string().max(300).optional(),
  model: z.string().max(256).optional(),
  runner: z.string().max(256).optional(),
};

/** What one person does at once, and another reviews. */
export function policyExceptionRoutes(permit: Permit, desk: EmergencyDesk): readonly Route[] {
  const told = ({ exception, rule, untilMs }: Opened): JsonObject => {
    return { exception, rule, until: timeOf(untilMs), review: 'outstanding' };
  };
  return [
    adminRoute(permit, {
      id: 'denyInEmergency',
      method: 'POST',
      path: '/policy/emergency-denies',
      tag: TAG,
      summary: 'Denies somebody, a model or a runner at once, for 24 hours at most',
      operation: 'policy.emergency',
      body: z.strictObject({
        ...SCOPE,
        minutes: z.int().min(1).max(1_440).default(1_440),
        note: NOTE,
        ticket: TICKET,
      }),
      handle: async ({ principal, body: { minutes, ...request } }) =>
        told(await desk.deny(principal, { ...request, lastsMs: minutes * 60_000 })),
    }),
    adminRoute(permit, {
      id: 'breakGlass',
      method: 'POST',
      path: '/policy/break-glasses',
      tag: TAG,
      summary: 'Allows somebody what no rule does, for 4 hours at most; what a rule denies stays denied',
      operation: 'policy.break-glass',
      body: z.strictObject({
        ...SCOPE,
        tenant: z.string().max(256).optional(),
        minutes: z.int().min(1).max(240).default(60),
        purpose: NOTE,
        ticket: z.string().min(1, 'name the ticket').max(200),
      }),
      handle: async ({ principal, body: { minutes, purpose, ...request } }) =>
        told(await desk.breakGlass(principal, { ...request, note: purpose, lastsMs: minutes * 60_000 })),
    }),
    adminRoute(permit, {
      id: 'endPolicyException',
      method: 'DELETE',
      path: '/policy/exceptions/{exception}',
      tag: TAG,
      summary: 'Ends an exception early; an emergency denial is lifted by another person than who denied it',
      operation: 'policy.review',
      refusals: ['not_found', 'self_approval'],
      handle: async ({ principal, parameters }) => {
        await desk.end(principal, parameters['exception'] ?? '');
        return { ended: true };
      },
    }),
    adminRoute(permit, {
      id: 'reviewPolicyException',
      method: 'POST',
      path: '/policy/exceptions/{exception}/review',
      tag: TAG,
      summary: 'Says of an emergency that it was right or was not; by another person',
      operation: 'policy.review',
      body: z.strictObject({ verdict: z.enum(['upheld', 'objected']), note: NOTE }),
      refusals: ['not_found', 'self_approval', 'conflict'],
      handle: async ({ principal, parameters, body: { verdict, note } }) => {
        await desk.review(principal, parameters['exception'] ?? '', verdict, note);
        return { reviewed: true, verdict };
      },
    }),
  ];
}
