import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { createDeks, RetiredKekError, wrapContext } from '../../src/crypto/deks.ts';
import { createKekKeeper, type KekStore, KeyRefusal } from '../../src/crypto/kek-keeper.ts';
import { type ManagedKeyring } from '../../src/crypto/keyring.ts';
import { IN_CLEAR, openLocalKeyring } from '../../src/crypto/local-keyring.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createKekStore } from '../../src/store/kek-store.ts';
import { createPool, type Role } from '../../src/store/session.ts';
import { memoryStorage, owner } from '../support/keys.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

interface Parts {
  readonly database: TestDatabase;
  readonly keyring: ManagedKeyring;
  readonly openKeyring: () => Promise<ManagedKeyring>;
  readonly writer: pg.Pool;
  readonly store: KekStore;
  /** Ids of new data keys. */
  readonly add: (count: number) => Promise<readonly string[]>;
  readonly keeper: (store?: KekStore) => ReturnType<typeof createKekKeeper>;
}

async function open(t: ExecutionContext): Promise<Parts> {
  const database = await postgres.createDatabase();
  const pool = (role: Role): pg.Pool => {
    const url = database.url(role === 'cordon_keeper' ? 'superuser' : role);
    const made = createPool({ url, role, deadlineMs: 20_000, max: 3 });
    t.teardown(() => made.end());
    return made;
  };
  const storage = memoryStorage(Date.now());
  const openKeyring = () => openLocalKeyring({ storage, seal: IN_CLEAR, now: Date.now });
  const keyring = await openKeyring();
  const writer = pool('cordon_writer');
  const store = createKekStore(pool('cordon_keeper'));
  let added = 0;
  return {
    database,
    keyring,
    openKeyring,
    writer,
    store,
    async add(count) {
      const deks = createDeks({ store: createDekStore(writer), keyring });
      const ids: string[] = [];
      for (let n = 0; n < count; n++)
        ids.push((await deks.forSealing(owner('subject', `tenant-${added++}`))).id);
      return ids;
    },
    keeper: (other = store) =>
      createKekKeeper({
        store: other,
        keyring,
        note: () => Promise.resolve(),
        actor: 'ada',
        now: Date.now,
      }),
  };
}

const erase = (database: TestDatabase, id: string) =>
  database.query('update cordon.deks set wrapped = null where id = $1', [id]);
const quiet = (): undefined => undefined;

test('keys are re-wrapped in place, and a KEK is destroyed only when none needs it', async (t) => {
  const parts = await open(t);
  const ids = await parts.add(7);
  const keeper = parts.keeper();
  const { from = '', to } = await keeper.rotate();
  await t.throwsAsync(keeper.retire(from), { instanceOf: KeyRefusal, message: /7 data key/ });
  await erase(parts.database, ids[0] ?? '');
  t.deepEqual(await keeper.rewrap(quiet), { to, rewrapped: 6, skipped: 0, unusable: 0, remaining: 0 });
  await keeper.retire(from);
  const fresh = createDeks({ store: createDekStore(parts.writer), keyring: await parts.openKeyring() });
  for (const id of ids.slice(1)) t.truthy(await fresh.forOpening(id));
  t.is(await fresh.forOpening(ids[0] ?? ''), undefined);
  const usage = await parts.store.usage();
  t.like(
    usage.find(({ id }) => id === from),
    { living: 0, erased: 1, oldest: undefined },
  );
  t.truthy(usage.find(({ id }) => id === from)?.destroyedMs);
  t.like(
    usage.find(({ id }) => id === to),
    { living: 6, erased: 0, oldest: '2026-11-01', retiredMs: undefined },
  );
});

test('an erasure between reading a key and writing it anew is never undone', async (t) => {
  const parts = await open(t);
  const ids = await parts.add(4);
  await parts.keeper().rotate();
  const racing: KekStore = {
    ...parts.store,
    async rewrap(changes) {
      // All of them have been read and wrapped anew by now.
      await erase(parts.database, ids[2] ?? '');
      return parts.store.rewrap(changes);
    },
  };
  t.like(await parts.keeper(racing).rewrap(quiet), { rewrapped: 3, skipped: 1, remaining: 0 });
  const [row] = await parts.database.query('select wrapped from cordon.deks where id = $1', [ids[2]]);
  t.is(row?.['wrapped'], null);
});

test('of an erasure and a re-wrapping at the same instant the erasure wins, whoever comes first', async (t) => {
  const parts = await open(t);
  const ids = await parts.add(30);
  await parts.keeper().rotate();
  const racing: KekStore = {
    ...parts.store,
    async rewrap(changes) {
      const erasures = Promise.all(ids.slice(0, 15).map((id) => erase(parts.database, id)));
      const [count] = await Promise.all([parts.store.rewrap(changes), erasures]);
      return count;
    },
  };
  t.like(await parts.keeper(racing).rewrap(quiet), { remaining: 0 });
  const rows = await parts.database.query('select id::text, wrapped is null as gone from cordon.deks');
  for (const row of rows) t.is(row['gone'], ids.slice(0, 15).includes(String(row['id'])));
});

test('nobody brings a destroyed key back, the owner of the tables neither', async (t) => {
  const parts = await open(t);
  const [id = ''] = await parts.add(1);
  const [before] = await parts.database.query('select kek, wrapped from cordon.deks where id = $1', [id]);
  await erase(parts.database, id);
  await t.throwsAsync(
    parts.database.query('update cordon.deks set wrapped = $2 where id = $1', [id, before?.['wrapped']]),
    { message: /stays destroyed/ },
  );
  const kek = String(before?.['kek']);
  const wrapped = { kek, bytes: Buffer.alloc(61) };
  t.is(await parts.store.rewrap([{ id, before: wrapped, after: wrapped }]), 0);
});

test('a process that has not heard of a rotation cannot wrap under a KEK that is being destroyed', async (t) => {
  const parts = await open(t);
  const proxy = await parts.openKeyring();
  const keeper = parts.keeper();
  const { from = '', to } = await keeper.rotate();
  const stale = await proxy.wrap(Buffer.alloc(32, 1), 'x');
  t.is(stale.kek, from);
  await keeper.retire(from);
  const dek = { id: '00000000-0000-4000-8000-000000000001', owner: owner(), wrapped: undefined };
  await t.throwsAsync(createDekStore(parts.writer).add(dek, stale), { instanceOf: RetiredKekError });
  const made = await createDeks({ store: createDekStore(parts.writer), keyring: proxy }).forSealing(owner());
  const [row] = await parts.database.query('select kek from cordon.deks where id = $1', [made.id]);
  t.is(row?.['kek'], to);
});

test('a key that is added while a KEK is being retired is counted, or refused', async (t) => {
  const parts = await open(t);
  const client = new pg.Client({ connectionString: parts.database.url('cordon_writer') });
  await client.connect();
  t.teardown(() => client.end());
  const [first] = await parts.keyring.keks();
  const kek = first?.id ?? '';
  await parts.keyring.rotate();
  await client.query('begin');
  await client.query(
    `insert into cordon.deks (id, kind, tenant, reference, period, generation, kek, wrapped)
     values (gen_random_uuid(), 'tenant', 'late', '', '2026-11-01', 1, $1, '\\x00')`,
    [kek],
  );
  const retiring = parts.store.retire(kek, 1);
  await client.query('commit');
  t.is(await retiring, 1, 'it waited for the open transaction');
});

test('an operation on keys keeps a second one out until it ends, however it ends', async (t) => {
  const parts = await open(t);
  await parts.store.exclusively(async () => {
    await t.throwsAsync(
      parts.store.exclusively(() => Promise.resolve()),
      { instanceOf: KeyRefusal },
    );
  });
  await t.throwsAsync(
    parts.store.exclusively(() => Promise.reject(new Error('failed'))),
    { message: 'failed' },
  );
  await t.notThrowsAsync(parts.store.exclusively(() => Promise.resolve()));
});

test('who serves calls can neither wrap anew nor retire; the keeper can do nothing else', async (t) => {
  const parts = await open(t);
  const [id] = await parts.add(1);
  const statements: Readonly<Record<string, string>> = {
    rewrap: `select cordon.rewrap_deks(array['${id ?? ''}']::uuid[], array['a'], array[''::bytea], array['a'], array[''::bytea])`,
    retire: `select cordon.retire_kek('kek-x', 1)`,
    overwrite: `update cordon.deks set wrapped = ''`,
    unretire: `update cordon.keks set retired_ms = null`,
    remove: 'delete from cordon.deks',
    read: 'select * from cordon.records',
    write: `insert into cordon.deks (id, kind, tenant, reference, period, generation, kek) values (gen_random_uuid(), 'tenant', '', '', now(), 1, '')`,
  };
  const may: Readonly<Record<Role, readonly string[]>> = {
    cordon_writer: ['write'],
    cordon_reader: ['read'],
    cordon_keeper: ['rewrap', 'retire'],
  };
  for (const role of ['cordon_writer', 'cordon_reader', 'cordon_keeper'] as const) {
    for (const [name, sql] of Object.entries(statements)) {
      const run = parts.database.query(`begin; set local role ${role}; ${sql}; rollback`);
      if (may[role].includes(name)) await t.notThrowsAsync(run, `${role} ${name}`);
      else await t.throwsAsync(run, { message: /permission denied/ }, `${role} ${name}`);
    }
  }
});

test('the wrapped keys of two rows do not change places', async (t) => {
  const parts = await open(t);
  const [a = '', b = ''] = await parts.add(2);
  const store = createDekStore(parts.writer);
  const deks = () => createDeks({ store, keyring: parts.keyring });
  t.truthy(await deks().forOpening(a));
  const swap = `update cordon.deks x set wrapped = y.wrapped, kek = y.kek from cordon.deks y
     where (x.id, y.id) in (('${a}', '${b}'), ('${b}', '${a}'))`;
  await parts.database.query(swap);
  t.is(await deks().forOpening(a), undefined);
  t.is(await deks().forOpening(b), undefined);
  await parts.database.query(swap);
  t.truthy(await deks().forOpening(b));
  for (const change of [
    "tenant = 'elsewhere'",
    "period = '2026-12-01'",
    "kind = 'tenant'",
    'generation = 2',
  ]) {
    await parts.database.query(`create table saved as select * from cordon.deks where id = '${a}'`);
    await parts.database.query(`update cordon.deks set ${change} where id = '${a}'`);
    const opened = await deks().forOpening(a);
    if (change.startsWith('generation')) t.truthy(opened);
    else t.is(opened, undefined, change);
    await parts.database.query(
      `delete from cordon.deks where id = '${a}'; insert into cordon.deks select * from saved; drop table saved`,
    );
  }
  const stored = await store.find(a);
  t.truthy(stored);
  if (stored !== undefined) t.true(wrapContext(stored).includes(a));
});
