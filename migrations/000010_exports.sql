-- Exports that two people agreed on: the work in hand. The evidence is in the ledger (PROPOSED, APPROVED, EXPORTED).

set local role cordon_owner;

create table cordon.exports (
  -- The proposal's.
  id uuid primary key,
  tenant text not null,
  created_ms bigint not null,
  -- What was approved, by whom, and where each chain ended then: ciphertext under the tenant's key. Nobody without the
  -- keys can make one, so writing into this table exports nothing.
  dek uuid not null,
  sealed bytea not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed', 'deleted')),
  -- Which process is at work on it, and until when it may be thought alive.
  owner text,
  leased_ms bigint not null default 0,
  attempts integer not null default 0,
  records bigint not null default 0,
  -- Of the file, once it is done, and on which machine it lies.
  host text,
  bytes bigint,
  sha256 bytea check (octet_length(sha256) = 32),
  done_ms bigint,
  expires_ms bigint,
  -- Of a failure: what is wrong and where, never what a record holds.
  problem text
);
create index on cordon.exports (tenant, id);
create index on cordon.exports (created_ms) where state = 'waiting';

-- What was approved stays as it was.
create function cordon.check_export() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if (new.id, new.tenant, new.created_ms, new.dek, new.sealed)
     is distinct from (old.id, old.tenant, old.created_ms, old.dek, old.sealed)
     or (old.state, new.state) not in (('waiting', 'waiting'), ('waiting', 'done'), ('waiting', 'failed'),
       ('done', 'deleted')) then
    raise exception 'an export only moves forward' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create trigger forward_only before update on cordon.exports
  for each row execute function cordon.check_export();
alter table cordon.exports enable always trigger forward_only;
create trigger append_only before delete or truncate on cordon.exports
  for each statement execute function cordon.refuse_change();
alter table cordon.exports enable always trigger append_only;

grant select, insert on cordon.exports to cordon_writer;
grant update (state, owner, leased_ms, attempts, records, host, bytes, sha256, done_ms, expires_ms, problem)
  on cordon.exports to cordon_writer;
grant select on cordon.exports to cordon_reader;

reset role;
