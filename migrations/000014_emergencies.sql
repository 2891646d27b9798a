-- One person acts alone in an emergency, and another looks at it later: so who keeps acting and is never looked at is
-- stopped. And who wrote a version decides who may approve it, so Cordon proves the author like the approval.

set local role cordon_owner;

-- HMAC-SHA256 over the version's hash and its author. Null: imported, or of a time before there were proofs.
alter table cordon.policy_versions add column proof bytea check (octet_length(proof) = 32);

drop function cordon.policy_submit(text, text, text, bytea, uuid, bytea);
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
revoke all on function cordon.policy_submit(text, text, text, bytea, bytea, uuid, bytea) from public;
grant execute on function cordon.policy_submit(text, text, text, bytea, bytea, uuid, bytea) to cordon_writer;

create index on cordon.policy_exceptions (author);

-- As before; but who has three permissions, or twenty denials, that nobody has reviewed gets no further one: four hours
-- must not become a habit, and denials must not become a flood that others drown in.
create or replace function cordon.policy_except(hash text, content text, author bytea, lasts_ms bigint, proof bytea,
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

reset role;
