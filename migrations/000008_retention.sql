-- Retention: whole months of records go when their time is up. Their leaves stay, 32 bytes a record, and so do batches,
-- tiles and checkpoints: what was there can no longer be read, and everything else is proved as before.

set local role cordon_owner;

-- The RETENTION_STARTED record a month went by, whole: it proves the drop after its own month is gone, too.
create table cordon.drops (
  start uuid primary key,
  month date not null,
  chain uuid not null,
  seq bigint not null,
  header text not null,
  records bigint not null,
  keys_destroyed integer not null,
  dropped_ms bigint not null
);

-- Leaves of dropped records: runs without a gap, at most 8192 in one row.
create table cordon.dropped_leaves (
  chain uuid not null,
  first_seq bigint not null check (first_seq > 0),
  start uuid not null,
  leaves bytea not null check (octet_length(leaves) between 32 and 262144 and octet_length(leaves) % 32 = 0),
  primary key (chain, first_seq)
);
alter table cordon.dropped_leaves alter column leaves set storage external;
create index on cordon.dropped_leaves (start);

select cordon.guard('cordon.drops');
select cordon.guard('cordon.dropped_leaves');

create function cordon.month_runs(of_month date) returns table (chain uuid, first_seq bigint, leaves bytea)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.chain, min(r.seq), string_agg(r.leaf, ''::bytea order by r.seq)
  from (select q.chain, q.seq, q.leaf, (q.seq - 1) / 8192 as page,
               q.seq - row_number() over (partition by q.chain order by q.seq) as island
        from cordon.records q where q.period = of_month) r
  group by r.chain, r.island, r.page;
$$;

-- One run in the digest of a drop: chain (16 bytes) ‖ first (8) ‖ number of leaves (8) ‖ SHA-256 of the leaves.
create function cordon.run_bytes(chain uuid, first_seq bigint, leaves bytea) returns bytea language sql immutable
  set search_path = pg_catalog, pg_temp as $$
  select uuid_send(chain) || int8send(first_seq) || int8send(octet_length(leaves) / 32) || sha256(leaves);
$$;

-- What a drop of this month would take: for its record, which is written first.
create function cordon.plan_drop(of_month date, out records bigint, out digest bytea, out chains text[])
  language sql stable set search_path = pg_catalog, pg_temp as $$
  with runs as (select * from cordon.month_runs(of_month)),
  by_chain as (
    select chain, min(first_seq) as first, max(first_seq + octet_length(leaves) / 32 - 1) as last,
           sum(octet_length(leaves) / 32) as n
    from runs group by chain
  )
  select (select coalesce(sum(octet_length(leaves) / 32), 0) from runs),
         (select sha256(coalesce(string_agg(cordon.run_bytes(chain, first_seq, leaves), ''::bytea
                                            order by chain, first_seq), '')) from runs),
         (select coalesce(array_agg(chain || ' ' || first || ' ' || last || ' ' || n order by chain), '{}')
          from by_chain);
$$;

-- The months that have a partition of their own, the day from which each may go (null: never, no terms are set), and
-- the matters that keep it. With `only_due`, those that may go now.
create function cordon.months(only_due boolean) returns table (month date, due date, matters text[])
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with parts as (
    select to_date(substring(c.relname from '^records_(\d{4}_\d{2})$'), 'YYYY_MM') as first_day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'cordon.records'::regclass and c.relname ~ '^records_\d{4}_\d{2}$'
  )
  select d.first_day, d.due_day,
         (select coalesce(array_agg(distinct h.matter), '{}') from cordon.holds_on_month(d.first_day) h)
  from (select p.first_day, cordon.due_on(p.first_day) as due_day from parts p offset 0) d
  where not only_due or d.due_day <= (now() at time zone 'UTC')::date
  order by d.first_day;
end $$;

-- The longest term of those who have records in the month counts for all of it; before any term has passed, the longest
-- of all is told.
create function cordon.due_on(of_month date) returns date language sql stable
  set search_path = pg_catalog, pg_temp as $$
  select ((of_month + interval '1 month')::date + max(days))::date
  from (select (select t.keep_days from cordon.retention_terms t
                where t.tenant in (present.tenant, '') order by t.tenant = '' limit 1) as days
        from (select '' as tenant union
              -- Who has records there is read only where it can make a difference, and may go at all.
              select r.tenant from cordon.records r
              where r.period = of_month and exists (select from cordon.retention_terms t where t.tenant <> '')
                and (of_month + interval '1 month')::date + (select min(t.keep_days) from cordon.retention_terms t)
                    <= (now() at time zone 'UTC')::date
              union select t.tenant from cordon.retention_terms t
              where (of_month + interval '1 month')::date + (select min(t.keep_days) from cordon.retention_terms t)
                    > (now() at time zone 'UTC')::date) present
       ) terms
  having bool_and(days is not null);
$$;

-- Records that no monthly partition took: they are in nobody's way, and are never dropped.
create function cordon.unpartitioned() returns bigint language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select count(*) from cordon.records_default;
$$;

-- Takes the id of a RETENTION_STARTED record and nothing else: which month goes is read from the record, and must be
-- exactly what the record says it is. Doing it again gives what was done the first time.
create function cordon.drop_month(
  start_id uuid, out outcome text, out of_month date, out dropped bigint, out keys_destroyed integer,
  out at_ms bigint, out matters text[]
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  said record;
  done record;
  name text;
  found_digest bytea;
begin
  perform cordon.lock_lifecycle();
  select * into said from cordon.recorded(start_id, 'RETENTION_STARTED');
  if said is null then
    raise exception 'there is no record of this drop' using errcode = 'no_data_found';
  end if;
  if said.tenant <> '' or said.data ->> 'month' is null or said.data ->> 'month' !~ '^\d{4}-\d{2}-01$' then
    raise exception 'the record names no month' using errcode = 'invalid_parameter_value';
  end if;
  of_month := (said.data ->> 'month')::date;
  name := 'records_' || to_char(of_month, 'YYYY_MM');
  dropped := 0;
  keys_destroyed := 0;
  at_ms := floor(extract(epoch from clock_timestamp()) * 1000);
  matters := '{}';
  select * into done from cordon.drops d where d.start = start_id;
  if done.start is not null then
    outcome := 'dropped';
    dropped := done.records;
    keys_destroyed := done.keys_destroyed;
    at_ms := done.dropped_ms;
    return;
  end if;
  if not exists (select from pg_inherits i where i.inhparent = 'cordon.records'::regclass
                   and i.inhrelid = to_regclass('cordon.' || name)) then
    outcome := 'absent';
    return;
  end if;
  -- It was refused, and recorded so: another drop needs another record.
  if exists (select from cordon.recorded(start_id, 'RETENTION_REFUSED')) then
    outcome := 'absent';
    return;
  end if;
  if said.period <= of_month or coalesce(cordon.due_on(of_month) > (now() at time zone 'UTC')::date, true) then
    outcome := 'not_due';
    return;
  end if;
  select coalesce(array_agg(distinct h.matter), '{}') into matters from cordon.holds_on_month(of_month) h;
  if cardinality(matters) > 0 then
    outcome := 'held';
    return;
  end if;

  insert into cordon.dropped_leaves (chain, first_seq, start, leaves)
    select r.chain, r.first_seq, start_id, r.leaves from cordon.month_runs(of_month) r;
  select sha256(coalesce(string_agg(cordon.run_bytes(l.chain, l.first_seq, l.leaves), ''::bytea
                                    order by l.chain, l.first_seq), '')),
         coalesce(sum(octet_length(l.leaves) / 32), 0)
    into found_digest, dropped
    from cordon.dropped_leaves l where l.start = start_id;
  if encode(found_digest, 'hex') is distinct from said.data ->> 'digest'
     or dropped::text is distinct from said.data ->> 'records' then
    raise exception 'the month is not what the record says' using errcode = 'data_exception';
  end if;
  -- Of data subjects' keys only what runners may still keep of that time is left. Tenants' keys stay: more than records
  -- is sealed under them, such as proposals.
  update cordon.deks d set wrapped = null
    where d.kind = 'subject' and d.period = of_month and d.wrapped is not null
      and not exists (select from cordon.kept_calls k where k.dek = d.id);
  get diagnostics keys_destroyed = row_count;
  insert into cordon.drops (start, month, chain, seq, header, records, keys_destroyed, dropped_ms)
  values (start_id, of_month, said.chain, said.seq, said.header, dropped, keys_destroyed, at_ms);
  perform pg_notify('cordon_keys', '');
  -- The parent's lock stops appends: not for long, and not behind a reader.
  perform set_config('lock_timeout', '1s', true);
  execute format('drop table cordon.%I', name);
  outcome := 'dropped';
end $$;

revoke all on function cordon.month_runs(date), cordon.run_bytes(uuid, bigint, bytea), cordon.plan_drop(date),
  cordon.months(boolean), cordon.due_on(date), cordon.unpartitioned(), cordon.drop_month(uuid) from public;
grant execute on function cordon.month_runs(date), cordon.run_bytes(uuid, bigint, bytea), cordon.plan_drop(date),
  cordon.drop_month(uuid) to cordon_writer;
grant execute on function cordon.months(boolean), cordon.unpartitioned() to cordon_writer, cordon_reader;
grant select on cordon.drops, cordon.dropped_leaves to cordon_writer, cordon_reader;

reset role;
