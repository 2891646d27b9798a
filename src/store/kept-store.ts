import type pg from 'pg';
import { bytes, integer, optionalBytes, text } from './columns.ts';
import { type Row } from './session.ts';

/** A call as it is kept: nothing in it is readable without a key. */
export interface KeptRow {
  readonly call: string;
  readonly tenant: string;
  readonly owner: Buffer;
  readonly runner: string;
  readonly model: string;
  readonly builtOn: readonly string[];
  readonly dek: string | undefined;
  readonly sealed: Buffer | undefined;
  readonly expiresMs: number;
  readonly proof: Buffer;
}

export interface KeptNameRow {
  readonly name: Buffer;
  readonly proof: Buffer;
}

export interface KeptStore {
  /** One statement: the call, unless it is known, its names, and a longer life for what it builds on. */
  insert(call: KeptRow, names: readonly KeptNameRow[]): Promise<void>;
  insertNames(call: string, owner: Buffer, names: readonly KeptNameRow[]): Promise<void>;
  /**
   * The names that are this owner's and, at the runner that gave them, nobody else's, each with the id of its call: what
   * another runner answers with takes nobody's ids away.
   */
  findNames(
    names: readonly Buffer[],
    owner: Buffer,
    nowMs: number,
  ): Promise<readonly (KeptNameRow & { readonly call: string })[]>;
  /** Bytes of the originals of these calls, each with those that it builds on, and of the lists of the latter. */
  weigh(calls: readonly string[], owner: Buffer): Promise<number>;
  findCalls(calls: readonly string[], owner: Buffer): Promise<readonly KeptRow[]>;
  forget(call: string, owner: Buffer): Promise<void>;
  /** Removes what has expired; returns how many calls. */
  sweep(nowMs: number): Promise<number>;
}

const COLUMNS =
  'c.call::text as call, c.tenant, c.owner, c.runner, c.model, c.built_on::text[] as built_on, c.dek::text as dek, c.sealed, c.expires_ms, c.proof';

const INSERT_NAMES = `
  insert into cordon.kept_names (name, owner, call, proof)
  select n.name, $2, $1, n.proof from unnest($3::bytea[], $4::bytea[]) as n (name, proof)
  on conflict (name, owner) do update set call = excluded.call, proof = excluded.proof`;

/** The SQL of what runners keep. The pool's role is the writer's. */
export function createKeptStore(pool: pg.Pool): KeptStore {
  const columnsOf = (names: readonly KeptNameRow[]): readonly Buffer[][] => [
    names.map(({ name }) => name),
    names.map(({ proof }) => proof),
  ];
  return {
    async insert(call, names) {
      const { tenant, owner, runner, model, builtOn, dek, sealed, expiresMs, proof } = call;
      await pool.query(
        `with kept as (
           insert into cordon.kept_calls (call, owner, tenant, runner, model, built_on, dek, sealed, expires_ms, proof)
           values ($1, $2, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (call) do nothing),
         older as (
           update cordon.kept_calls set expires_ms = $11
           where call = any($8::uuid[]) and owner = $2 and expires_ms < $11)
         ${INSERT_NAMES}`,
        [
          ...[call.call, owner, ...columnsOf(names), tenant, runner, model, builtOn],
          ...[dek ?? null, sealed ?? null, expiresMs, proof],
        ],
      );
    },
    async insertNames(call, owner, names) {
      await pool.query(INSERT_NAMES, [call, owner, ...columnsOf(names)]);
    },
    async findNames(names, owner, nowMs) {
      const { rows } = await pool.query<Row>(
        `select n.name, n.proof, c.call::text as call
         from cordon.kept_names n join cordon.kept_calls c using (call)
         where n.name = any($1::bytea[]) and n.owner = $2 and c.expires_ms > $3
           and not exists (
             select from cordon.kept_names o join cordon.kept_calls d using (call)
             where o.name = n.name and o.owner <> $2 and d.runner = c.runner)`,
        [names, owner, nowMs],
      );
      return rows.map((row) => ({
        name: bytes(row, 'name'),
        proof: bytes(row, 'proof'),
        call: text(row, 'call'),
      }));
    },
    async weigh(calls, owner) {
      const { rows } = await pool.query<Row>(
        `select coalesce(sum(coalesce(octet_length(c.sealed), 0) + 36 * cardinality(c.built_on) + coalesce(
           (select sum(octet_length(o.sealed)) from cordon.kept_calls o
            where o.call = any(c.built_on) and o.owner = $2), 0)), 0)::bigint as weight
         from cordon.kept_calls c where c.call = any($1::uuid[]) and c.owner = $2`,
        [calls, owner],
      );
      return rows.map((row) => integer(row, 'weight')).reduce((sum, weight) => sum + weight, 0);
    },
    async findCalls(calls, owner) {
      const { rows } = await pool.query<Row>(
        `select ${COLUMNS} from cordon.kept_calls c where c.call = any($1::uuid[]) and c.owner = $2`,
        [calls, owner],
      );
      return rows.map(toCall);
    },
    async forget(call, owner) {
      await pool.query(
        `with unnamed as (delete from cordon.kept_names where call = $1 and owner = $2)
         delete from cordon.kept_calls c where c.call = $1 and c.owner = $2
           and not exists (select from cordon.kept_calls d where d.owner = $2 and $1 = any(d.built_on))`,
        [call, owner],
      );
    },
    async sweep(nowMs) {
      const { rowCount } = await pool.query('delete from cordon.kept_calls where expires_ms <= $1', [nowMs]);
      return rowCount ?? 0;
    },
  };
}

function toCall(row: Row): KeptRow {
  const builtOn = row['built_on'];
  return {
    call: text(row, 'call'),
    tenant: text(row, 'tenant'),
    owner: bytes(row, 'owner'),
    runner: text(row, 'runner'),
    model: text(row, 'model'),
    builtOn: Array.isArray(builtOn) ? builtOn.map(String) : [],
    dek: typeof row['dek'] === 'string' ? row['dek'] : undefined,
    sealed: optionalBytes(row, 'sealed'),
    expiresMs: integer(row, 'expires_ms'),
    proof: bytes(row, 'proof'),
  };
}
