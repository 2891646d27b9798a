-- Versions of the policy: what was submitted, who had it activated with whose approval, which version is in force since
-- when, exceptions beside it, and what each process enforces. Facts are only ever added. What is in force follows from
-- them and from this database's clock alone, so that all processes come to the same answer.

set local role cordon_owner;

-- A version is named by the SHA-256 of its text, which the database checks: no name can be given to another text. People
-- are keyed pseudonyms (null: imported from a file); `sealed` holds their names and what they wrote, under a tenant's key.
create table cordon.policy_versions (
  hash text primary key,
  -- Canonical JSON: the set's text and the text of everything that it includes.
  bundle text not null,
  name text not null,
  author bytea check (octet_length(author) = 32),
  created_ms bigint not null,
  dek uuid,
  sealed bytea,
  -- HMAC-SHA256 over the version's hash and its author, who may not approve it. Null: imported.
  proof bytea check (octet_length(proof) = 32),
  check (hash = encode(sha256(convert_to(bundle, 'UTF8')), 'hex'))
);

create table cordon.policy_simulations (
  id uuid primary key,
  hash text not null references cordon.policy_versions,
  at_ms bigint not null,
  summary text not null,
  dek uuid not null,
  sealed bytea not null
);
create index on cordon.policy_simulations (hash);

-- Two people stand behind each, except behind the import of the first version, which the table's emptiness guards. The
-- id is the proposal's. `proof`: HMAC-SHA256 by which every process tells that Cordon made it, whoever wrote the row.
create table cordon.policy_activations (
  id uuid primary key,
  place bigint generated always as identity,
  kind text not null check (kind in ('import', 'activate', 'rollback')),
  hash text not null references cordon.policy_versions,
  approved_ms bigint not null,
  from_ms bigint not null,
  until_ms bigint,
  proof bytea not null check (octet_length(proof) = 32),
  dek uuid,
  sealed bytea,
  check (until_ms > from_ms)
);
create index on cordon.policy_activations (from_ms, place);

create table cordon.policy_withdrawals (
  activation uuid primary key references cordon.policy_activations,
  by bytea not null check (octet_length(by) = 32),
  at_ms bigint not null,
  proof bytea not null check (octet_length(proof) = 32)
);
create index on cordon.policy_withdrawals (at_ms);

-- What stands beside a version for a time: a denial in an emergency, a permission behind broken glass, a find that two
-- people agree is none. `content` is canonical JSON, named by its SHA-256.
create table cordon.policy_exceptions (
  hash text primary key,
  kind text not null check (kind in ('emergency_deny', 'break_glass', 'false_positive')),
  content text not null,
  author bytea not null check (octet_length(author) = 32),
  approver bytea check (octet_length(approver) = 32),
  from_ms bigint not null,
  until_ms bigint not null,
  proof bytea not null check (octet_length(proof) = 32),
  dek uuid not null,
  sealed bytea not null,
  check (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  check (until_ms > from_ms),
  check (until_ms - from_ms <= case kind when 'emergency_deny' then 24 * 3600000::bigint
                                         when 'break_glass' then 4 * 3600000::bigint
                                         else 366 * 86400000::bigint end),
  check (kind <> 'false_positive' or (approver is not null and author <> approver))
);
create index on cordon.policy_exceptions (until_ms);
create index on cordon.policy_exceptions (author);

create table cordon.policy_exception_ends (
  exception text primary key references cordon.policy_exceptions,
  by bytea not null check (octet_length(by) = 32),
  at_ms bigint not null,
  proof bytea not null check (octet_length(proof) = 32)
);

create table cordon.policy_reviews (
  exception text primary key references cordon.policy_exceptions,
  by bytea not null check (octet_length(by) = 32),
  verdict text not null check (verdict in ('upheld', 'objected')),
  at_ms bigint not null,
  dek uuid not null,
  sealed bytea not null
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

create function cordon.policy_submit(hash text, bundle text, name text, author bytea, proof bytea, dek uuid,
    sealed bytea) returns boolean
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with added as (
    insert into cordon.policy_versions (hash, bundle, name, author, created_ms, proof, dek, sealed)
    select $1, $2, $3, $4, (extract(epoch from clock_timestamp()) * 1000)::bigint, $5, $6, $7
    where $4 is not null and $5 is not null
    on conflict do nothing returning 1)
  select exists (select from added)
$$;

-- The first version comes from a file, as long as there is none; of several processes that start at once one does it.
create function cordon.policy_import(hash text, bundle text, name text, id uuid, proof bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  if exists (select from cordon.policy_versions) then
    return false;
  end if;
  insert into cordon.policy_versions (hash, bundle, name, created_ms) values ($1, $2, $3, at);
  insert into cordon.policy_activations (id, kind, hash, approved_ms, from_ms, proof)
  values ($4, 'import', $1, at, at, $5);
  perform cordon.policy_settle();
  return true;
end $$;

-- What was approved of a proposal: its body, once the database has seen that it is what the approval's hash is over, and
-- that the approver is neither who proposed it nor who wrote the version or asked for the exception.
create function cordon.policy_approved(proposal uuid, kinds text[], preimage text) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  held cordon.proposals;
begin
  select * into held from cordon.proposals p where p.id = proposal;
  if held.id is null or held.kind <> all (kinds) or held.state not in ('approved', 'executed')
     or held.decider is null or held.decider = held.author
     or held.hash <> sha256(convert_to(preimage, 'UTF8')) then
    raise exception 'nobody else has approved this' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from cordon.policy_versions v
             where v.hash = preimage::jsonb #>> '{body,version}' and v.author = held.decider) then
    raise exception 'a version is approved by another person than who wrote it'
      using errcode = 'insufficient_privilege';
  end if;
  return jsonb_set(preimage::jsonb -> 'body', '{kind}', to_jsonb(held.kind));
end $$;

-- What two people decided takes effect, now or when they said; nothing in it is left to the caller. Repeating it changes
-- nothing. Returns when it begins.
create function cordon.policy_activate(proposal uuid, preimage text, proof bytea, dek uuid, sealed bytea)
  returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  body jsonb := cordon.policy_approved(proposal, array['policy.activate', 'policy.rollback'], preimage);
  at bigint := cordon.policy_now();
begin
  if body ->> 'kind' = 'policy.rollback'
     and not exists (select from cordon.policy_active p where p.base = body ->> 'version') then
    raise exception 'this version was never in force' using errcode = 'no_data_found';
  end if;
  insert into cordon.policy_activations (id, kind, hash, approved_ms, from_ms, until_ms, proof, dek, sealed)
  values ($1, split_part(body ->> 'kind', '.', 2), body ->> 'version', at,
          greatest(coalesce((body ->> 'from_ms')::bigint, at), at), (body ->> 'until_ms')::bigint, $3, $4, $5)
  on conflict do nothing;
  perform cordon.policy_settle();
  return (select a.from_ms from cordon.policy_activations a where a.id = proposal);
end $$;

create function cordon.policy_withdraw(activation uuid, by bytea, proof bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
begin
  if not exists (select from cordon.policy_activations a where a.id = $1 and a.from_ms > at) then
    raise exception 'nothing is scheduled under this id' using errcode = 'no_data_found';
  end if;
  insert into cordon.policy_withdrawals values ($1, $2, at, $3) on conflict do nothing;
end $$;

-- Single-person exceptions; they begin now. A denial needs no second person because it only takes away; the permission
-- is short, and both wait for a review. Who has three permissions, or twenty denials, that nobody has reviewed gets no
-- further one: four hours must not become a habit, and denials must not become a flood that others drown in. Returns
-- when it ends.
create function cordon.policy_except(hash text, content text, author bytea, lasts_ms bigint, proof bytea,
    dek uuid, sealed bytea) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted text := content::jsonb ->> 'kind';
  at bigint := cordon.policy_now();
begin
  if wanted is null or wanted not in ('emergency_deny', 'break_glass') then
    raise exception 'this kind of exception needs an approval' using errcode = 'insufficient_privilege';
  end if;
  if (select count(*) from cordon.policy_exceptions e
      where e.author = $3 and e.kind = wanted
        and not exists (select from cordon.policy_reviews r where r.exception = e.hash))
     >= (case wanted when 'break_glass' then 3 else 20 end) then
    raise exception 'too much of what you did alone waits for a review by another person'
      using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_exceptions (hash, kind, content, author, from_ms, until_ms, proof, dek, sealed)
  values ($1, wanted, $2, $3, at, at + lasts_ms, $5, $6, $7) on conflict do nothing;
  perform cordon.policy_settle();
  return (select e.until_ms from cordon.policy_exceptions e where e.hash = $1);
end $$;

-- An exception that two people agreed on; its content and its length stand in the proposal.
create function cordon.policy_agree(proposal uuid, preimage text, hash text, content text, proof bytea, dek uuid,
    sealed bytea) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  body jsonb := cordon.policy_approved(proposal, array['policy.false-positive'], preimage);
  at bigint := cordon.policy_now();
begin
  if content::jsonb is distinct from body -> 'exception' then
    raise exception 'nobody else has approved this' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_exceptions (hash, kind, content, author, approver, from_ms, until_ms, proof, dek, sealed)
  select $3, 'false_positive', $4, p.author, p.decider, at, at + (body ->> 'lasts_ms')::bigint, $5, $6, $7
  from cordon.proposals p where p.id = proposal
  on conflict do nothing;
  perform cordon.policy_settle();
  return (select e.until_ms from cordon.policy_exceptions e where e.hash = $3);
end $$;

-- Ends an exception early. What an emergency denial took away comes back only by another person than who denied it.
create function cordon.policy_end(exception text, by bytea, proof bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  at bigint := cordon.policy_now();
  held cordon.policy_exceptions;
begin
  select * into held from cordon.policy_exceptions e where e.hash = $1;
  if held.hash is null then
    raise exception 'there is no such exception' using errcode = 'no_data_found';
  end if;
  if held.kind = 'emergency_deny' and held.author = $2 then
    raise exception 'an emergency denial is lifted by another person' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_exception_ends values ($1, $2, at, $3) on conflict do nothing;
  perform cordon.policy_settle();
end $$;

create function cordon.policy_review(exception text, by bytea, verdict text, dek uuid, sealed bytea)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held cordon.policy_exceptions;
begin
  select * into held from cordon.policy_exceptions e where e.hash = $1;
  if held.hash is null or held.kind = 'false_positive' then
    raise exception 'there is nothing to review' using errcode = 'no_data_found';
  end if;
  if held.author = $2 then
    raise exception 'nobody reviews what is their own' using errcode = 'insufficient_privilege';
  end if;
  insert into cordon.policy_reviews (exception, by, verdict, at_ms, dek, sealed)
  values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000)::bigint, $4, $5) on conflict do nothing;
end $$;

create function cordon.policy_simulated(id uuid, hash text, summary text, dek uuid, sealed bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into cordon.policy_simulations (id, hash, at_ms, summary, dek, sealed)
  values ($1, $2, (extract(epoch from clock_timestamp()) * 1000)::bigint, $3, $4, $5)
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

do $$
declare
  callable text;
begin
  for callable in select oid::regprocedure::text from pg_proc
                  where pronamespace = 'cordon'::regnamespace and proname like 'policy\_%' loop
    execute format('revoke all on function %s from public', callable);
    if callable !~ 'policy_(approved|now|wanted)\(' then
      execute format('grant execute on function %s to cordon_writer', callable);
    end if;
  end loop;
end $$;

grant select on cordon.policy_versions, cordon.policy_simulations, cordon.policy_activations,
  cordon.policy_withdrawals, cordon.policy_exceptions, cordon.policy_exception_ends, cordon.policy_reviews,
  cordon.policy_active, cordon.policy_receipts to cordon_writer, cordon_reader;
grant execute on function cordon.policy_exceptions_at(bigint) to cordon_reader;

reset role;
