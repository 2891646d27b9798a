-- The audit ledger: chains, batches and records, which are only ever added to, and the wrapped keys that open them.

do $$
declare
  wanted text;
begin
  -- Roles belong to the cluster, so another database may have created them already, even at this moment. Whoever
  -- migrates must be able to act as the owner, and with a single database URL also as writer and reader.
  foreach wanted in array array['cordon_owner', 'cordon_writer', 'cordon_reader'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
        execute format('grant %I to current_user', wanted);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end $$;

grant usage, create on schema cordon to cordon_owner;
grant usage on schema cordon to cordon_writer, cordon_reader;
grant select on cordon.migrations to cordon_writer, cordon_reader;

set local role cordon_owner;

-- One row per writer epoch: the head the writer is fenced by.
create table cordon.chains (
  chain uuid primary key,
  instance text not null,
  opened_ms bigint not null,
  seq bigint not null default 0 check (seq >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  -- Every decision up to here has its completion: where a sweep may start. A hint, not evidence.
  settled bigint not null default 0,
  closed boolean not null default false
) with (fillfactor = 50);

create table cordon.batches (
  chain uuid not null,
  first_seq bigint not null,
  last_seq bigint not null,
  root bytea not null check (octet_length(root) = 32),
  prev bytea not null check (octet_length(prev) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (chain, first_seq),
  check (first_seq between 1 and last_seq)
);

-- `header` is the canonical JSON the leaf covers, as text, because jsonb would reorder it. The columns beside it
-- repeat parts of it for searching, and verification compares them. The four bytea columns are ciphertext.
create table cordon.records (
  period date not null,
  chain uuid not null,
  seq bigint not null,
  request_id uuid not null,
  type text not null,
  tenant text not null,
  at_ms bigint not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  header text not null,
  context bytea,
  body bytea,
  findings bytea,
  response bytea,
  primary key (chain, seq, period),
  unique (request_id, type, period)
) partition by range (period);

-- Ciphertext does not compress.
alter table cordon.records
  alter column context set storage external,
  alter column body set storage external,
  alter column findings set storage external,
  alter column response set storage external;

create table cordon.deks (
  id uuid primary key,
  kind text not null check (kind in ('tenant', 'subject')),
  tenant text not null,
  -- Pseudonym of the data subject: HMAC-SHA256 under the index key. Empty for a tenant's key.
  reference bytea not null check (octet_length(reference) in (0, 32)),
  period date not null,
  generation integer not null,
  kek text not null,
  -- Null once destroyed.
  wrapped bytea,
  uses bigint not null default 0,
  unique (kind, tenant, reference, period, generation)
);

create function cordon.refuse_change() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- A superuser can still disable a trigger; verification is what finds the change then.
create function cordon.guard(guarded regclass) returns void language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  execute format(
    'create trigger append_only before update or delete or truncate on %s
       for each statement execute function cordon.refuse_change()', guarded);
  execute format('alter table %s enable always trigger append_only', guarded);
end $$;

-- The head may only move forward, and a closed chain stays as it is.
create function cordon.check_head() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if new.chain <> old.chain or new.instance <> old.instance or new.opened_ms <> old.opened_ms
     or new.seq < old.seq or (new.seq = old.seq and new.hash <> old.hash) or old.closed then
    raise exception 'the head of a chain only moves forward' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create trigger forward_only before update on cordon.chains
  for each row execute function cordon.check_head();
alter table cordon.chains enable always trigger forward_only;
create trigger append_only before delete or truncate on cordon.chains
  for each statement execute function cordon.refuse_change();
alter table cordon.chains enable always trigger append_only;

-- What no monthly partition covers lands here, so that an append never fails for want of a partition. Rows stay
-- inline up to a page: they are written once and read in order.
create table cordon.records_default partition of cordon.records default
  with (toast_tuple_target = 8160);

select cordon.guard('cordon.records');
select cordon.guard('cordon.records_default');
select cordon.guard('cordon.batches');

-- Creates the partition of the month `at_ms` falls into and of the month after it; returns how many it created.
-- Attaching locks neither readers nor writers of the parent out, as `create table … partition of` would.
create function cordon.ensure_partitions(at_ms bigint) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '1s' as $$
declare
  first_month date := date_trunc('month', to_timestamp(at_ms / 1000.0) at time zone 'UTC');
  month date;
  month_after date;
  name text;
  created integer := 0;
begin
  -- The writer chooses the argument; nobody shall litter the catalogue with far-off months.
  if abs(extract(epoch from now()) * 1000 - at_ms) > 62 * 86400000::bigint then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('cordon.ensure_partitions', 0));
  foreach month in array array[first_month, (first_month + interval '1 month')::date] loop
    month_after := month + interval '1 month';
    name := 'records_' || to_char(month, 'YYYY_MM');
    continue when to_regclass('cordon.' || name) is not null;
    -- Rows of this month that already went to the default partition must stay there; so does the month.
    continue when exists (select from cordon.records_default where period >= month and period < month_after);
    execute format(
      'create table cordon.%I (like cordon.records including defaults including constraints including storage,
         check (period >= %L and period < %L)) with (toast_tuple_target = 8160)', name, month, month_after);
    execute format(
      'alter table cordon.records attach partition cordon.%I for values from (%L) to (%L)',
      name, month, month_after);
    perform cordon.guard(format('cordon.%I', name)::regclass);
    created := created + 1;
  end loop;
  return created;
end $$;

revoke all on function cordon.guard(regclass), cordon.ensure_partitions(bigint) from public;
grant execute on function cordon.ensure_partitions(bigint) to cordon_writer;

-- The writer adds records and reads back only what is not ciphertext: the sweep needs to know which decisions have
-- no completion, and a repeated append must be recognised.
grant insert on cordon.records, cordon.batches to cordon_writer;
grant select (period, chain, seq, request_id, type, tenant, at_ms, leaf, header)
  on cordon.records to cordon_writer;
grant select, insert on cordon.chains to cordon_writer;
grant update (seq, hash, settled, closed) on cordon.chains to cordon_writer;
grant select, insert on cordon.deks to cordon_writer;
grant update (uses) on cordon.deks to cordon_writer;
grant select on cordon.records, cordon.batches, cordon.chains, cordon.deks to cordon_reader;

reset role;
