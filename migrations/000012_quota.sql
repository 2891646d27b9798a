-- What calls used of what policies grant: counts by keyed pseudonym, shared by all processes. None of it is evidence;
-- each row begins anew when its time is up, and goes an hour later.

set local role cordon_owner;

create table cordon.quota (
  -- HMAC of tenant, rule, window and who is counted.
  key varchar(255) primary key,
  -- Double precision holds whole numbers to 2^53, and comes to the driver as a number.
  points double precision not null default 0,
  -- Milliseconds since the epoch.
  expire bigint
);
create index on cordon.quota (expire);

grant select, insert, update, delete on cordon.quota to cordon_writer;

reset role;
