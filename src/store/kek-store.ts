import type pg from 'pg';
import { type KekStore, type KekUsage, KeyRefusal } from '../crypto/kek-keeper.ts';
import { integer, text } from './columns.ts';
import { DEK_COLUMNS, toDek } from './dek-store.ts';
import { type Row } from './session.ts';

const SUBJECT = "where kind = 'subject' and tenant = $1 and reference = $2";
const LOCK = "hashtextextended('cordon.keks', 0)";

/** `cordon.keks` and the wrapped keys. The keeper's role may do all of it, the reader's and the writer's only `usage`. */
export function createKekStore(pool: pg.Pool): KekStore {
  return {
    async exclusively(use) {
      const client = await pool.connect();
      // What runs on it then rejects by itself; without a listener the event would end the process.
      const ignore = (): void => undefined;
      client.on('error', ignore);
      // Ends the session unless all went well: a lock must not go back to the pool.
      let broken = true;
      try {
        const { rows } = await client.query<Row>(`select pg_try_advisory_lock(${LOCK}) as locked`);
        if (rows[0]?.['locked'] !== true) throw new KeyRefusal('another process is changing keys');
        try {
          return await use();
        } finally {
          broken = await client.query(`select pg_advisory_unlock(${LOCK})`).then(
            () => false,
            () => true,
          );
        }
      } finally {
        client.release(broken);
        client.off('error', ignore);
      }
    },
    async usage(subject) {
      const { rows } = await pool.query<Row>(
        `with used as (
           select kek, count(*) filter (where wrapped is not null) as living,
                  count(*) filter (where wrapped is null) as erased,
                  (min(period) filter (where wrapped is not null))::text as oldest
           from cordon.deks ${subject === undefined ? '' : SUBJECT} group by kek
         )
         select coalesce(k.id, u.kek) as id, coalesce(u.living, 0) as living, coalesce(u.erased, 0) as erased,
                u.oldest, k.created_ms, k.seen_ms, k.retired_ms, k.destroyed_ms
         from used u full join cordon.keks k on k.id = u.kek
         order by coalesce(k.created_ms, k.seen_ms), id`,
        subject === undefined ? [] : [subject.tenant, subject.reference],
      );
      return rows.map(toUsage);
    },
    async see(kek, nowMs) {
      const { rowCount } = await pool.query(
        'insert into cordon.keks (id, created_ms, seen_ms) values ($1, $2, $3) on conflict do nothing',
        [kek.id, kek.createdMs, nowMs],
      );
      return rowCount === 1;
    },
    async wrappedBy(kek, afterId, limit) {
      const { rows } = await pool.query<Row>(
        `select ${DEK_COLUMNS} from cordon.deks
         where kek = $1 and wrapped is not null and id > $2 order by id limit $3`,
        [kek, afterId, limit],
      );
      return rows.map(toDek);
    },
    async rewrap(changes) {
      const { rows } = await pool.query<Row>('select cordon.rewrap_deks($1, $2, $3, $4, $5) as changed', [
        changes.map(({ id }) => id),
        changes.map(({ before }) => before.kek),
        changes.map(({ before }) => before.bytes),
        changes.map(({ after }) => after.kek),
        changes.map(({ after }) => after.bytes),
      ]);
      return rows[0] === undefined ? 0 : integer(rows[0], 'changed');
    },
    async retire(kek, nowMs) {
      const { rows } = await pool.query<Row>('select cordon.retire_kek($1, $2) as living', [kek, nowMs]);
      if (rows[0] === undefined) throw new TypeError('retire_kek returned nothing');
      return integer(rows[0], 'living');
    },
    async markDestroyed(kek, nowMs) {
      await pool.query('update cordon.keks set destroyed_ms = coalesce(destroyed_ms, $2) where id = $1', [
        kek,
        nowMs,
      ]);
    },
  };
}

function toUsage(row: Row): KekUsage {
  const optional = (column: string): number | undefined =>
    row[column] === null || row[column] === undefined ? undefined : integer(row, column);
  return {
    id: text(row, 'id'),
    living: integer(row, 'living'),
    erased: integer(row, 'erased'),
    oldest: row['oldest'] === null ? undefined : text(row, 'oldest'),
    createdMs: optional('created_ms'),
    seenMs: optional('seen_ms'),
    retiredMs: optional('retired_ms'),
    destroyedMs: optional('destroyed_ms'),
  };
}
