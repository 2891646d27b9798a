import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { createDeks } from '../../src/crypto/deks.ts';
import { checkMigrations, migrate, readMigrations } from '../../src/store/migrate.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createPool, openSession, urlWithRole } from '../../src/store/session.ts';
import { completion, createKeyring, createLedgerParts, decision } from '../support/ledger.ts';
import { MIGRATIONS, startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

/** A copy of the real migrations, to be changed. */
async function copyMigrations(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-migrations-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  for (const name of await readdir(MIGRATIONS)) await copyFile(join(MIGRATIONS, name), join(directory, name));
  return directory;
}

async function nextName(directory: string, name: string): Promise<string> {
  const number = (await readMigrations(directory)).length + 1;
  return join(directory, `${String(number).padStart(6, '0')}_${name}.sql`);
}

async function as(
  database: TestDatabase,
  role: 'cordon_writer' | 'cordon_reader',
  sql: string,
): Promise<number> {
  const client = new pg.Client({ connectionString: database.url(role) });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const reader = (database: TestDatabase, directory: string) => ({
  url: database.url('cordon_reader'),
  directory,
  role: 'cordon_reader' as const,
});

test('a database is behind until it is migrated, and migrating twice changes nothing', async (t) => {
  const database = await postgres.createEmptyDatabase();
  await t.throwsAsync(checkMigrations(reader(database, MIGRATIONS)), { message: /run cordon db migrate/ });
  const url = database.url('superuser');
  t.deepEqual(
    await migrate({ url, directory: MIGRATIONS }),
    (await readMigrations(MIGRATIONS)).map(({ name }) => name),
  );
  t.deepEqual(await migrate({ url, directory: MIGRATIONS }), []);
  await t.notThrowsAsync(checkMigrations(reader(database, MIGRATIONS)));
});

test('a migration changed after it was applied is refused', async (t) => {
  const database = await postgres.createDatabase();
  const directory = await copyMigrations(t);
  const [first] = await readMigrations(directory);
  await writeFile(join(directory, first?.name ?? ''), `${first?.sql ?? ''}\n-- changed`);
  const message = /is not the file that was applied/;
  await t.throwsAsync(checkMigrations(reader(database, directory)), { message });
  await t.throwsAsync(migrate({ url: database.url('superuser'), directory }), { message });
});

test('a database ahead of this version is refused', async (t) => {
  const database = await postgres.createDatabase();
  const directory = await copyMigrations(t);
  await writeFile(await nextName(directory, 'later'), 'create table cordon.later (n int)');
  await migrate({ url: database.url('superuser'), directory });
  await t.throwsAsync(checkMigrations(reader(database, MIGRATIONS)), { message: /newer than this version/ });
});

test('a migration that fails leaves nothing behind', async (t) => {
  const database = await postgres.createDatabase();
  const directory = await copyMigrations(t);
  await writeFile(await nextName(directory, 'broken'), 'create table cordon.half (n int); select 1 / 0');
  await t.throwsAsync(migrate({ url: database.url('superuser'), directory }), {
    message: /division by zero/,
  });
  t.deepEqual(await database.query(`select to_regclass('cordon.half') as half`), [{ half: null }]);
  await t.notThrowsAsync(checkMigrations(reader(database, MIGRATIONS)));
});

test('a breaking migration waits for permission', async (t) => {
  const database = await postgres.createDatabase();
  const directory = await copyMigrations(t);
  await writeFile(await nextName(directory, 'breaking'), '-- breaking: true\n\nselect 1');
  const url = database.url('superuser');
  await t.throwsAsync(migrate({ url, directory }), { message: /breaks running processes/ });
  t.is((await migrate({ url, directory, allowBreaking: true })).length, 1);
});

test('a gap in the numbers is refused', async (t) => {
  const directory = await copyMigrations(t);
  await writeFile(join(directory, '000099_gap.sql'), 'select 1');
  await t.throwsAsync(readMigrations(directory), { message: /is not migration number/ });
});

test('the writer can add records and neither change, remove nor read their ciphertexts', async (t) => {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  await ledger.begin(decision());
  const denied = { code: '42501' };
  for (const sql of [
    "update cordon.records set tenant = 'x'",
    'delete from cordon.records',
    'truncate cordon.records',
    'delete from cordon.batches',
    'update cordon.batches set first_seq = 1',
    'delete from cordon.chains',
    'delete from cordon.deks',
    'update cordon.deks set wrapped = null',
    'update cordon.chains set seq = 0',
    'update cordon.chains set instance = $$x$$',
    'select body from cordon.records',
    'select findings from cordon.records',
    'select * from cordon.records',
    'set session_replication_role = replica',
    'alter table cordon.records disable trigger all',
    'set role cordon_owner',
  ]) {
    await t.throwsAsync(as(database, 'cordon_writer', sql), denied, sql);
  }
  t.is(await as(database, 'cordon_reader', `select body from cordon.records where type = 'DECISION'`), 1);
  await t.throwsAsync(
    as(database, 'cordon_reader', 'insert into cordon.chains select * from cordon.chains'),
    denied,
  );
});

test('the triggers refuse even a superuser, on each partition', async (t) => {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  await ledger.begin(decision());
  const tables = await database.query(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'cordon.records'::regclass`,
  );
  t.true(tables.length >= 3, 'this month, the next, and the default');
  for (const name of ['cordon.records', 'cordon.batches', ...tables.map((table) => String(table['name']))]) {
    for (const sql of [`delete from ${name}`, `truncate ${name}`, `update ${name} set chain = chain`]) {
      await t.throwsAsync(database.query(`set session_replication_role = replica; ${sql}`), {
        message: /append-only/,
      });
    }
  }
});

test('partitions are made ahead, once, and not where the default partition holds the month', async (t) => {
  const database = await postgres.createDatabase();
  const now = Date.now();
  const made = async (atMs: number) =>
    (await database.query('select cordon.ensure_partitions($1) as made', [atMs]))[0]?.['made'];
  t.is(await made(now), 2);
  t.is(await made(now), 0);
  t.is(await made(now + 400 * 86_400_000), 0, 'nobody litters the catalogue');
  const inTwoMonths = new Date(now);
  inTwoMonths.setUTCMonth(inTwoMonths.getUTCMonth() + 2, 1);
  await database.query(
    `insert into cordon.records (period, chain, seq, request_id, type, tenant, at_ms, leaf, header)
     values ($1, gen_random_uuid(), 1, gen_random_uuid(), 'X', '', 0, sha256(''), '')`,
    [inTwoMonths.toISOString().slice(0, 10)],
  );
  t.is(await made(Date.UTC(inTwoMonths.getUTCFullYear(), inTwoMonths.getUTCMonth() - 1, 15)), 0);
});

test('a connection that may not take its role fails instead of working without it', async (t) => {
  const database = await postgres.createDatabase();
  const url = urlWithRole(database.url('cordon_reader'), 'cordon_writer');
  await t.throwsAsync(openSession({ url, applicationName: 'test', deadlineMs: 20_000 }), {
    message: /permission denied to set role/,
  });
  t.throws(() => urlWithRole('postgres://h/d?options=x', 'cordon_reader'), { instanceOf: RangeError });
});

test('a key is used no more often than its bound, over all processes, and then replaced', async (t) => {
  const database = await postgres.createDatabase();
  const keyring = await createKeyring(t);
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 2,
  });
  t.teardown(() => pool.end());
  const uses = new Map<string, number>();
  const owner = {
    kind: 'subject',
    tenant: 'acme',
    reference: Buffer.alloc(32, 1),
    period: '2026-11-01',
  } as const;
  const processes = [1, 2].map(() =>
    createDeks({ store: createDekStore(pool), keyring, leaseUses: 10, maxUses: 30 }),
  );
  await Promise.all(
    processes.flatMap((deks) =>
      Array.from({ length: 50 }, async () => {
        const { id } = await deks.forSealing(owner);
        uses.set(id, (uses.get(id) ?? 0) + 1);
      }),
    ),
  );
  t.is(
    [...uses.values()].reduce((sum, n) => sum + n, 0),
    100,
  );
  t.true([...uses.values()].every((n) => n <= 30));
});

test('what a prompt held is nowhere in the data directory, log and write-ahead log included', async (t) => {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  const planted = [
    'planted-original-7f3a',
    'planted-body-91c2',
    'planted-key-55d0',
    'planted-subject-c4e8',
    'planted-answer-0b6f',
    'planted-caller-e2d9',
    'planted-model-a81b',
  ];
  const { principal } = decision();
  const record = decision({
    principal: { ...principal, subject: 'planted-caller-e2d9' },
    dataSubject: 'planted-subject-c4e8',
    allow: false,
    model: 'planted-model-a81b',
    protectedBody: '{"text":"planted-body-91c2"}',
    originals: { '[X]': 'planted-original-7f3a' },
    coverage: { scanned: 1, transformed: ['/planted-key-55d0'], structural: 0 },
    spans: [{ pointer: '/planted-key-55d0', start: 0, end: 1, entity: 'X', score: 1, recognizer: 'x' }],
  });
  await ledger.begin(record);
  await ledger.finish(completion(record.requestId, { response: 'planted-answer-0b6f' }));
  // Repeating it under another policy makes the server refuse the row, which is when it would log it.
  await t.throwsAsync(ledger.begin({ ...record, policyHash: 'other' }));
  await ledger.note({
    type: 'AUTH_REFUSED',
    atMs: Date.now(),
    tenant: '',
    data: { control: 'visible-control-1d' },
  });
  await database.query('checkpoint');
  const files = await readdir(postgres.directory, { recursive: true, withFileTypes: true });
  let controls = 0;
  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0));
    if (content.includes('visible-control-1d')) controls += 1;
    for (const value of planted) t.false(content.includes(value), `${value} in ${file.name}`);
  }
  t.true(controls >= 2, 'the search does see what is in clear: in the table and in the write-ahead log');
});
