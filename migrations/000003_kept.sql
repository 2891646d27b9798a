-- What runners keep of calls: whose it is, and what the placeholders in it stand for. Unlike the ledger, none of this
-- is evidence: it goes when its time is up, when its owner deletes it, or when the data subject's key is destroyed.

set local role cordon_owner;

-- `sealed` is ciphertext under the data subject's own key (cordon.deks); null when the call had nothing to restore.
-- Runner and model stay readable without that key: after an erasure the owner can still have the runner's copy deleted.
create table cordon.kept_calls (
  call uuid primary key,
  tenant text not null,
  -- HMAC-SHA256 of issuer and subject under the index key.
  owner bytea not null check (octet_length(owner) = 32),
  runner text not null,
  model text not null,
  -- Earlier calls whose placeholders may stand in what this one was answered.
  built_on uuid[] not null,
  dek uuid,
  sealed bytea,
  expires_ms bigint not null,
  -- HMAC-SHA256 of the columns that say whose this is: who can write the table cannot make it somebody else's.
  proof bytea not null check (octet_length(proof) = 32),
  check ((dek is null) = (sealed is null))
);
alter table cordon.kept_calls alter column sealed set storage external;
create index on cordon.kept_calls (owner);
create index on cordon.kept_calls (expires_ms);

-- Ids that runners gave out, as HMAC-SHA256 under the index key. An id that two owners were given is neither's.
create table cordon.kept_names (
  name bytea not null check (octet_length(name) = 32),
  owner bytea not null check (octet_length(owner) = 32),
  call uuid not null references cordon.kept_calls on delete cascade,
  proof bytea not null check (octet_length(proof) = 32),
  primary key (name, owner)
);
create index on cordon.kept_names (call);

grant select, insert, delete on cordon.kept_calls, cordon.kept_names to cordon_writer;
grant update (expires_ms) on cordon.kept_calls to cordon_writer;
grant update (call, proof) on cordon.kept_names to cordon_writer;

reset role;
