import type pg from 'pg';
import { type HoldStore, type ListedHold } from '../ledger/lifecycle/ports.ts';
import { byteList, bytes, integer, optionalInteger, text } from './columns.ts';
import { type Row } from './session.ts';

const SELECT = `select h.id::text as id, h.tenant, h.matter, h.subjects, h.principals, h.from_ms, h.to_ms, h.author,
    h.placed_ms, x.released_ms
  from cordon.holds h left join cordon.hold_releases x on x.hold = h.id`;

/** Holds, by the functions of migrations/000006_holds.sql; the pool's role is the writer. */
export function createHoldStore(pool: pg.Pool): HoldStore {
  return {
    async place(hold) {
      const { id, tenant, matter, subjects, principals, fromMs, toMs, author, placedMs } = hold;
      await pool.query('select cordon.place_hold($1, $2, $3, $4::bytea[], $5::bytea[], $6, $7, $8, $9)', [
        ...[id, tenant, matter, subjects, principals],
        ...[fromMs ?? null, toMs ?? null, author, placedMs],
      ]);
    },
    async release(release) {
      await pool.query('select cordon.release_hold($1)', [release]);
    },
    async find(id) {
      const { rows } = await pool.query<Row>(`${SELECT} where h.id = $1`, [id]);
      return rows[0] === undefined ? undefined : toHold(rows[0]);
    },
    async list(tenant) {
      const { rows } = await pool.query<Row>(
        `${SELECT} where $1::text is null or h.tenant = $1 order by h.placed_ms desc, h.id`,
        [tenant ?? null],
      );
      return rows.map(toHold);
    },
  };
}

function toHold(row: Row): ListedHold {
  return {
    id: text(row, 'id'),
    tenant: text(row, 'tenant'),
    matter: text(row, 'matter'),
    subjects: byteList(row, 'subjects'),
    principals: byteList(row, 'principals'),
    fromMs: optionalInteger(row, 'from_ms'),
    toMs: optionalInteger(row, 'to_ms'),
    author: bytes(row, 'author'),
    placedMs: integer(row, 'placed_ms'),
    releasedMs: optionalInteger(row, 'released_ms'),
  };
}
