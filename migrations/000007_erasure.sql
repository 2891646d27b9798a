-- Erasure by crypto-shredding: a data subject's own keys are destroyed, and with them every original sealed under them,
-- here and, once the key encryption key of its time is gone, in every backup. Records, leaves and proofs stay.

set local role cordon_owner;

-- What was erased, as the function below did it; ERASED is written from here, also after a crash.
create table cordon.erasures (
  id uuid primary key,
  tenant text not null,
  reference bytea not null,
  deks uuid[] not null,
  kept integer not null,
  erased_ms bigint not null
);
select cordon.guard('cordon.erasures');

-- How long records are kept, and whether keys may be destroyed before that. Of the tenant '': Cordon itself, and every
-- tenant without terms of its own. The roles that serve can only make them stricter.
create table cordon.retention_terms (
  tenant text primary key,
  keep_days integer not null check (keep_days between 1 and 36500),
  shredding boolean not null
);

create function cordon.demand_retention(of_tenant text, days integer, may_shred boolean) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into cordon.retention_terms as terms (tenant, keep_days, shredding) values (of_tenant, days, may_shred)
  on conflict (tenant) do update set keep_days = greatest(terms.keep_days, excluded.keep_days),
                                     shredding = terms.shredding and excluded.shredding
  where terms.keep_days < excluded.keep_days or (terms.shredding and not excluded.shredding);
$$;

create index on cordon.kept_calls (dek);

-- Takes the id of an ERASURE_STARTED record and nothing else: whose keys are destroyed is read from the record, so that
-- nothing is destroyed of which there is no record. Doing it again gives what was done the first time.
create function cordon.destroy_subject_keys(
  erasure uuid, out outcome text, out of_tenant text, out subject bytea, out requested_by text,
  out destroyed uuid[], out kept_erased integer, out at_ms bigint, out matters text[]
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  said record;
  done record;
begin
  perform cordon.lock_lifecycle();
  select * into said from cordon.recorded(erasure, 'ERASURE_STARTED');
  if said is null then
    raise exception 'there is no record of this erasure' using errcode = 'no_data_found';
  end if;
  if said.data ->> 'subject' is null or said.data ->> 'subject' !~ '^[0-9a-f]{64}$' then
    raise exception 'the record names no data subject' using errcode = 'invalid_parameter_value';
  end if;
  of_tenant := said.tenant;
  subject := decode(said.data ->> 'subject', 'hex');
  requested_by := said.data ->> 'by';
  destroyed := '{}';
  kept_erased := 0;
  at_ms := floor(extract(epoch from clock_timestamp()) * 1000);
  matters := '{}';

  select * into done from cordon.erasures e where e.id = erasure;
  if done.id is not null then
    outcome := 'destroyed';
    destroyed := done.deks;
    kept_erased := done.kept;
    at_ms := done.erased_ms;
    return;
  end if;
  -- It was refused, and whoever asked was told so.
  if exists (select from cordon.recorded(erasure, 'ERASURE_REFUSED')) then
    outcome := 'refused';
    return;
  end if;
  if not coalesce((select t.shredding from cordon.retention_terms t
                   where t.tenant in (of_tenant, '') order by t.tenant = '' limit 1), true) then
    outcome := 'preserved';
    return;
  end if;
  select coalesce(array_agg(distinct h.matter), '{}') into matters
    from cordon.holds_on_subject(of_tenant, subject) h;
  if cardinality(matters) > 0 then
    outcome := 'held';
    return;
  end if;

  with gone as (
    update cordon.deks d set wrapped = null
    where d.kind = 'subject' and d.tenant = of_tenant and d.reference = subject and d.wrapped is not null
    returning d.id
  )
  select coalesce(array_agg(gone.id), '{}') into destroyed from gone;
  -- The row stays without what it sealed: its owner can still have the runner's copy deleted.
  update cordon.kept_calls k set dek = null, sealed = null
    where k.dek in (select d.id from cordon.deks d
                    where d.kind = 'subject' and d.tenant = of_tenant and d.reference = subject);
  get diagnostics kept_erased = row_count;
  insert into cordon.erasures (id, tenant, reference, deks, kept, erased_ms)
  values (erasure, of_tenant, subject, destroyed, kept_erased, at_ms);
  -- Every process forgets what it has cached of this person once this commits.
  perform pg_notify('cordon_keys', encode(subject, 'hex'));
  outcome := 'destroyed';
end $$;

revoke all on function cordon.demand_retention(text, integer, boolean), cordon.destroy_subject_keys(uuid) from public;
grant execute on function cordon.demand_retention(text, integer, boolean), cordon.destroy_subject_keys(uuid)
  to cordon_writer;
grant select on cordon.erasures, cordon.retention_terms to cordon_writer, cordon_reader;

reset role;
