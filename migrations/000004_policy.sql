-- Versions of the policy: what was submitted, who had it activated with whose approval, which version is in force since
-- when, exceptions beside it, and what each process enforces. Facts are only ever added. What is in force follows from
-- them and from this database's clock alone, so that all processes come to the same answer.

set local role cordon_owner;

-- A version is named by the SHA-256 of its text, which the database checks: no name can be given to another text.
create table cordon.policy_versions (
  hash text primary key,
  -- Canonical JSON: the entry file's name and the text of every file.
  bundle text not null,
  name text not null,
  author_issuer text not null,
  author_subject text not null,
  note text not null,
  ticket text not null,
  created_ms bigint not null,
  check (hash = encode(sha256(convert_to(bundle, 'UTF8')), 'hex'))
);
alter table cordon.policy_versions alter column bundle set storage extended;

create table cordon.policy_simulations (
  id bigint generated always as identity primary key,
  hash text not null references cordon.policy_versions,
  issuer text not null,
  subject text not null,
  at_ms bigint not null,
  summary text not null
);
create index on cordon.policy_simulations (hash);

-- Two people stand behind each, except behind the import of the first version, which the table's emptiness guards.
create table cordon.policy_activations (
  id uuid primary key,
  place bigint generated always as identity,
  kind text not null check (kind in ('import', 'activate', 'rollback')),
  hash text not null references cordon.policy_versions,
  proposer_issuer text not null,
  proposer_subject text not null,
  approver_issuer text not null,
  approver_subject text not null,
  approved_ms bigint not null,
  from_ms bigint not null,
  until_ms bigint,
  check (until_ms > from_ms),
  check (kind = 'import' or (proposer_issuer, proposer_subject) <> (approver_issuer, approver_subject))
);
create index on cordon.policy_activations (from_ms, place);

create table cordon.policy_withdrawals (
  activation uuid primary key references cordon.policy_activations,
  issuer text not null,
  subject text not null,
  at_ms bigint not null
);

-- What stands beside a version for a time: a denial in an emergency, a permission behind broken glass, a find that two
-- people agree is none. `content` is canonical JSON, named by its SHA-256.
create table cordon.policy_exceptions (
  hash text primary key,
  kind text not null check (kind in ('emergency_deny', 'break_glass', 'false_positive')),
  content text not null,
  author_issuer text not null,
  author_subject text not null,
  approver_issuer text,
  approver_subject text,
  note text not null,
  ticket text not null,
  from_ms bigint not null,
  until_ms bigint not null,
  check (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  check (until_ms > from_ms),
  check (until_ms - from_ms <= case kind when 'emergency_deny' then 24 * 3600000::bigint
                                         when 'break_glass' then 4 * 3600000::bigint
                                         else 366 * 86400000::bigint end),
  check (kind <> 'false_positive' or (approver_issuer is not null and approver_subject is not null
           and (author_issuer, author_subject) <> (approver_issuer, approver_subject))),
  check (kind <> 'break_glass' or (note <> '' and ticket <> ''))
);
create index on cordon.policy_exceptions (until_ms);

create table cordon.policy_exception_ends (
  exception text primary key references cordon.policy_exceptions,
  issuer text not null,
  subject text not null,
  at_ms bigint not null
);

create table cordon.policy_reviews (
  exception text primary key references cordon.policy_exceptions,
  issuer text not null,
  subject text not null,
  verdict text not null check (verdict in ('upheld', 'objected')),
  note text not null,
  at_ms bigint not null
);

-- What was in force from when: one row for each change, in the order of its number.
create table cordon.policy_active (
  number bigint primary key,
  activation uuid not null references cordon.policy_activations,
  base text not null references cordon.policy_versions,
  -- Of the version and the exceptions in force beside it.
  hash text not null,
  since_ms bigint not null
);
create index on cordon.policy_active (hash);
create index on cordon.policy_active (base);

create table cordon.policy_receipts (
  instance text primary key,
  number bigint not null,
  hash text not null,
  since_ms bigint not null,
  seen_ms bigint not null
);

select cordon.guard('cordon.policy_versions');
select cordon.guard('cordon.policy_simulations');
select cordon.guard('cordon.policy_activations');
select cordon.guard('cordon.policy_withdrawals');
select cordon.guard('cordon.policy_exceptions');
select cordon.guard('cordon.policy_exception_ends');
select cordon.guard('cordon.policy_reviews');
select cordon.guard('cordon.policy_active');

-- Exceptions in force at an instant, past or present.
create function cordon.policy_exceptions_at(at_ms bigint) returns setof cordon.policy_exceptions
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select e.* from cordon.policy_exceptions e
  where e.from_ms <= at_ms and e.until_ms > at_ms
    and not exists (select from cordon.policy_exception_ends x where x.exception = e.hash and x.at_ms <= $1)
$$;

-- The activation that holds at an instant is the latest that has begun and not ended: when one expires, the one before
-- it holds again.
create function cordon.policy_wanted(at_ms bigint, out activation uuid, out base text, out hash text)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  beside text;
begin
  select a.id, a.hash into activation, base
  from cordon.policy_activations a
  where a.from_ms <= at_ms and (a.until_ms is null or a.until_ms > at_ms)
    and not exists (select from cordon.policy_withdrawals w where w.activation = a.id)
  order by a.from_ms desc, a.place desc limit 1;
  select string_agg(e.hash, E'\n' order by e.hash collate "C") into beside
  from cordon.policy_exceptions_at(at_ms) e;
  hash := case when beside is null then base
               else encode(sha256(convert_to(base || E'\n' || beside, 'UTF8')), 'hex') end;
end $$;

-- Whoever changes what is in force holds this lock and takes its time from here: strictly later than any change
-- before it, so that a change belongs to one number, even where the clock is set back.
create function cordon.policy_now() returns bigint language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('cordon.policy', 0));
  return greatest((extract(epoch from clock_timestamp()) * 1000)::bigint,
                  (select coalesce(max(since_ms), 0) + 1 from cordon.policy_active));
end $$;

-- What is in force now; when that has changed, by a decision or by time, the change gets its number here. Any process
-- may ask, and none can choose the answer. No row: nothing is in force.
create function cordon.policy_settle() returns setof cordon.policy_active
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  wanted record;
  held cordon.policy_active;
begin
  for attempt in 1..2 loop
    select * into wanted from cordon.policy_wanted(at);
    select * into held from cordon.policy_active order by number desc limit 1;
    if wanted.activation is null then
      return;
    end if;
    if held.activation = wanted.activation and held.hash = wanted.hash then
      return next held;
      return;
    end if;
    exit when attempt = 2;
    at := cordon.policy_now();
  end loop;
  insert into cordon.policy_active (number, activation, base, hash, since_ms)
  values (coalesce(held.number, 0) + 1, wanted.activation, wanted.base, wanted.hash, at)
  returning * into held;
  perform pg_notify('cordon_policy', held.number::text);
  return next held;
end $$;

create function cordon.policy_submit(bundle text, hash text, name text, issuer text, subject text, note text,
    ticket text) returns boolean
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with added as (
    insert into cordon.policy_versions (hash, bundle, name, author_issuer, author_subject, note, ticket, created_ms)
    values ($2, $1, $3, $4, $5, $6, $7, (extract(epoch from clock_timestamp()) * 1000)::bigint)
    on conflict do nothing returning 1)
  select exists (select from added)
$$;

-- The first version comes from a file, as long as there is none; of several processes that start at once one does it.
create function cordon.policy_import(bundle text, hash text, name text, id uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  if exists (select from cordon.policy_versions) then
    return false;
  end if;
  insert into cordon.policy_versions (hash, bundle, name, author_issuer, author_subject, note, ticket, created_ms)
  values ($2, $1, $3, '', '', 'imported from the configured file', '', at);
  insert into cordon.policy_activations (id, kind, hash, proposer_issuer, proposer_subject, approver_issuer,
    approver_subject, approved_ms, from_ms)
  values ($4, 'import', $2, '', '', '', '', at, at);
  perform cordon.policy_settle();
  return true;
end $$;

create function cordon.policy_withdraw(activation uuid, issuer text, subject text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  if not exists (select from cordon.policy_activations a where a.id = $1 and a.from_ms > at) then
    raise exception 'nothing is scheduled under this id' using errcode = 'no_data_found';
  end if;
  insert into cordon.policy_withdrawals values ($1, $2, $3, at) on conflict do nothing;
end $$;

-- Single-person exceptions; they begin now. A denial needs no second person because it only takes away; the permission
-- is short, and both wait for a review.
create function cordon.policy_except(hash text, kind text, content text, issuer text, subject text, note text,
    ticket text, lasts_ms bigint) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  if kind not in ('emergency_deny', 'break_glass') then
    raise exception 'this kind of exception needs an approval' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_exceptions (hash, kind, content, author_issuer, author_subject, note, ticket, from_ms,
    until_ms)
  values ($1, $2, $3, $4, $5, $6, $7, at, at + lasts_ms) on conflict do nothing;
  perform cordon.policy_settle();
  return at + lasts_ms;
end $$;

-- Ends an exception early. What an emergency denial took away comes back only by another person than who denied it.
create function cordon.policy_end(exception text, issuer text, subject text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
  found_one cordon.policy_exceptions;
begin
  select * into found_one from cordon.policy_exceptions e where e.hash = $1;
  if found_one.hash is null then
    raise exception 'there is no such exception' using errcode = 'no_data_found';
  end if;
  if found_one.kind = 'emergency_deny'
     and (found_one.author_issuer, found_one.author_subject) = ($2, $3) then
    raise exception 'an emergency denial is lifted by another person' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_exception_ends values ($1, $2, $3, at) on conflict do nothing;
  perform cordon.policy_settle();
end $$;

create function cordon.policy_review(exception text, issuer text, subject text, verdict text, note text)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from cordon.policy_exceptions e
                 where e.hash = $1 and e.kind in ('emergency_deny', 'break_glass')) then
    raise exception 'there is nothing to review' using errcode = 'no_data_found';
  end if;
  if exists (select from cordon.policy_exceptions e
             where e.hash = $1 and (e.author_issuer, e.author_subject) = ($2, $3)) then
    raise exception 'nobody reviews what is their own' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_reviews
  values ($1, $2, $3, $4, $5, (extract(epoch from clock_timestamp()) * 1000)::bigint) on conflict do nothing;
end $$;

create function cordon.policy_simulated(hash text, issuer text, subject text, summary text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into cordon.policy_simulations (hash, issuer, subject, at_ms, summary)
  values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000)::bigint, $4)
$$;

-- What a process enforces, and that it still lives. Processes that have been silent for a day are forgotten.
create function cordon.policy_receipt(instance text, number bigint, hash text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from cordon.policy_receipts
  where seen_ms < (extract(epoch from clock_timestamp()) * 1000)::bigint - 86400000;
  insert into cordon.policy_receipts as r (instance, number, hash, since_ms, seen_ms)
  values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000)::bigint,
          (extract(epoch from clock_timestamp()) * 1000)::bigint)
  on conflict (instance) do update set
    number = excluded.number, hash = excluded.hash, seen_ms = excluded.seen_ms,
    since_ms = case when r.number = excluded.number then r.since_ms else excluded.since_ms end
$$;

-- What two people decided. The approver is neither who proposed it nor who wrote the version; a rollback goes to what
-- was in force before. Repeating it changes nothing.
create function cordon.policy_activate(id uuid, kind text, hash text, proposer_issuer text, proposer_subject text,
    approver_issuer text, approver_subject text, from_ms bigint, until_ms bigint) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
  begins bigint := greatest(coalesce(from_ms, at), at);
begin
  if kind not in ('activate', 'rollback') then
    raise exception 'a version is activated or rolled back to' using errcode = 'insufficient_privilege';
  end if;
  if (proposer_issuer, proposer_subject) = (approver_issuer, approver_subject)
     or exists (select from cordon.policy_versions v where v.hash = $3
                and (v.author_issuer, v.author_subject) = (approver_issuer, approver_subject)) then
    raise exception 'a version is approved by another person than who wrote or proposed it'
      using errcode = 'insufficient_privilege';
  end if;
  if kind = 'rollback' and not exists (select from cordon.policy_active p where p.base = $3) then
    raise exception 'this version was never in force' using errcode = 'no_data_found';
  end if;
  insert into cordon.policy_activations (id, kind, hash, proposer_issuer, proposer_subject, approver_issuer,
    approver_subject, approved_ms, from_ms, until_ms)
  values ($1, $2, $3, $4, $5, $6, $7, at, begins, $9) on conflict do nothing;
  perform cordon.policy_settle();
  return (select a.from_ms from cordon.policy_activations a where a.id = $1);
end $$;

create function cordon.policy_agree(hash text, content text, author_issuer text, author_subject text,
    approver_issuer text, approver_subject text, note text, lasts_ms bigint) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  insert into cordon.policy_exceptions (hash, kind, content, author_issuer, author_subject, approver_issuer,
    approver_subject, note, ticket, from_ms, until_ms)
  values ($1, 'false_positive', $2, $3, $4, $5, $6, $7, '', at, at + lasts_ms) on conflict do nothing;
  perform cordon.policy_settle();
  return (select e.until_ms from cordon.policy_exceptions e where e.hash = $1);
end $$;

revoke all on function
  cordon.policy_exceptions_at(bigint), cordon.policy_wanted(bigint), cordon.policy_now(), cordon.policy_settle(),
  cordon.policy_submit(text, text, text, text, text, text, text), cordon.policy_import(text, text, text, uuid),
  cordon.policy_activate(uuid, text, text, text, text, text, text, bigint, bigint),
  cordon.policy_withdraw(uuid, text, text),
  cordon.policy_except(text, text, text, text, text, text, text, bigint),
  cordon.policy_agree(text, text, text, text, text, text, text, bigint),
  cordon.policy_end(text, text, text), cordon.policy_review(text, text, text, text, text),
  cordon.policy_simulated(text, text, text, text), cordon.policy_receipt(text, bigint, text)
from public;

grant select on cordon.policy_versions, cordon.policy_simulations, cordon.policy_activations,
  cordon.policy_withdrawals, cordon.policy_exceptions, cordon.policy_exception_ends, cordon.policy_reviews,
  cordon.policy_active, cordon.policy_receipts to cordon_writer, cordon_reader;
grant execute on function
  cordon.policy_exceptions_at(bigint), cordon.policy_settle(),
  cordon.policy_submit(text, text, text, text, text, text, text), cordon.policy_import(text, text, text, uuid),
  cordon.policy_activate(uuid, text, text, text, text, text, text, bigint, bigint),
  cordon.policy_withdraw(uuid, text, text),
  cordon.policy_except(text, text, text, text, text, text, text, bigint),
  cordon.policy_agree(text, text, text, text, text, text, text, bigint),
  cordon.policy_end(text, text, text), cordon.policy_review(text, text, text, text, text),
  cordon.policy_simulated(text, text, text, text), cordon.policy_receipt(text, bigint, text)
to cordon_writer;
grant execute on function cordon.policy_exceptions_at(bigint) to cordon_reader;

reset role;
