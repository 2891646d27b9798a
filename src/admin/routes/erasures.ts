import { z } from 'zod';
import { type Route } from '../../http/route-table.ts';
import { type Erasures } from '../../ledger/lifecycle/erasures.ts';
import { type Permit } from '../permit.ts';
import { adminRoute } from '../route.ts';

/** Erasing a data subject by destroying the keys that their data is sealed under. */
export function erasureRoutes(permit: Permit, erasures: Erasures): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'eraseDataSubject',
      method: 'POST',
      path: '/audit/erasures',
      tag: 'Erasure',
      summary: 'Destroys the keys of a data subject; refused under a legal hold. It cannot be undone',
      operation: 'audit.erase',
      body: z.strictObject({
        data_subject: z.string().min(1).max(1_024),
        reason: z.string().min(1).max(4_096),
      }),
      refusals: ['held', 'retention_required'],
      async handle({ principal, body }) {
        const { id, keys, keptCalls, atMs, horizonMs } = await erasures.erase(principal, {
          tenant: principal.tenant,
          dataSubject: body.data_subject,
          reason: body.reason,
        });
        return {
          ...{ id, keys_destroyed: keys, kept_calls_erased: keptCalls },
          erased: new Date(atMs).toISOString(),
          beyond_recovery_from_backups: horizonMs === undefined ? null : new Date(horizonMs).toISOString(),
        };
      },
    }),
  ];
}
