-- What one person asked for and another must approve. The evidence is in the ledger (PROPOSED, APPROVED, REJECTED);
-- this is the work in hand.

set local role cordon_owner;

create table cordon.proposals (
  id uuid primary key,
  kind text not null,
  tenant text not null,
  -- Keyed pseudonyms of issuer and subject.
  author bytea not null check (octet_length(author) = 32),
  decider bytea check (octet_length(decider) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  created_ms bigint not null,
  expires_ms bigint not null,
  decided_ms bigint,
  state text not null default 'pending'
    check (state in ('pending', 'approved', 'executed', 'failed', 'rejected')),
  -- Ciphertext under a tenant's key: what is asked for and by whom; who decided and why; what came of it.
  dek uuid not null,
  sealed bytea not null,
  decision bytea,
  result bytea,
  -- HMAC-SHA256 over an approval: writing into this table approves nothing.
  proof bytea check (octet_length(proof) = 32),
  -- Until when a process is at work on it.
  leased_ms bigint not null default 0,
  check ((state = 'pending') = (decider is null)),
  check (state in ('pending', 'rejected') or (decider <> author and proof is not null))
);
create index on cordon.proposals (tenant, id);
create index on cordon.proposals (id) where state = 'approved';

-- What was proposed stays as it was, and a decision is made once.
create function cordon.check_proposal() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if (new.id, new.kind, new.tenant, new.author, new.hash, new.created_ms, new.expires_ms, new.dek, new.sealed)
     is distinct from
     (old.id, old.kind, old.tenant, old.author, old.hash, old.created_ms, old.expires_ms, old.dek, old.sealed)
     or (old.state <> 'pending' and (new.decider, new.decided_ms, new.decision, new.proof)
         is distinct from (old.decider, old.decided_ms, old.decision, old.proof))
     or (old.state, new.state) not in (('pending', 'approved'), ('pending', 'rejected'),
       ('approved', 'approved'), ('approved', 'executed'), ('approved', 'failed')) then
    raise exception 'a proposal only moves forward' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create trigger forward_only before update on cordon.proposals
  for each row execute function cordon.check_proposal();
alter table cordon.proposals enable always trigger forward_only;
create trigger append_only before delete or truncate on cordon.proposals
  for each statement execute function cordon.refuse_change();
alter table cordon.proposals enable always trigger append_only;

grant select, insert on cordon.proposals to cordon_writer;
grant update (state, decider, decided_ms, decision, result, proof, leased_ms) on cordon.proposals to cordon_writer;
grant select on cordon.proposals to cordon_reader;

reset role;
