import type pg from 'pg';
import { type ExportRow, type ExportStore } from '../ledger/export/ports.ts';
import { bytes, integer, optionalBytes, text } from './columns.ts';
import { type Row } from './session.ts';

const COLUMNS = `id::text as id, tenant, created_ms, dek::text as dek, sealed, state, attempts, records, host, bytes,
  sha256, done_ms, expires_ms, problem`;

/** `cordon.exports`; the pool's role is the writer. */
export function createExportStore(pool: pg.Pool): ExportStore {
  const select = async (sql: string, values: readonly unknown[]): Promise<readonly ExportRow[]> =>
    (await pool.query<Row>(`select ${COLUMNS} from cordon.exports ${sql}`, [...values])).rows.map(toRow);
  const change = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await pool.query(`update cordon.exports set ${sql}`, [...values])).rowCount === 1;
  return {
    async add({ id, tenant, createdMs, dek, sealed }) {
      await pool.query(
        `insert into cordon.exports (id, tenant, created_ms, dek, sealed) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [id, tenant, createdMs, dek, sealed],
      );
    },
    find: async (id) => (await select('where id = $1', [id]))[0],
    list: (tenant, beforeId, limit) =>
      select('where tenant = $1 and ($2::uuid is null or id < $2) order by id desc limit $3', [
        tenant,
        beforeId,
        limit,
      ]),
    async claim(owner, nowMs, untilMs) {
      const { rows } = await pool.query<Row>(
        `update cordon.exports set owner = $1, leased_ms = $3, attempts = attempts + 1, records = 0
         where state = 'waiting' and id = (
           select id from cordon.exports where state = 'waiting' and leased_ms <= $2
           order by created_ms limit 1 for update skip locked)
         returning ${COLUMNS}`,
        [owner, nowMs, untilMs],
      );
      return rows[0] === undefined ? undefined : toRow(rows[0]);
    },
    renew: (id, owner, untilMs, records) =>
      change(`leased_ms = $3, records = $4 where id = $1 and owner = $2 and state = 'waiting'`, [
        id,
        owner,
        untilMs,
        records,
      ]),
    async release(id, owner, untilMs) {
      await change(`leased_ms = $3 where id = $1 and owner = $2 and state = 'waiting'`, [id, owner, untilMs]);
    },
    finish: (id, owner, { host, records, bytes: size, sha256, doneMs, expiresMs }) =>
      change(
        `state = 'done', host = $3, records = $4, bytes = $5, sha256 = $6, done_ms = $7, expires_ms = $8
         where id = $1 and owner = $2 and state = 'waiting'`,
        [id, owner, host, records, size, sha256, doneMs, expiresMs],
      ),
    async fail(id, owner, problem) {
      await change(`state = 'failed', problem = $3 where id = $1 and owner = $2 and state = 'waiting'`, [
        id,
        owner,
        problem,
      ]);
    },
    async outdated(host, nowMs) {
      const rows = await select(`where state = 'done' and host = $1 and expires_ms <= $2`, [host, nowMs]);
      return rows.map(({ id }) => id);
    },
    async deleted(id) {
      await change(`state = 'deleted' where id = $1 and state = 'done'`, [id]);
    },
    async heads() {
      const { rows } = await pool.query<Row>(
        'select chain::text as chain, seq from cordon.chains where seq > 0 order by opened_ms, chain',
      );
      return rows.map((row) => ({ chain: text(row, 'chain'), seq: integer(row, 'seq') }));
    },
  };
}

const STATES = ['waiting', 'done', 'failed', 'deleted'] as const;

function toRow(row: Row): ExportRow {
  const state = STATES.find((known) => known === row['state']);
  if (state === undefined) throw new TypeError('an export is in no known state');
  return {
    id: text(row, 'id'),
    tenant: text(row, 'tenant'),
    createdMs: integer(row, 'created_ms'),
    dek: text(row, 'dek'),
    sealed: bytes(row, 'sealed'),
    state,
    attempts: integer(row, 'attempts'),
    records: integer(row, 'records'),
    host: optionalText(row, 'host'),
    bytes: optionalInteger(row, 'bytes'),
    sha256: optionalBytes(row, 'sha256'),
    doneMs: optionalInteger(row, 'done_ms'),
    expiresMs: optionalInteger(row, 'expires_ms'),
    problem: optionalText(row, 'problem'),
  };
}

function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
