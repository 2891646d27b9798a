import type pg from 'pg';
import { type ReportSource, type ScopeFilter } from '../reports/ports.ts';
import { integer, text } from './columns.ts';
import { joined, Terms } from './fact-source.ts';
import { type Row } from './session.ts';

/**
 * Counting over the index. Facts only: nothing here reads a payload. Where the headers themselves must be read (which
 * data key sealed a record), they are read as `json`, which unlike `jsonb` takes every text that JSON can hold.
 */
export function createReportSource(pool: pg.Pool): ReportSource {
  const select = async (sql: string, terms: Terms): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, terms.values)).rows;
  return {
    async scope(filter, names) {
      const terms = new Terms();
      const hits = hitsOf(filter, terms);
      const wanted = `split_part(tag, ':', 1) = any(${terms.parameter(names)}::text[])`;
      const [total, ...rows] = await select(
        `with ${hits}, named as (
           select subject, unnest(tags) as tag from hit
           union all
           select hit.subject, unnest(c.tags) from hit join cordon.facts c on c.request_id = hit.request_id
             and c.type in ('COMPLETION', 'INCOMPLETE') and c.period >= hit.period
         ), counted as (
           select tag, subject, count(*) as records from named where ${wanted} group by tag, subject
         )
         select null as tag, count(*) as records, count(distinct subject) as subjects,
           count(*) filter (where subject is null) as erased, count(distinct caller) as principals,
           min(at_ms) as first_ms, max(at_ms) as last_ms from hit
         union all
         (select tag, sum(records), count(subject), null, null, null, null from counted
          group by tag order by 2 desc, 1)`,
        terms,
      );
      if (total === undefined) throw new TypeError('a count without a row');
      return {
        records: integer(total, 'records'),
        subjects: integer(total, 'subjects'),
        erased: integer(total, 'erased'),
        principals: integer(total, 'principals'),
        firstMs: optional(total, 'first_ms'),
        lastMs: optional(total, 'last_ms'),
        by: rows.map((row) => ({
          tag: text(row, 'tag'),
          records: integer(row, 'records'),
          subjects: integer(row, 'subjects'),
        })),
      };
    },
    async subjects(filter, limit) {
      const terms = new Terms();
      const rows = await select(
        `with ${hitsOf(filter, terms)}
         select subject::text as subject, count(*) as records, min(at_ms) as first_ms, max(at_ms) as last_ms
         from hit where subject is not null group by subject
         order by 2 desc, 1 limit ${terms.parameter(limit)}`,
        terms,
      );
      return rows.map((row) => ({
        subject: text(row, 'subject').replaceAll('-', ''),
        records: integer(row, 'records'),
        firstMs: integer(row, 'first_ms'),
        lastMs: integer(row, 'last_ms'),
      }));
    },
    async disclosures(filter, limit) {
      const terms = new Terms();
      const rows = await select(
        `with ${hitsOf(filter, terms)}, gone as (
           select hit.*, c.tags as end_tags from hit left join cordon.facts c
             on c.request_id = hit.request_id and c.type = 'COMPLETION' and c.period >= hit.period
         ), line as (
           select subject, at_ms, to_char(to_timestamp(at_ms / 1000.0) at time zone 'UTC', 'YYYY-MM') as month,
             (select substr(t, 9) from unnest(tags) t where t like 'purpose:%' limit 1) as purpose,
             substr(split_part(h, '=', 1), 10) as entity, split_part(h, '=', 2) as handling, runner
           from gone, unnest(tags) h, ${DESTINATIONS} as runner
           where h like 'handling:%'
         ), counted as (
           select month, entity, handling, purpose, runner, subject, count(*) as records,
             min(at_ms) as first_ms, max(at_ms) as last_ms
           from line group by month, entity, handling, purpose, runner, subject
         )
         select month, entity, handling, purpose, runner, sum(records) as records, count(subject) as subjects,
           min(first_ms) as first_ms, max(last_ms) as last_ms
         from counted group by month, entity, handling, purpose, runner
         order by month, runner, purpose, entity, handling limit ${terms.parameter(limit)}`,
        terms,
      );
      return rows.map((row) => ({
        month: text(row, 'month'),
        entity: text(row, 'entity'),
        handling: text(row, 'handling'),
        purpose: row['purpose'] === null ? undefined : text(row, 'purpose'),
        runner: text(row, 'runner'),
        records: integer(row, 'records'),
        subjects: integer(row, 'subjects'),
        firstMs: integer(row, 'first_ms'),
        lastMs: integer(row, 'last_ms'),
      }));
    },
    async deksUnder(kek, tenant, limit) {
      const terms = new Terms();
      const rows = await select(
        `select id::text as id from cordon.deks where kek = ${terms.parameter(kek)} and wrapped is not null
         and tenant = ${terms.parameter(tenant)} order by id limit ${terms.parameter(limit)}`,
        terms,
      );
      return rows.map((row) => text(row, 'id'));
    },
  };
}

/**
 * Where a call was sent: as its completion says; by the decision where no completion says anything, since it may have
 * been sent; nowhere when it ended before any try.
 */
const DESTINATIONS = `unnest(case
    when exists (select from unnest(end_tags) t where t like 'sent:%')
      then array(select substr(t, 6) from unnest(end_tags) t where t like 'sent:%')
    when end_tags && array['outcome:denied', 'outcome:upstream_error'] then array[]::text[]
    else array(select substr(t, 8) from unnest(tags) with ordinality as d (t, n)
               where t like 'runner:%' order by n limit 1)
  end)`;

/** The calls a filter means, as a table `hit`. */
function hitsOf(filter: ScopeFilter, terms: Terms): string {
  const { reached, deks, tenant } = filter;
  const from = joined(filter, undefined, terms);
  let keyed = '';
  if (deks !== undefined) {
    const ids = terms.parameter(deks);
    keyed = `keyed as materialized (
      select distinct r.request_id from cordon.records r,
        json_array_elements(r.header::json -> 'record' -> 'sealed') s
      where r.tenant = ${terms.parameter(tenant)}
        and r.period in (select period from cordon.deks where id = any(${ids}::uuid[]))
        and (s ->> 'dek')::uuid in (select unnest(${ids}::uuid[]))
    ), `;
    terms.add('f.request_id in (select request_id from keyed)');
  }
  if (reached !== undefined) {
    const sent = terms.parameter(`sent:${reached}`);
    terms.add(`f.tags @> array['allow:true', ${terms.parameter(`runner:${reached}`)}]`);
    terms.add(`not exists (select from cordon.facts x
      where x.request_id = f.request_id and x.type = 'COMPLETION' and x.period >= f.period
        and not x.tags @> array[${sent}] and exists (select from unnest(x.tags) t where t like 'sent:%'))`);
  }
  return `${keyed}hit as materialized (
    select f.period, f.request_id, f.at_ms, f.subject, f.caller, f.tags from ${from} where ${terms.where})`;
}

function optional(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
