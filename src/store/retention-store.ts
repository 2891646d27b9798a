import pg from 'pg';
import { type Drop, type RetentionStore } from '../ledger/lifecycle/ports.ts';
import { bytes, flag, integer, text, textList } from './columns.ts';
import { type Row } from './session.ts';

const LOCK = "hashtextextended('cordon.retention', 0)";
const LOCK_NOT_AVAILABLE = '55P03';
const DATA_EXCEPTION = '22000';

/** Retention, by the functions of the migrations `holds` and `retention`; the pool's role is the writer. */
export function createRetentionStore(pool: pg.Pool): RetentionStore {
  const select = async (sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;
  return {
    async demand({ tenant, days, shredding }) {
      await pool.query('select cordon.demand_retention($1, $2, $3)', [tenant, days, shredding]);
    },
    async terms() {
      const rows = await select(
        'select tenant, keep_days, shredding from cordon.retention_terms order by tenant',
      );
      return rows.map((row) => ({
        tenant: text(row, 'tenant'),
        days: integer(row, 'keep_days'),
        shredding: flag(row, 'shredding'),
      }));
    },
    async months(onlyDue) {
      const rows = await select(
        'select month::text as month, due::text as due, matters from cordon.months($1)',
        [onlyDue],
      );
      return rows.map((row) => ({
        month: text(row, 'month'),
        due: typeof row['due'] === 'string' ? row['due'] : undefined,
        matters: textList(row, 'matters'),
      }));
    },
    async dropped() {
      const rows = await select(
        'select month::text as month, records, dropped_ms from cordon.drops order by month, dropped_ms',
      );
      return rows.map((row) => ({
        month: text(row, 'month'),
        records: integer(row, 'records'),
        droppedMs: integer(row, 'dropped_ms'),
      }));
    },
    unpartitioned: () => countUnpartitioned(pool),
    async plan(month) {
      const [row = {}] = await select('select records, digest, chains from cordon.plan_drop($1)', [month]);
      return {
        records: integer(row, 'records'),
        digest: bytes(row, 'digest'),
        chains: textList(row, 'chains'),
      };
    },
    async drop(start) {
      try {
        const [row = {}] = await select(
          `select outcome, of_month::text as of_month, dropped, keys_destroyed, at_ms, matters
           from cordon.drop_month($1)`,
          [start],
        );
        // A search that is running delays it to the next time that partitions are looked after.
        if (row['outcome'] === 'dropped') await select('select cordon.trim_index()').catch(() => []);
        return toDrop(row);
      } catch (error) {
        const code = error instanceof pg.DatabaseError ? error.code : undefined;
        if (code === LOCK_NOT_AVAILABLE) return nothingDropped('busy');
        if (code === DATA_EXCEPTION) return nothingDropped('changed');
        throw error;
      }
    },
    async exclusively(work) {
      const client = await pool.connect();
      let broken = true;
      try {
        const { rows } = await client.query<Row>(`select pg_try_advisory_lock(${LOCK}) as locked`);
        const locked = flag(rows[0] ?? {}, 'locked');
        const result = locked ? await work() : undefined;
        if (locked) await client.query(`select pg_advisory_unlock(${LOCK})`);
        broken = false;
        return result;
      } finally {
        // The lock falls with a connection that is broken.
        client.release(broken);
      }
    },
  };
}

/** Records that no monthly partition took; the reader may ask, too. */
export async function countUnpartitioned(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<Row>('select cordon.unpartitioned() as records');
  return integer(rows[0] ?? {}, 'records');
}

const OUTCOMES = ['dropped', 'held', 'not_due', 'absent'] as const satisfies readonly Drop['outcome'][];

function toDrop(row: Row): Drop {
  const said = text(row, 'outcome');
  const outcome = OUTCOMES.find((known) => known === said);
  if (outcome === undefined) throw new TypeError('a drop ended in an unknown way');
  return {
    outcome,
    month: text(row, 'of_month'),
    records: integer(row, 'dropped'),
    keysDestroyed: integer(row, 'keys_destroyed'),
    atMs: integer(row, 'at_ms'),
    matters: textList(row, 'matters'),
  };
}

function nothingDropped(outcome: 'busy' | 'changed'): Drop {
  return { outcome, month: '', records: 0, keysDestroyed: 0, atMs: 0, matters: [] };
}
