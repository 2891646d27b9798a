import type pg from 'pg';
import { TAG_SEPARATOR } from '../ledger/search/facts.ts';
import { type IndexedRecord, type ReindexStore } from '../ledger/search/reindex.ts';
import { integer, text } from './columns.ts';
import { CLEAR, toFoundRow } from './record-source.ts';
import { type Row } from './session.ts';

/** As cordon.lock_lifecycle, shared. */
const LIFECYCLE = "hashtextextended('cordon.lifecycle', 0)";

/** Only rows that differ are written, so that their number says how far the index was off. */
const PUT_FACTS = `
insert into cordon.facts (period, tenant, request_id, type, at_ms, subject, caller, tags)
select r.period, r.tenant, r.request_id, r.type, r.at_ms,
  case when r.dek is null or d.wrapped is not null then r.subject end, r.caller, string_to_array(r.tags, chr(31))
from unnest($1::date[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::uuid[], $7::uuid[], $8::text[],
            $9::uuid[])
  as r (period, tenant, request_id, type, at_ms, subject, caller, tags, dek)
left join cordon.deks d on d.id = r.dek
on conflict (request_id, type, period) do update
set tenant = excluded.tenant, at_ms = excluded.at_ms, subject = excluded.subject, caller = excluded.caller,
  tags = excluded.tags
where (facts.tenant, facts.at_ms, facts.subject, facts.caller, facts.tags)
  is distinct from (excluded.tenant, excluded.at_ms, excluded.subject, excluded.caller, excluded.tags)`;

const PUT_ENTRIES = `
insert into cordon.index_entries (period, token, at_ms, request_id)
select ($1::date[])[e.n], e.token, ($2::bigint[])[e.n], ($3::uuid[])[e.n]
from unnest($4::int[], $5::uuid[]) as e (n, token)
left join cordon.deks d on d.id = ($6::uuid[])[e.n]
where ($6::uuid[])[e.n] is null or d.wrapped is not null
on conflict (token, at_ms, request_id, period) do nothing`;

/** Reads with the reader's rights, writes with the writer's. */
export function createReindexStore(pools: {
  readonly reader: pg.Pool;
  readonly writer: pg.Pool;
}): ReindexStore {
  const { reader, writer } = pools;
  return {
    async chains() {
      const { rows } = await reader.query<Row>('select chain::text as chain from cordon.chains');
      return rows.map((row) => ({ chain: text(row, 'chain') }));
    },
    async rows(chain, afterSeq, limit, findings) {
      const { rows } = await reader.query<Row>(
        `select ${CLEAR}${findings ? ', findings' : ''} from cordon.records
         where chain = $1 and seq > $2 order by seq limit $3`,
        [chain, afterSeq, limit],
      );
      return rows.map(toFoundRow);
    },
    async progress() {
      const { rows } = await writer.query<Row>(
        'select chain::text as chain, seq, records from cordon.reindexing',
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return { chain: text(row, 'chain'), seq: integer(row, 'seq'), records: integer(row, 'records') };
    },
    async put(records, { chain, seq, records: read }, keep) {
      const client = await writer.connect();
      try {
        await client.query('begin');
        // What was opened a moment ago may be erased by now. Erasures wait until this page is written, and delete it with
        // the rest; what one of them destroyed before is not written.
        await client.query(`select pg_advisory_xact_lock_shared(${LIFECYCLE})`);
        const changed = await putRows(client, records);
        await client.query(
          `insert into cordon.reindexing (chain, seq, records) values ($1, $2, $3)
           on conflict (only_one) do update set chain = $1, seq = $2, records = $3`,
          [chain, seq, read],
        );
        await client.query(keep ? 'commit' : 'rollback');
        client.release();
        return changed;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    async end() {
      await writer.query('delete from cordon.reindexing');
      const { rows } = await writer.query<Row>('select cordon.prune_index() as removed');
      return rows[0] === undefined ? 0 : integer(rows[0], 'removed');
    },
  };
}

async function putRows(client: pg.PoolClient, records: readonly IndexedRecord[]): Promise<number> {
  const rows = records.map(({ row }) => row);
  const periods = rows.map(({ period }) => period);
  const times = rows.map(({ atMs }) => atMs);
  const ids = rows.map(({ requestId }) => requestId);
  const deks = records.map(({ subjectDek }) => subjectDek ?? null);
  const facts = await client.query(PUT_FACTS, [
    periods,
    rows.map(({ tenant }) => tenant),
    ids,
    rows.map(({ type }) => type),
    times,
    records.map(({ subject }) => subject ?? null),
    records.map(({ caller }) => caller ?? null),
    records.map(({ tags }) => tags.join(TAG_SEPARATOR)),
    deks,
  ]);
  const entries = await client.query(PUT_ENTRIES, [
    periods,
    times,
    ids,
    records.flatMap(({ tokens }, i) => tokens.map(() => i + 1)),
    records.flatMap(({ tokens }) => tokens),
    deks,
  ]);
  return (facts.rowCount ?? 0) + (entries.rowCount ?? 0);
}
