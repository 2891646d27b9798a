import type pg from 'pg';
import { type Undertakings } from '../ledger/lifecycle/ports.ts';
import { text } from './columns.ts';
import { type Row } from './session.ts';

/** `cordon.unfinished`; the pool's role is the writer. */
export function createUndertakings(pool: pg.Pool): Undertakings {
  return {
    async begin(id, kind, atMs) {
      await pool.query('insert into cordon.unfinished (id, kind, begun_ms) values ($1, $2, $3)', [
        id,
        kind,
        atMs,
      ]);
    },
    async end(id) {
      await pool.query('delete from cordon.unfinished where id = $1', [id]);
    },
    async unfinished(kind, beforeMs) {
      const { rows } = await pool.query<Row>(
        'select id::text as id from cordon.unfinished where kind = $1 and begun_ms < $2 order by begun_ms, id',
        [kind, beforeMs],
      );
      return rows.map((row) => text(row, 'id'));
    },
    async recorded(id, type) {
      const { rowCount } = await pool.query(
        'select 1 from cordon.records where request_id = $1 and type = $2 limit 1',
        [id, type],
      );
      return rowCount === 1;
    },
  };
}
