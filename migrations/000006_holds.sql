-- Legal holds: what must be neither dropped nor erased. A hold is never changed and never removed; its release is a row
-- of its own. Whoever places, releases, erases or drops takes one lock first, so that a hold placed while something is
-- being destroyed is either seen by it or waits for it, and never lies about what it kept.

set local role cordon_owner;

create table cordon.holds (
  id uuid primary key,
  tenant text not null,
  matter text not null check (matter ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'),
  -- Pseudonyms of data subjects, and of callers; with neither, everybody of the tenant.
  subjects bytea[] not null,
  principals bytea[] not null,
  -- Of records: from, inclusive; to, exclusive.
  from_ms bigint,
  to_ms bigint,
  -- Pseudonym of who placed it.
  author bytea not null check (octet_length(author) = 32),
  placed_ms bigint not null,
  check (from_ms < to_ms)
);
create index on cordon.holds (tenant);

create table cordon.hold_releases (
  hold uuid primary key references cordon.holds,
  -- The id of its HOLD_RELEASED record.
  release uuid not null unique,
  released_ms bigint not null
);

select cordon.guard('cordon.holds');
select cordon.guard('cordon.hold_releases');

-- What was begun and must be carried on after a crash. No evidence: that is in the records, which share these ids.
create table cordon.unfinished (
  id uuid primary key,
  kind text not null check (kind in ('hold', 'erasure', 'drop')),
  begun_ms bigint not null
);

-- A record that stands in a chain, behind its head and in a batch, by its id and type; its data as the leaf covers it.
create function cordon.recorded(record_id uuid, record_type text)
  returns table (chain uuid, seq bigint, period date, tenant text, at_ms bigint, header text, data jsonb)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.chain, r.seq, r.period, r.tenant, r.at_ms, r.header, r.header::jsonb #> '{record,data}'
  from cordon.records r join cordon.chains c on c.chain = r.chain and r.seq <= c.seq
  where r.request_id = record_id and r.type = record_type
    and r.header::jsonb #>> '{record,id}' = record_id::text
    and r.header::jsonb #>> '{record,type}' = record_type
    and r.header::jsonb #>> '{record,tenant}' = r.tenant
    and exists (select from cordon.batches b
                where b.chain = r.chain and b.first_seq <= r.seq and b.last_seq >= r.seq)
  order by r.at_ms limit 1;
$$;

create function cordon.lock_lifecycle() returns void language sql
  set search_path = pg_catalog, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('cordon.lifecycle', 0));
$$;

create function cordon.place_hold(
  hold uuid, of_tenant text, of_matter text, of_subjects bytea[], of_principals bytea[],
  since_ms bigint, until_ms bigint, by_author bytea, at_ms bigint
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(of_subjects) + cardinality(of_principals) > 1000 or exists (
    select from unnest(of_subjects || of_principals) as person where octet_length(person) is distinct from 32
  ) then
    raise exception 'a hold names at most 1000 pseudonyms of 32 bytes' using errcode = 'invalid_parameter_value';
  end if;
  perform cordon.lock_lifecycle();
  insert into cordon.holds (id, tenant, matter, subjects, principals, from_ms, to_ms, author, placed_ms)
  values (hold, of_tenant, of_matter, of_subjects, of_principals, since_ms, until_ms, by_author, at_ms);
  insert into cordon.unfinished (id, kind, begun_ms) values (hold, 'hold', at_ms);
end $$;

-- Takes the id of a HOLD_RELEASED record and nothing else: what is released, and that two persons wanted it, is read
-- from the record. Doing it again changes nothing.
create function cordon.release_hold(release_id uuid) returns uuid language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  said record;
  found_hold uuid;
begin
  perform cordon.lock_lifecycle();
  select * into said from cordon.recorded(release_id, 'HOLD_RELEASED');
  if said is null then
    raise exception 'there is no record of this release' using errcode = 'no_data_found';
  end if;
  -- What is missing is null, and a test of it is not true.
  if (said.data ->> 'by' ~ '^[0-9a-f]{64}$' and said.data ->> 'approvedBy' ~ '^[0-9a-f]{64}$'
      and said.data ->> 'by' <> said.data ->> 'approvedBy') is not true then
    raise exception 'a release needs two persons' using errcode = 'insufficient_privilege';
  end if;
  select id into found_hold from cordon.holds
    where id::text = said.data ->> 'hold' and tenant = said.tenant;
  if found_hold is null then
    raise exception 'the record names no hold of its tenant' using errcode = 'no_data_found';
  end if;
  insert into cordon.hold_releases (hold, release, released_ms) values (found_hold, release_id, said.at_ms)
    on conflict do nothing;
  return found_hold;
end $$;

create view cordon.active_holds as
  select * from cordon.holds h where not exists (select from cordon.hold_releases x where x.hold = h.id);

-- Whether a month (given by its first day, UTC) and a span of time share a moment.
create function cordon.month_meets(month date, since_ms bigint, until_ms bigint) returns boolean language sql immutable
  set search_path = pg_catalog, pg_temp as $$
  select coalesce(since_ms < extract(epoch from (month + interval '1 month') at time zone 'UTC') * 1000, true)
     and coalesce(until_ms > extract(epoch from month::timestamp at time zone 'UTC') * 1000, true);
$$;

-- Holds that keep a data subject's keys. A hold of callers keeps the subjects of their calls. Keys belong to months, so
-- a hold of one day keeps the subject's whole month.
create function cordon.holds_on_subject(of_tenant text, subject bytea) returns setof cordon.holds language sql stable
  set search_path = pg_catalog, pg_temp as $$
  with own as (
    select distinct period from cordon.deks
    where kind = 'subject' and tenant = of_tenant and reference = subject and wrapped is not null
  )
  select h.* from cordon.active_holds h
  where h.tenant = of_tenant
    and ((h.from_ms is null and h.to_ms is null)
         or exists (select from own where cordon.month_meets(own.period, h.from_ms, h.to_ms)))
    and (cardinality(h.subjects) + cardinality(h.principals) = 0
         or subject = any (h.subjects)
         or (cardinality(h.principals) > 0 and exists (
              select from cordon.records r
              where r.period in (select period from own) and r.tenant = of_tenant
                and r.at_ms >= coalesce(h.from_ms, r.at_ms) and r.at_ms < coalesce(h.to_ms, r.at_ms + 1)
                and strpos(r.header, encode(subject, 'hex')) > 0
                and exists (select from unnest(h.principals) as caller
                            where strpos(r.header, encode(caller, 'hex')) > 0))));
$$;

-- Holds that keep a month of records: it has a record of theirs, or what completes one from the last day before.
create function cordon.holds_on_month(month date) returns setof cordon.holds language sql stable
  set search_path = pg_catalog, pg_temp as $$
  select h.* from cordon.active_holds h
  where exists (
    select from cordon.records r
    where r.tenant = h.tenant
      and (r.period = month
           or (r.period = (month - interval '1 month')::date
               and r.at_ms >= extract(epoch from month::timestamp at time zone 'UTC') * 1000 - 86400000
               and exists (select from cordon.records e where e.request_id = r.request_id and e.period = month)))
      and r.at_ms >= coalesce(h.from_ms, r.at_ms) and r.at_ms < coalesce(h.to_ms, r.at_ms + 1)
      and (cardinality(h.subjects) + cardinality(h.principals) = 0
           or exists (select from unnest(h.subjects || h.principals) as person
                      where strpos(r.header, encode(person, 'hex')) > 0)));
$$;

revoke all on function cordon.recorded(uuid, text), cordon.lock_lifecycle(), cordon.release_hold(uuid),
  cordon.place_hold(uuid, text, text, bytea[], bytea[], bigint, bigint, bytea, bigint),
  cordon.month_meets(date, bigint, bigint), cordon.holds_on_subject(text, bytea), cordon.holds_on_month(date)
  from public;
grant execute on function cordon.release_hold(uuid),
  cordon.place_hold(uuid, text, text, bytea[], bytea[], bigint, bigint, bytea, bigint)
  to cordon_writer;
grant select on cordon.holds, cordon.hold_releases, cordon.active_holds to cordon_writer, cordon_reader;
grant select, insert, delete on cordon.unfinished to cordon_writer;

reset role;
