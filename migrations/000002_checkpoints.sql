-- The trees over the chains: tiles of 256 node hashes, and the checkpoints that were signed over them. Both outlive the
-- records they were made of, and like them are only ever added to.

set local role cordon_owner;

create table cordon.tiles (
  chain uuid not null,
  level smallint not null check (level between 0 and 5),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (chain, level, index)
);
alter table cordon.tiles alter column hashes set storage external;

create table cordon.checkpoints (
  chain uuid not null,
  size bigint not null check (size > 0),
  at_ms bigint not null,
  note text not null,
  primary key (chain, size)
);

select cordon.guard('cordon.tiles');
select cordon.guard('cordon.checkpoints');

grant insert on cordon.tiles, cordon.checkpoints to cordon_writer;
-- `on conflict do nothing` reads the key it compares.
grant select (chain, level, index) on cordon.tiles to cordon_writer;
grant select (chain, size) on cordon.checkpoints to cordon_writer;
grant select on cordon.tiles, cordon.checkpoints to cordon_reader;

reset role;
