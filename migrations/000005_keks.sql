-- Key encryption keys as the database knows them, and who may put a wrapped key in another's place.

do $$
begin
  -- Whoever wraps a key anew can also destroy it by writing rubbish, so this is not the writer's: a login that serves
  -- calls need not have it. Whoever migrates must be able to act in it, as in the others.
  if not exists (select from pg_roles where rolname = 'cordon_keeper') then
    begin
      create role cordon_keeper nologin;
      grant cordon_keeper to current_user;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'cordon_keeper', 'member') then
    grant cordon_keeper to current_user;
  end if;
end $$;

grant usage on schema cordon to cordon_keeper;
grant select on cordon.migrations to cordon_keeper;

set local role cordon_owner;

create table cordon.keks (
  id text primary key,
  -- As its keyring says; null where it does not.
  created_ms bigint,
  seen_ms bigint not null,
  -- From then on nothing is wrapped under it.
  retired_ms bigint,
  -- When its destruction had been recorded.
  destroyed_ms bigint
);

create index on cordon.deks (kek, id) where wrapped is not null;

-- A process that has not heard of a rotation would wrap under a key that is about to be destroyed. And what an erasure
-- destroyed stays so, whoever writes.
create function cordon.check_wrap() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.wrapped is null and new.wrapped is not null then
    raise exception 'a destroyed key stays destroyed' using errcode = 'insufficient_privilege';
  end if;
  if new.wrapped is not null
     and exists (select from cordon.keks where id = new.kek and retired_ms is not null) then
    raise exception 'the key encryption key is retired' using errcode = 'CK001';
  end if;
  return new;
end $$;

create trigger check_wrap before insert or update of kek, wrapped on cordon.deks
  for each row execute function cordon.check_wrap();
alter table cordon.deks enable always trigger check_wrap;

-- Puts each wrapped key in the place of the one it was made from, if that is still there; returns how many. One that
-- was destroyed or wrapped anew meanwhile is left alone.
create function cordon.rewrap_deks(
  ids uuid[], old_keks text[], old_wraps bytea[], new_keks text[], new_wraps bytea[]
) returns bigint language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  changed bigint;
begin
  if array_position(new_keks, null) is not null or array_position(new_wraps, null) is not null then
    raise exception 'a wrapped key is missing' using errcode = 'null_value_not_allowed';
  end if;
  -- Locked in one order, so that two of these do not wait for each other.
  perform from cordon.deks where id = any (ids) order by id for update;
  update cordon.deks d set kek = n.new_kek, wrapped = n.new_wrap
    from unnest(ids, old_keks, old_wraps, new_keks, new_wraps)
      as n (id, old_kek, old_wrap, new_kek, new_wrap)
    where d.id = n.id and d.kek = n.old_kek and d.wrapped = n.old_wrap;
  get diagnostics changed = row_count;
  return changed;
end $$;

-- Ends wrapping under a key, unless data keys need it: returns how many living ones it wraps, and has done nothing when
-- that is not 0. No data key is added while it counts.
create function cordon.retire_kek(kek_id text, at_ms bigint) returns bigint language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s' as $$
declare
  living bigint;
begin
  lock table cordon.deks in share row exclusive mode;
  select count(*) into living from cordon.deks where kek = kek_id and wrapped is not null;
  if living = 0 then
    insert into cordon.keks (id, seen_ms, retired_ms) values (kek_id, at_ms, at_ms)
      on conflict (id) do update set retired_ms = coalesce(keks.retired_ms, excluded.retired_ms);
  end if;
  return living;
end $$;

revoke all on function cordon.check_wrap(), cordon.rewrap_deks(uuid[], text[], bytea[], text[], bytea[]),
  cordon.retire_kek(text, bigint) from public;
grant execute on function cordon.rewrap_deks(uuid[], text[], bytea[], text[], bytea[]),
  cordon.retire_kek(text, bigint) to cordon_keeper;

grant select on cordon.deks, cordon.keks to cordon_keeper;
grant insert (id, created_ms, seen_ms), update (destroyed_ms) on cordon.keks to cordon_keeper;
grant select on cordon.keks to cordon_reader;

reset role;
