-- What the roles need of each other's parts once all of them are there, and nothing that nobody uses.

set local role cordon_owner;

-- An erasure deletes the index of a person by the trigger on cordon.erasures, which runs with its owner's rights. Nobody
-- calls this by hand: what it takes away would be gone without a record.
revoke execute on function cordon.delete_index(text, bytea) from cordon_writer;

-- An erasure tells when the KEKs that could undo it are due; ids and dates, no keys.
grant select on cordon.keks to cordon_writer;

reset role;
