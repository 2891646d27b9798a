import type pg from 'pg';
import { type Destruction, type ErasureStore } from '../ledger/lifecycle/ports.ts';
import { bytes, integer, text, textList } from './columns.ts';
import { type Row } from './session.ts';

/** Erasures, by the functions of the migrations `erasure` and `crossings`; the pool's role is the writer. */
export function createErasureStore(pool: pg.Pool): ErasureStore {
  return {
    async destroy(erasure) {
      const { rows } = await pool.query<Row>(
        `select outcome, of_tenant, subject, requested_by, destroyed::text[] as destroyed, kept_erased, at_ms, matters
         from cordon.destroy_subject_keys($1)`,
        [erasure],
      );
      return toDestruction(rows[0] ?? {});
    },
    async settle() {
      await pool.query('select cordon.settle_erasures()');
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
