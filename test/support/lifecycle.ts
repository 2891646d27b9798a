import type { ExecutionContext } from 'ava';
import pg from 'pg';
import { type Keyring } from '../../src/crypto/keyring.ts';
import { type Ledger } from '../../src/domain/record.ts';
import { createErasures, type ErasureDeps, type Erasures } from '../../src/ledger/lifecycle/erasures.ts';
import { createHolds, type Holds } from '../../src/ledger/lifecycle/holds.ts';
import {
  type ErasureStore,
  type HoldStore,
  type RetentionStore,
  type Undertakings,
} from '../../src/ledger/lifecycle/ports.ts';
import { createRetention, type Retention } from '../../src/ledger/lifecycle/retention.ts';
import { createErasureStore } from '../../src/store/erasure-store.ts';
import { createHoldStore } from '../../src/store/hold-store.ts';
import { createRetentionStore } from '../../src/store/retention-store.ts';
import { createPool } from '../../src/store/session.ts';
import { createUndertakings } from '../../src/store/undertaking-store.ts';
import { completion, decision, type LedgerParts, newId } from './ledger.ts';
import { type TestDatabase } from './postgres.ts';

export const COUNSEL = { issuer: 'https://issuer.example', tenant: 'acme', subject: 'counsel-1' };
export const OTHER_COUNSEL = { ...COUNSEL, subject: 'counsel-2' };

/** When erased keys are said to be beyond recovery, where a test does not care. */
export const HORIZON_MS = Date.UTC(2031, 0, 1);

export interface TestLifecycle {
  readonly holds: Holds;
  readonly erasures: Erasures;
  readonly retention: Retention;
}

export interface LifecycleStores {
  readonly undertakings: Undertakings;
  readonly holds: HoldStore;
  readonly erasures: ErasureStore;
  readonly retention: RetentionStore;
}

/** Everything on a pool of its own, as one more process would have it. */
export function createLifecycle(
  t: Pick<ExecutionContext, 'teardown'>,
  scene: {
    readonly database: TestDatabase;
    readonly parts: Pick<LedgerParts, 'keyring' | 'deks'>;
    readonly ledger: Pick<Ledger, 'note'>;
  },
  options: {
    readonly now?: () => number;
    readonly keyring?: Keyring;
    readonly horizon?: ErasureDeps['horizon'];
    /** Parts that fail on purpose. */
    readonly replace?: (stores: LifecycleStores) => LifecycleStores;
  } = {},
): TestLifecycle {
  const pool = createPool({
    url: scene.database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 60_000,
    max: 4,
  });
  t.teardown(() => pool.end());
  const real: LifecycleStores = {
    undertakings: createUndertakings(pool),
    holds: createHoldStore(pool),
    erasures: createErasureStore(pool),
    retention: createRetentionStore(pool),
  };
  const stores = options.replace?.(real) ?? real;
  const shared = {
    undertakings: stores.undertakings,
    ledger: scene.ledger,
    keyring: options.keyring ?? scene.parts.keyring,
    deks: scene.parts.deks,
    now: options.now ?? Date.now,
    createId: newId,
  };
  return {
    holds: createHolds({ ...shared, store: stores.holds }),
    erasures: createErasures({
      ...shared,
      store: stores.erasures,
      horizon:
        options.horizon ??
        (() => Promise.resolve({ pending: 1, complete: 0, atMs: HORIZON_MS, overdue: false })),
    }),
    retention: createRetention({ ...shared, store: stores.retention }),
  };
}

/** The month as the database makes it ahead of time, for a month long gone. */
export async function createMonth(database: TestDatabase, month: string): Promise<void> {
  const name = `cordon.records_${month.slice(0, 7).replace('-', '_')}`;
  await database.query(`set role cordon_owner;
    create table ${name} partition of cordon.records for values from ('${month}') to ('${nextMonth(month)}')`);
  await database.query(`set role cordon_owner; select cordon.guard('${name}')`);
}

export function nextMonth(month: string): string {
  const at = new Date(`${month}T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + 1);
  return at.toISOString().slice(0, 10);
}

/** Writes calls, decision and completion, in a chain of its own by a clock that stands at `atMs`. */
export async function writeCalls(
  parts: LedgerParts,
  atMs: number,
  calls: readonly Partial<Parameters<typeof decision>[0]>[],
  options: {
    readonly batchRows?: number;
    readonly onDurable?: (chain: string, leaves: readonly Buffer[]) => void;
  } = {},
): Promise<readonly string[]> {
  const { batchRows = 5, onDurable = () => undefined } = options;
  const ledger = parts.create({ limits: { batchRows }, onDurable, now: () => atMs });
  await ledger.start();
  const records = calls.map((changes) => decision({ atMs, ...changes }));
  await Promise.all(records.map((record) => ledger.begin(record)));
  await Promise.all(
    records.map(({ requestId, atMs: at, principal: { tenant } }) =>
      ledger.finish(completion(requestId, { atMs: at, tenant })),
    ),
  );
  await ledger.close();
  return records.map(({ requestId }) => requestId);
}

/** Runs SQL with the writer's rights. */
export async function asWriter(
  database: TestDatabase,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url('cordon_writer') });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A superuser switches off every trigger there is. */
export async function asSuperuser(database: TestDatabase, sql: string): Promise<void> {
  await database.query(`set session_replication_role = replica;
    do $$ declare found record; begin
      for found in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'cordon' and c.relkind in ('r', 'p') loop
        execute format('alter table %s disable trigger all', found.name);
      end loop; end $$;
    ${sql}`);
}
