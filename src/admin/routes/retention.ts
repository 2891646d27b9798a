import { type JsonObject } from '../../domain/json.ts';
import { type Route } from '../../http/route-table.ts';
import { type Holds } from '../../ledger/lifecycle/holds.ts';
import { type Retention } from '../../ledger/lifecycle/retention.ts';
import { type Permit } from '../permit.ts';
import { adminRoute } from '../route.ts';

const TAG = 'Retention';

/** What is kept until when. Months hold the records of all tenants; of their matters, each tenant is told its own. */
export function retentionRoutes(permit: Permit, retention: Retention, holds: Holds): readonly Route[] {
  const seenBy = async (tenant: string): Promise<(matters: readonly string[]) => JsonObject> => {
    const own = new Set((await holds.list(tenant)).map(({ matter }) => matter));
    return (matters) => {
      const shown = matters.filter((matter) => own.has(matter));
      return { held_by: shown, held_by_others: shown.length < matters.length };
    };
  };
  return [
    adminRoute(permit, {
      id: 'getRetention',
      method: 'GET',
      path: '/audit/retention',
      tag: TAG,
      summary: 'How long records are kept, which months there are, and what keeps them',
      operation: 'audit.retention.read',
      async handle({ principal: { tenant } }) {
        const [status, told] = [await retention.status(), await seenBy(tenant)];
        const terms = status.terms.filter((term) => term.tenant === '' || term.tenant === tenant);
        return {
          terms: terms.map(({ tenant: of, days, shredding }) => ({ tenant: of || '*', days, shredding })),
          months: status.months.map(({ month, due, matters }) => ({
            month,
            due: due ?? null,
            ...told(matters),
          })),
          dropped: status.dropped.map(({ month, records, droppedMs }) => ({
            ...{ month, records, dropped: new Date(droppedMs).toISOString() },
          })),
          unpartitioned_records: status.unpartitioned,
        };
      },
    }),
    adminRoute(permit, {
      id: 'runRetention',
      method: 'POST',
      path: '/audit/retention/run',
      tag: TAG,
      summary: 'Drops the months that are past their time and not held, now instead of tonight',
      operation: 'audit.retention.run',
      async handle({ principal: { tenant } }) {
        const run = await retention.run();
        if (run === undefined) return { state: 'running_elsewhere' };
        const told = await seenBy(tenant);
        return {
          state: 'done',
          dropped: run.dropped.map((month) => ({ ...month })),
          held: run.held.map(({ month, matters }) => ({ month, ...told(matters) })),
          left: run.left.map((month) => ({ ...month })),
        };
      },
    }),
  ];
}
