-- What records are found by. None of it is evidence: `facts` repeats what headers say and can be rebuilt from them, and
-- `index_entries` holds keyed tokens of values, which an erasure deletes. A search reads the record itself for what it
-- shows.

set local role cordon_owner;

-- One row a record. `subject` and `caller` are the first 16 bytes of the header's pseudonyms, which are keyed and bound
-- to a tenant; an erasure empties `subject`. `tags` are `name:value`, such as `entity:PERSON` or `runner:openai`.
create table cordon.facts (
  period date not null,
  tenant text not null,
  request_id uuid not null,
  type text not null,
  at_ms bigint not null,
  subject uuid,
  caller uuid,
  tags text[] not null,
  primary key (request_id, type, period)
) partition by range (period);

-- A completion is found by the decision it completes.
create index on cordon.facts (tenant, at_ms, request_id) where type <> 'COMPLETION';
create index on cordon.facts (subject, at_ms, request_id) where subject is not null;
create index on cordon.facts (caller, at_ms, request_id) where caller is not null;
-- A short pending list keeps the append that happens to empty it short, too.
create index on cordon.facts using gin (tags) with (fastupdate = on, gin_pending_list_limit = 512);

-- One row for each way in which a value that was found in a decision can be asked for. A token is HMAC-SHA256 under the
-- index key of tenant, class and normalised value, cut to 16 bytes; uuid is the type that holds just that.
create table cordon.index_entries (
  period date not null,
  token uuid not null,
  at_ms bigint not null,
  request_id uuid not null,
  primary key (token, at_ms, request_id, period)
) partition by range (period);
-- Entries come in the order of time: an erasure finds those of a record by it, at a hundredth of a key's size.
create index on cordon.index_entries using brin (at_ms) with (pages_per_range = 16, autosummarize = on);

create table cordon.facts_default partition of cordon.facts default;
create table cordon.index_entries_default partition of cordon.index_entries default;

-- Where a rebuilding of the index that was interrupted goes on.
create table cordon.reindexing (
  only_one boolean primary key default true check (only_one),
  chain uuid not null,
  seq bigint not null,
  records bigint not null
);

-- As ensure_partitions does for records; returns how many it created.
create function cordon.ensure_index_partitions(at_ms bigint) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '1s' as $$
declare
  first_month date := date_trunc('month', to_timestamp(at_ms / 1000.0) at time zone 'UTC');
  month date;
  month_after date;
  parent text;
  name text;
  taken boolean;
  created integer := 0;
begin
  if abs(extract(epoch from now()) * 1000 - at_ms) > 62 * 86400000::bigint then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('cordon.ensure_index_partitions', 0));
  foreach month in array array[first_month, (first_month + interval '1 month')::date] loop
    month_after := month + interval '1 month';
    foreach parent in array array['facts', 'index_entries'] loop
      name := parent || '_' || to_char(month, 'YYYY_MM');
      continue when to_regclass('cordon.' || name) is not null;
      execute format('select exists (select from cordon.%I where period >= %L and period < %L)',
        parent || '_default', month, month_after) into taken;
      continue when taken;
      execute format(
        'create table cordon.%I (like cordon.%I including defaults including constraints,
           check (period >= %L and period < %L))', name, parent, month, month_after);
      execute format('alter table cordon.%I attach partition cordon.%I for values from (%L) to (%L)',
        parent, name, month, month_after);
      created := created + 1;
    end loop;
  end loop;
  return created;
end $$;

-- For an erasure: what was indexed for the records of this person, whose pseudonym is `reference`, is not found any
-- more, neither by the person nor by the values in those records. Returns how many records that were.
create function cordon.delete_index(of_tenant text, reference bytea) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp as $$
  with own as (
    update cordon.facts set subject = null
    where subject = encode(substring(reference from 1 for 16), 'hex')::uuid and tenant = of_tenant
    returning request_id, period, at_ms
  ), gone as (
    delete from cordon.index_entries e using own
    where e.request_id = own.request_id and e.period = own.period and e.at_ms = own.at_ms
  )
  select count(*) from own
$$;

-- With the keys goes the index, in one transaction, whoever erases and however. Nobody calls delete_index by hand: what it
-- takes away would be gone without a record.
create function cordon.erase_index() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform cordon.delete_index(new.tenant, new.reference);
  return null;
end $$;
create trigger erases_index after insert on cordon.erasures
  for each row execute function cordon.erase_index();

-- What no record bears out: rows that nobody's writer put there. Returns how many that were.
create function cordon.prune_index() returns bigint language sql security definer
  set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from cordon.facts f where not exists (
      select from cordon.records r
      where r.request_id = f.request_id and r.type = f.type and r.period = f.period)
    returning request_id
  ), entries as (
    delete from cordon.index_entries e where not exists (
      select from cordon.records r
      where r.request_id = e.request_id and r.type = 'DECISION' and r.period = e.period)
    returning request_id
  )
  select (select count(*) from gone) + (select count(*) from entries)
$$;

-- For retention: the index of a month goes once the month's records are gone, and not before; what of it lay in the default
-- partitions too, for tokens of records that are gone are nobody's. Returns how many months.
create function cordon.trim_index() returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '1s' as $$
declare
  suffix text;
  month date;
  parent text;
  trimmed integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('cordon.ensure_index_partitions', 0));
  for suffix in
    select substring(c.relname from 'facts_(\d{4}_\d{2})$')
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'cordon.facts'::regclass and c.relname ~ '^facts_\d{4}_\d{2}$'
  loop
    month := to_date(suffix, 'YYYY_MM');
    continue when month >= date_trunc('month', now() at time zone 'UTC');
    continue when exists (select from cordon.records where period = month);
    foreach parent in array array['facts', 'index_entries'] loop
      execute format('drop table if exists cordon.%I', parent || '_' || suffix);
    end loop;
    trimmed := trimmed + 1;
  end loop;
  for month in
    select period from cordon.facts_default union select period from cordon.index_entries_default
  loop
    continue when month >= date_trunc('month', now() at time zone 'UTC');
    continue when exists (select from cordon.records where period = month);
    delete from cordon.facts_default where period = month;
    delete from cordon.index_entries_default where period = month;
    trimmed := trimmed + 1;
  end loop;
  return trimmed;
end $$;

revoke all on function cordon.erase_index(), cordon.ensure_index_partitions(bigint), cordon.delete_index(text, bytea),
  cordon.prune_index(), cordon.trim_index() from public;
grant execute on function cordon.ensure_index_partitions(bigint),
  cordon.prune_index(), cordon.trim_index() to cordon_writer;

grant select, insert, update on cordon.facts, cordon.reindexing to cordon_writer;
grant delete on cordon.reindexing to cordon_writer;
grant insert on cordon.index_entries to cordon_writer;
-- `on conflict do nothing` reads the key it compares.
grant select on cordon.index_entries to cordon_writer;
grant select on cordon.facts, cordon.index_entries to cordon_reader;

reset role;
