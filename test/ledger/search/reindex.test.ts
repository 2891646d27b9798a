import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import { openSearchTokens } from '../../../src/compose/search-tokens.ts';
import { personReference } from '../../../src/crypto/keyring.ts';
import { type Erasure } from '../../../src/ledger/lifecycle/erasures.ts';
import { reindex, type ReindexStore } from '../../../src/ledger/search/reindex.ts';
import { createPool } from '../../../src/store/session.ts';
import { createReindexStore } from '../../../src/store/reindex-store.ts';
import { completion, decision, PHONE_REGIONS } from '../../support/ledger.ts';
import { createLifecycle, COUNSEL as OFFICER } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../../support/postgres.ts';
import { all, ids, startSearch, values } from '../../support/search.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

async function start(t: Parameters<typeof startSearch>[0]) {
  const parts = await startSearch(t, postgres);
  const pool = (role: 'cordon_writer' | 'cordon_reader') => {
    const opened = createPool({ url: parts.database.url(role), role, deadlineMs: 20_000, max: 1 });
    t.teardown(() => opened.end());
    return opened;
  };
  const store = createReindexStore({ reader: pool('cordon_reader'), writer: pool('cordon_writer') });
  const tokens = openSearchTokens(parts.keyring, PHONE_REGIONS);
  return { ...parts, store, tokens };
}

const factsOf = (database: TestDatabase) =>
  database.query('select * from cordon.facts order by request_id, type');

test('facts that were lost, changed or forged are as the headers say again', async (t) => {
  const { ledger, database, store, tokens } = await start(t);
  for (let i = 0; i < 5; i++) {
    const one = decision({ dataSubject: `s${i}` });
    await ledger.begin(one);
    await ledger.finish(completion(one.requestId));
  }
  await ledger.note({
    type: 'SEARCHED',
    atMs: 1_750_000_000_000,
    tenant: 'acme',
    data: { actor: 'ab'.repeat(32) },
  });
  const before = await factsOf(database);
  t.is((await reindex({ store, tokens, keep: false })).changed, 0);
  await database.query(
    "delete from cordon.facts where subject is not null and ctid in (select ctid from cordon.facts where type = 'DECISION' limit 2)",
  );
  await database.query("update cordon.facts set tags = '{}' where type = 'COMPLETION'");
  await database.query(
    `insert into cordon.facts values ('2026-11-01', 'acme', gen_random_uuid(), 'DECISION', 1, null, null, '{}')`,
  );
  const checked = await reindex({ store, tokens, keep: false });
  t.true(checked.changed >= 6);
  t.notDeepEqual(await factsOf(database), before);
  const done = await reindex({ store, tokens, keep: true });
  // The forged row is only found by looking for its record.
  t.is(done.changed, checked.changed + 1);
  t.deepEqual(await factsOf(database), before);
  t.is((await reindex({ store, tokens, keep: true })).changed, 0);
});

test('values that left an original are found again, and those of an erased person are not', async (t) => {
  const { ledger, database, searcher, store, tokens, freshDeks, keyring } = await start(t);
  const found = values(['EMAIL_ADDRESS', 'zoe@example.org'], ['PERSON', 'Zoe Miller']);
  const originals = { '<EMAIL_ADDRESS_1>': 'zoe@example.org', 'Ada Lovelace': 'Zoe Miller' };
  const kept = decision({ dataSubject: 'tom', values: found, originals });
  const erased = decision({ dataSubject: 'zoe', values: found, originals });
  await ledger.begin(kept);
  await ledger.begin(erased);
  await database.query('delete from cordon.index_entries');
  await database.query('delete from cordon.facts');
  const reference = personReference(keyring, 'acme', 'zoe');
  await database.query('update cordon.deks set wrapped = null where reference = $1', [reference]);
  t.deepEqual(await all(searcher, { email: 'zoe@example.org' }), []);
  await reindex({ store, tokens, deks: freshDeks(), keep: true });
  for (const query of [{ email: 'zoe@example.org' }, { name: 'Zoe Miller' }, { subject: 'tom' }])
    t.deepEqual(ids(await all(searcher, query)), [kept.requestId]);
  t.deepEqual(await all(searcher, { subject: 'zoe' }), []);
  t.is((await all(searcher, {})).length, 2);
});

test('a person erased after a page was opened, and before it is written, is not brought back', async (t) => {
  const { ledger, database, searcher, store, tokens, freshDeks, keyring, deks } = await start(t);
  const found = values(['EMAIL_ADDRESS', 'zoe@example.org']);
  const originals = { '<EMAIL_ADDRESS_1>': 'zoe@example.org' };
  await ledger.begin(decision({ dataSubject: 'zoe', values: found, originals }));
  const erasures = createLifecycle(t, { database, parts: { keyring, deks }, ledger }).erasures;
  const erase = () => erasures.erase(OFFICER, { tenant: 'acme', dataSubject: 'zoe', reason: 'asked' });
  let erased: Erasure | undefined;
  const late = {
    ...store,
    async put(...args: Parameters<ReindexStore['put']>) {
      if (args[0].some((each) => each.tokens.length > 0)) erased ??= await erase();
      return store.put(...args);
    },
  };
  await reindex({ store: late, tokens, deks: freshDeks(), keep: true });
  t.is(erased?.keys, 1, 'after the page was opened');
  const left = await database.query('select count(*)::int as n from cordon.index_entries');
  t.deepEqual(left, [{ n: 0 }]);
  for (const query of [{ email: 'zoe@example.org' }, { subject: 'zoe' }])
    t.deepEqual(await all(searcher, query), []);
});

test('an erasure waits for a page that is being written, and takes it along', async (t) => {
  const { ledger, database, store, tokens, freshDeks, keyring, deks } = await start(t);
  const originals = { '<EMAIL_ADDRESS_1>': 'zoe@example.org' };
  await ledger.begin(decision({ dataSubject: 'zoe', originals }));
  const erasures = createLifecycle(t, { database, parts: { keyring, deks }, ledger }).erasures;
  const erase = () => erasures.erase(OFFICER, { tenant: 'acme', dataSubject: 'zoe', reason: 'asked' });
  // Holds the writing of the entries up, in the middle of its transaction.
  const hold = new pg.Client({ connectionString: database.url('superuser') });
  await hold.connect();
  t.teardown(() => hold.end());
  await hold.query('begin; lock table cordon.index_entries in exclusive mode');
  const indexing = reindex({ store, tokens, deks: freshDeks(), keep: true });
  const waiting = `select count(*)::int as n from pg_locks
    where not granted and database = (select oid from pg_database where datname = current_database())`;
  const until = async (n: number) => {
    while (Number((await database.query(waiting))[0]?.['n']) < n) await sleep(20);
  };
  await until(1);
  const erasing = erase();
  await until(2);
  await hold.query('rollback');
  await indexing;
  t.is((await erasing).keys, 1);
  const left = await database.query('select count(*)::int as n from cordon.index_entries');
  t.deepEqual(left, [{ n: 0 }]);
});

test('an interrupted run goes on where it stopped', async (t) => {
  const { ledger, database, store, tokens } = await start(t);
  await Promise.all(Array.from({ length: 1_200 }, () => ledger.begin(decision())));
  await database.query('delete from cordon.facts');
  let pages = 0;
  const dying = {
    ...store,
    put: (...args: Parameters<ReindexStore['put']>) => {
      if (++pages === 2) throw new Error('killed');
      return store.put(...args);
    },
  };
  await t.throwsAsync(reindex({ store: dying, tokens, keep: true }), { message: 'killed' });
  let read = 0;
  const counting = {
    ...store,
    rows: async (...args: Parameters<ReindexStore['rows']>) => {
      const rows = await store.rows(...args);
      read += rows.length;
      return rows;
    },
  };
  const { records, changed } = await reindex({ store: counting, tokens, keep: true });
  const [count] = await database.query('select count(*)::int as n from cordon.records');
  t.is(records, Number(count?.['n']));
  t.is(read, records - 500);
  t.is(changed, read);
  const [facts] = await database.query('select count(*)::int as n from cordon.facts');
  t.is(facts?.['n'], records);
});

test('the index of a month goes with its records, and not before', async (t) => {
  const { ledger, database } = await start(t);
  const month = new Date();
  month.setUTCDate(1);
  month.setUTCMonth(month.getUTCMonth() - 1);
  await database.query('select cordon.ensure_partitions($1), cordon.ensure_index_partitions($1)', [
    month.getTime(),
  ]);
  await ledger.begin(decision({ atMs: month.getTime() }));
  await ledger.begin(decision());
  const trim = async () => (await database.query('select cordon.trim_index() as months'))[0]?.['months'];
  const counts = async () =>
    (
      await database.query(`select (select count(*) from cordon.facts where type = 'DECISION')::int as facts,
      (select count(distinct request_id) from cordon.index_entries)::int as entries`)
    )[0];
  t.is(await trim(), 0);
  t.deepEqual(await counts(), { facts: 2, entries: 2 });
  const name = `records_${month.toISOString().slice(0, 7).replace('-', '_')}`;
  await database.query(`drop table cordon.${name}`);
  t.is(await trim(), 1);
  t.deepEqual(await counts(), { facts: 1, entries: 1 });
});

test('the roles that serve can delete nothing of the index by hand', async (t) => {
  const { database } = await start(t);
  for (const role of ['cordon_writer', 'cordon_reader']) {
    for (const table of ['facts', 'index_entries']) {
      const sql = `set role ${role}; delete from cordon.${table}`;
      await t.throwsAsync(database.query(sql), { message: /permission denied/ });
    }
    await t.throwsAsync(database.query(`set role ${role}; select cordon.delete_index('a', '')`), {
      message: /permission denied/,
    });
  }
});
