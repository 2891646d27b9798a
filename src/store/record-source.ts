import type pg from 'pg';
import {
  type Batch,
  type FoundRow,
  type LeafRun,
  type RecordFilter,
  type RecordSource,
  type SealedFieldName,
  type SealedFields,
  type StoredRow,
} from '../ledger/ports.ts';
import { bytes, integer, optionalBytes, text } from './columns.ts';
import { toHead } from './ledger-store.ts';
import { type Row } from './session.ts';

const FIELDS = ['context', 'body', 'findings', 'response'] as const satisfies readonly SealedFieldName[];

export const CLEAR =
  'chain::text as chain, seq, request_id::text as request_id, type, tenant, at_ms, period::text as period, leaf, header';
/** The server hashes what it has anyway: reading payloads only to hash them would be most of a verification's time. */
const DIGESTS = FIELDS.map((field) => `sha256(${field}) as ${field}_digest`).join(', ');

const RUNS =
  'select start::text as start, chain::text as chain, first_seq, leaves from cordon.dropped_leaves';
const LOWEST_UUID = '00000000-0000-0000-0000-000000000000';

/** The reader's SQL, for verification, listing and export. */
export function createRecordSource(pool: pg.Pool): RecordSource {
  const select = async (sql: string, values: readonly unknown[]): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;
  return {
    async chains() {
      return (await select('select * from cordon.chains order by opened_ms, chain', [])).map(toHead);
    },
    async batches(chain, afterSeq, limit) {
      const rows = await select(
        'select * from cordon.batches where chain = $1 and first_seq > $2 order by first_seq limit $3',
        [chain, afterSeq, limit],
      );
      return rows.map(toBatch);
    },
    async rows(chain, afterSeq, limit, payloads) {
      const rows = await select(
        `select ${[CLEAR, DIGESTS, ...payloads].join(', ')} from cordon.records where chain = $1 and seq > $2 order by seq limit $3`,
        [chain, afterSeq, limit],
      );
      return rows.map(toStoredRow);
    },
    async select(filter, { chain, afterSeq, upToSeq }, limit, payloads) {
      const { where, values } = conditions(filter);
      const place = values.length;
      const rows = await select(
        `select ${[CLEAR, DIGESTS, ...payloads].join(', ')} from cordon.records
         where ${where} and chain = $${place + 1} and seq > $${place + 2} and seq <= $${place + 3}
         order by seq limit $${place + 4}`,
        [...values, chain, afterSeq, upToSeq, limit],
      );
      return rows.map(toStoredRow);
    },
    async strayChains() {
      // A skip scan: one index probe a chain, where `distinct` would read every row.
      const rows = await select(
        `with recursive named (chain) as (
           (select least((select chain from cordon.records order by chain limit 1),
                         (select chain from cordon.batches order by chain limit 1)))
           union all
           select least(
             (select r.chain from cordon.records r where r.chain > named.chain order by r.chain limit 1),
             (select b.chain from cordon.batches b where b.chain > named.chain order by b.chain limit 1))
           from named where named.chain is not null)
         select chain::text as chain from named
         where chain is not null and chain not in (select chain from cordon.chains)`,
        [],
      );
      return rows.map((row) => text(row, 'chain'));
    },
    async drops() {
      const rows = await select(
        `select start::text as start, month::text as month, chain::text as chain, seq, header from cordon.drops
         order by dropped_ms, start`,
        [],
      );
      return rows.map((row) => ({
        start: text(row, 'start'),
        month: text(row, 'month'),
        chain: text(row, 'chain'),
        seq: integer(row, 'seq'),
        header: text(row, 'header'),
      }));
    },
    async chainRuns(chain, afterSeq, limit) {
      const rows = await select(`${RUNS} where chain = $1 and first_seq > $2 order by first_seq limit $3`, [
        chain,
        afterSeq,
        limit,
      ]);
      return rows.map(toRun);
    },
    async dropRuns(start, after, limit) {
      const rows = await select(
        `${RUNS} where start = $1 and (chain, first_seq) > ($2::uuid, $3::bigint) order by chain, first_seq limit $4`,
        [start, after?.chain ?? LOWEST_UUID, after?.firstSeq ?? -1, limit],
      );
      return rows.map(toRun);
    },
    async find(filter, limit, payloads) {
      const { where, values } = conditions(filter);
      const rows = await select(
        `select ${[CLEAR, ...payloads].join(', ')} from cordon.records where ${where}
         order by request_id desc, type limit $${values.length + 1}`,
        [...values, limit],
      );
      return rows.map(toFoundRow);
    },
  };
}

function conditions(filter: RecordFilter): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const terms: string[] = ['true'];
  const add = (value: unknown, term: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    terms.push(term(`$${values.length}`));
  };
  add(filter.tenant, (p) => `tenant = ${p}`);
  add(filter.requestId, (p) => `request_id = ${p}`);
  add(filter.requestIds, (p) => `request_id = any(${p}::uuid[])`);
  add(filter.types, (p) => `type = any(${p}::text[])`);
  add(filter.fromMs, (p) => `at_ms >= ${p}`);
  add(filter.toMs, (p) => `at_ms < ${p}`);
  // The month bounds let the planner leave out whole partitions.
  add(
    filter.fromMs,
    (p) => `period >= date_trunc('month', to_timestamp(${p}::bigint / 1000.0) at time zone 'UTC')`,
  );
  add(filter.toMs, (p) => `period <= to_timestamp(${p}::bigint / 1000.0) at time zone 'UTC'`);
  add(filter.beforeId, (p) => `request_id < ${p}`);
  return { where: terms.join(' and '), values };
}

function toBatch(row: Row): Batch {
  return {
    chain: text(row, 'chain'),
    firstSeq: integer(row, 'first_seq'),
    lastSeq: integer(row, 'last_seq'),
    root: bytes(row, 'root'),
    prev: bytes(row, 'prev'),
    hash: bytes(row, 'hash'),
  };
}

function toRun(row: Row): LeafRun {
  return {
    start: text(row, 'start'),
    chain: text(row, 'chain'),
    firstSeq: integer(row, 'first_seq'),
    leaves: bytes(row, 'leaves'),
  };
}

function toStoredRow(row: Row): StoredRow {
  return { ...toFoundRow(row), digests: pick(row, '_digest') };
}

export function toFoundRow(row: Row): FoundRow {
  return {
    seq: integer(row, 'seq'),
    requestId: text(row, 'request_id'),
    type: text(row, 'type'),
    tenant: text(row, 'tenant'),
    atMs: integer(row, 'at_ms'),
    period: text(row, 'period'),
    header: text(row, 'header'),
    leaf: bytes(row, 'leaf'),
    fields: pick(row, ''),
  };
}

function pick(row: Row, suffix: string): SealedFields<Buffer> {
  const found: { -readonly [K in keyof SealedFields<Buffer>]: SealedFields<Buffer>[K] } = {};
  for (const field of FIELDS) {
    const value = optionalBytes(row, `${field}${suffix}`);
    if (value !== undefined) found[field] = value;
  }
  return found;
}
