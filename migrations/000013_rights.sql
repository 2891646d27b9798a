-- What the roles need of each other's parts once all of them are there, and nothing that nobody uses; and what an
-- erasure leaves to be done when a process hears of it late.

set local role cordon_owner;

-- An erasure deletes the index of a person by the trigger on cordon.erasures, which runs with its owner's rights. Nobody
-- calls this by hand: what it takes away would be gone without a record.
revoke execute on function cordon.delete_index(text, bytea) from cordon_writer;

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

reset role;
