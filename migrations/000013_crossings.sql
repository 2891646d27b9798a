-- What holds, erasure, retention and the index need of each other once all of them are there: least rights, and what each
-- must not leave behind.

set local role cordon_owner;

-- Triggers need nobody's right to run.
revoke all on function cordon.refuse_change(), cordon.check_head(), cordon.check_proposal(), cordon.check_export()
  from public;

-- An erasure tells when the KEKs that could undo it are due; ids and dates, no keys.
grant select on cordon.keks to cordon_writer;

-- A process that has not heard of an erasure yet seals and indexes another call or two under the destroyed key. Nobody
-- can open what it sealed; here it stops being found. Looks at the erasures of the last hour; returns how many calls.
create function cordon.settle_erasures() returns bigint language sql security definer
  set search_path = pg_catalog, pg_temp as $$
  with late as (
    select f.request_id, f.period, f.at_ms
    from cordon.erasures e
    join cordon.facts f on f.subject = encode(substring(e.reference from 1 for 16), 'hex')::uuid
      and f.tenant = e.tenant and f.type = 'DECISION'
    join cordon.records r on r.request_id = f.request_id and r.type = f.type and r.period = f.period
    where e.erased_ms > extract(epoch from clock_timestamp()) * 1000 - 3600000
      and exists (select from jsonb_array_elements(r.header::jsonb #> '{record,sealed}') as sealed
                  where sealed ->> 'field' = 'findings' and sealed ->> 'dek' = any (e.deks::text[]))
  ), hidden as (
    update cordon.facts f set subject = null from late
    where f.request_id = late.request_id and f.type = 'DECISION' and f.period = late.period
    returning f.request_id
  ), gone as (
    delete from cordon.index_entries e using late
    where e.request_id = late.request_id and e.period = late.period and e.at_ms = late.at_ms
  )
  select count(*) from hidden
$$;
revoke all on function cordon.settle_erasures() from public;
grant execute on function cordon.settle_erasures() to cordon_writer;

-- A record counts only where its place is its own. The key of a row holds its month, so that a second row at a taken
-- place, or at one whose record retention dropped, would pass for one that stands in the chain.
create or replace function cordon.recorded(record_id uuid, record_type text)
  returns table (chain uuid, seq bigint, period date, tenant text, at_ms bigint, header text, data jsonb)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.chain, r.seq, r.period, r.tenant, r.at_ms, r.header, r.header::jsonb #> '{record,data}'
  from cordon.records r join cordon.chains c on c.chain = r.chain and r.seq <= c.seq
  where r.request_id = record_id and r.type = record_type
    and r.header::jsonb #>> '{chain}' = r.chain::text and r.header::jsonb #>> '{seq}' = r.seq::text
    and r.header::jsonb #>> '{record,id}' = record_id::text
    and r.header::jsonb #>> '{record,type}' = record_type
    and r.header::jsonb #>> '{record,tenant}' = r.tenant
    and exists (select from cordon.batches b
                where b.chain = r.chain and b.first_seq <= r.seq and b.last_seq >= r.seq)
    and not exists (select from cordon.records o
                    where o.chain = r.chain and o.seq = r.seq and o.period <> r.period)
    and not exists (select from cordon.dropped_leaves l
                    where l.chain = r.chain and l.first_seq <= r.seq
                      and l.first_seq + octet_length(l.leaves) / 32 > r.seq)
  order by r.at_ms limit 1;
$$;

reset role;
