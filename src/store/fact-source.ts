import type pg from 'pg';
import { type FactFilter, type FactSource, type Place } from '../ledger/search/ports.ts';
import { integer, text } from './columns.ts';
import { CLEAR, toFoundRow } from './record-source.ts';
import { type Row } from './session.ts';

/** What a statement is made of: its parameters, and the conditions that name them. */
export class Terms {
  readonly values: unknown[] = [];
  readonly #terms: string[] = [];

  /** A placeholder for one more value. */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(term: string): void {
    this.#terms.push(term);
  }

  get where(): string {
    return this.#terms.join(' and ');
  }
}

/** The reader's SQL over the index. `pool` must leave the planner free: see createPool. */
export function createFactSource(pool: pg.Pool): FactSource {
  return {
    async find(filter, after, limit) {
      const terms = new Terms();
      const from = joined(filter, after, terms);
      const { rows } = await pool.query<Row>(
        `select f.at_ms, f.request_id::text as request_id, f.type from ${from} where ${terms.where}
         order by f.at_ms desc, f.request_id desc limit ${terms.parameter(limit)}`,
        terms.values,
      );
      return rows.map((row) => ({
        atMs: integer(row, 'at_ms'),
        id: text(row, 'request_id'),
        type: text(row, 'type'),
      }));
    },
    async records(ids) {
      const { rows } = await pool.query<Row>(
        `select ${CLEAR} from cordon.records where request_id = any($1::uuid[])`,
        [ids],
      );
      return rows.map(toFoundRow);
    },
  };
}

/** The tables that facts are read with, and the conditions of a filter in `terms`; `f` are the facts. */
export function joined(filter: FactFilter, after: Place | undefined, terms: Terms): string {
  const { tenant, types, subject, caller, tags, endTags, tokens, fromMs, toMs } = filter;
  // The partial index on time needs to be told.
  terms.add("f.type <> 'COMPLETION'");
  terms.add(`f.tenant = ${terms.parameter(tenant)}`);
  terms.add(
    types.length === 1
      ? `f.type = ${terms.parameter(types[0])}`
      : `f.type = any(${terms.parameter(types)}::text[])`,
  );
  if (subject !== undefined) terms.add(`f.subject = ${terms.parameter(subject)}::uuid`);
  if (caller !== undefined) terms.add(`f.caller = ${terms.parameter(caller)}::uuid`);
  if (tags.length > 0) terms.add(`f.tags @> ${terms.parameter(tags)}::text[]`);
  addTime('f', fromMs, toMs, terms);
  let from = 'cordon.facts f';
  if (endTags.length > 0) {
    // One of the two at most has a given outcome, so no call is found twice.
    from += ` join cordon.facts c on c.request_id = f.request_id and c.period >= f.period
      and c.type in ('COMPLETION', 'INCOMPLETE') and c.tags @> ${terms.parameter(endTags)}::text[]`;
  }
  const [first, ...others] = tokens;
  if (first !== undefined) {
    from += ` join ${entries(first, terms)} e
      on e.request_id = f.request_id and e.period = f.period and e.at_ms = f.at_ms`;
  }
  for (const list of others) {
    terms.add(`exists (select from cordon.index_entries o where o.token = any(${terms.parameter(list)}::uuid[])
      and o.at_ms = f.at_ms and o.request_id = f.request_id and o.period = f.period)`);
  }
  if (after !== undefined) {
    const place = `(${terms.parameter(after.atMs)}::bigint, ${terms.parameter(after.id)}::uuid)`;
    terms.add(`(f.at_ms, f.request_id) < ${place}`);
    // Said of the driving table too: the planner does not carry a comparison of rows through a join.
    if (first !== undefined) terms.add(`(e.at_ms, e.request_id) < ${place}`);
  }
  return from;
}

/** Of one token, in the order of the index; of several, each record once. */
function entries(tokens: readonly string[], terms: Terms): string {
  if (tokens.length === 1) {
    return `(select period, at_ms, request_id from cordon.index_entries where token = ${terms.parameter(tokens[0])}::uuid)`;
  }
  return `(select distinct period, at_ms, request_id from cordon.index_entries
    where token = any(${terms.parameter(tokens)}::uuid[]))`;
}

/** The months let the planner leave out whole partitions. */
function addTime(table: string, fromMs: number | undefined, toMs: number | undefined, terms: Terms): void {
  if (fromMs !== undefined) {
    const from = terms.parameter(fromMs);
    terms.add(`${table}.at_ms >= ${from}`);
    terms.add(
      `${table}.period >= date_trunc('month', to_timestamp(${from}::bigint / 1000.0) at time zone 'UTC')`,
    );
  }
  if (toMs !== undefined) {
    const to = terms.parameter(toMs);
    terms.add(`${table}.at_ms < ${to}`);
    terms.add(`${table}.period <= to_timestamp(${to}::bigint / 1000.0) at time zone 'UTC'`);
  }
}
