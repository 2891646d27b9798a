import type pg from 'pg';
import { type Destruction, type ErasureStore } from '../ledger/lifecycle/ports.ts';
import { bytes, integer, text, textList } from './columns.ts';
import { type Row } from './session.ts';

/** Runs SQL in the transaction of an erasure. */
export type ErasureQuery = (sql: string, values: readonly unknown[]) => Promise<unknown>;

/**
 * What else goes with a data subject's keys, in the same transaction; `subject` is the pseudonym (32 bytes). After a
 * crash it may run again for what it did already.
 */
export type EraseHook = (query: ErasureQuery, erased: { tenant: string; subject: Buffer }) => Promise<void>;

/** Erasures, by the function of migrations/000006_erasure.sql; the pool's role is the writer. */
export function createErasureStore(pool: pg.Pool, onErase: readonly EraseHook[]): ErasureStore {
  return {
    async destroy(erasure) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query<Row>(
          `select outcome, of_tenant, subject, requested_by, destroyed::text[] as destroyed, kept_erased, at_ms, matters
           from cordon.destroy_subject_keys($1)`,
          [erasure],
        );
        const done = toDestruction(rows[0] ?? {});
        if (done.outcome === 'destroyed') {
          const query: ErasureQuery = (sql, values) => client.query(sql, [...values]);
          for (const hook of onErase) await hook(query, done);
        }
        await client.query('commit');
        client.release();
        return done;
      } catch (error) {
        // Breaking the connection rolls back, also when the statement still runs.
        client.release(true);
        throw error;
      }
    },
  };
}

function toDestruction(row: Row): Destruction {
  const outcome = text(row, 'outcome');
  return {
    outcome: outcome === 'destroyed' || outcome === 'held' || outcome === 'preserved' ? outcome : 'refused',
    tenant: text(row, 'of_tenant'),
    subject: bytes(row, 'subject'),
    by: typeof row['requested_by'] === 'string' ? row['requested_by'] : '',
    deks: textList(row, 'destroyed'),
    kept: integer(row, 'kept_erased'),
    atMs: integer(row, 'at_ms'),
    matters: textList(row, 'matters'),
  };
}
