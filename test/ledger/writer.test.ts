import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { completion, createLedgerParts, decision, newId } from '../support/ledger.ts';
import { countUnpartitioned } from '../../src/store/retention-store.ts';
import { createPool } from '../../src/store/session.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';
import { startStallingProxy } from '../support/stalling-proxy.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

async function setUp(t: ExecutionContext) {
  const database = await postgres.createDatabase();
  return { database, parts: await createLedgerParts(t, (role) => database.url(role)) };
}

async function count(database: TestDatabase, where: string): Promise<number> {
  const [row] = await database.query(`select count(*)::int as n from cordon.records where ${where}`);
  return Number(row?.['n']);
}

async function writerBackend(database: TestDatabase): Promise<number> {
  const [row] = await database.query(
    `select pid from pg_stat_activity where application_name like 'cordon ________-%' and datname = current_database()`,
  );
  return Number(row?.['pid']);
}

const UNAVAILABLE = { code: 'audit_unavailable' };

test('begin and finish may be handed in together, and the decision comes first', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  const record = decision({ allow: false, protectedBody: undefined });
  await Promise.all([
    ledger.begin(record),
    ledger.finish(completion(record.requestId, { outcome: 'denied' })),
  ]);
  const rows = await database.query('select type from cordon.records where request_id = $1 order by seq', [
    record.requestId,
  ]);
  t.deepEqual(
    rows.map((row) => row['type']),
    ['DECISION', 'COMPLETION'],
  );
});

test('a record written again leaves one record, and another under its id is refused', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  const record = decision();
  // The others share the batch that has to be taken apart, and must go through.
  await Promise.all([
    ledger.begin(record),
    ledger.begin(record),
    ...Array.from({ length: 20 }, () => ledger.begin(decision())),
  ]);
  await ledger.begin(record);
  await t.throwsAsync(ledger.begin({ ...record, policyHash: 'other' }), { instanceOf: RangeError });
  t.is(await count(database, `type = 'DECISION'`), 21);
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});

test('a record the database cannot hold is refused before it reaches a batch', async (t) => {
  const { parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  const { principal } = decision();
  await t.throwsAsync(ledger.begin(decision({ requestId: 'no-uuid' })), { instanceOf: RangeError });
  await t.throwsAsync(ledger.begin(decision({ atMs: Number.NaN })), { instanceOf: RangeError });
  await t.throwsAsync(ledger.begin(decision({ principal: { ...principal, tenant: 'a\0b' } })), {
    instanceOf: RangeError,
  });
  await t.throwsAsync(ledger.begin(decision({ model: '\ud800' })), { instanceOf: RangeError });
  await t.notThrowsAsync(ledger.begin(decision()));
});

test('a month without a partition is taken by the default partition', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  await ledger.begin(decision({ atMs: Date.UTC(2031, 0, 1) }));
  await ledger.begin(decision());
  const [row] = await database.query('select count(*)::int as n from cordon.records_default');
  t.is(row?.['n'], 1);
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
  const url = database.url('cordon_reader');
  const reader = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 1 });
  t.teardown(() => reader.end());
  t.is(await countUnpartitioned(reader), 1, 'as a verification tells');
});

test('a backend that hangs denies calls, and writing goes on when it is let go', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create({ limits: { deadlineMs: 1_500 } });
  await ledger.start();
  await ledger.begin(decision());
  const backend = await writerBackend(database);
  process.kill(backend, 'SIGSTOP');
  try {
    const error = await t.throwsAsync(ledger.begin(decision()), UNAVAILABLE);
    t.like(error, { status: 503, retryAfterS: 1 });
    await t.throwsAsync(ledger.begin(decision()), UNAVAILABLE);
  } finally {
    process.kill(backend, 'SIGCONT');
  }
  while (!(await ledger.healthy())) await sleep(20);
  await ledger.begin(decision());
  await ledger.close();
  const { problems, pairing } = await verifyLedger({ source: parts.source });
  t.deepEqual(problems, []);
  t.is(pairing.open, 2, 'what was refused is either absent or closed as INCOMPLETE');
  t.is(pairing.decisions, 2 + pairing.incompletes);
});

test('a batch that was committed although nobody heard of it is neither lost nor doubled', async (t) => {
  const { database, parts } = await setUp(t);
  // A dead chain, whose lock the sweep takes: the session must still be known as its own chain's afterwards.
  const earlier = parts.create();
  await earlier.start();
  await earlier.close();
  const proxy = await startStallingProxy(Number(new URL(database.url('cordon_writer')).port));
  t.teardown(() => proxy.close());
  const ledger = parts.create({
    limits: { deadlineMs: 1_500 },
    writerUrl: proxy.through(database.url('cordon_writer')),
  });
  await ledger.start();
  await ledger.begin(decision());
  proxy.stallAnswers();
  const record = decision();
  await t.throwsAsync(ledger.begin(record), UNAVAILABLE);
  while (!parts.events.some((event) => event.event === 'ledger_disconnected')) await sleep(5);
  proxy.resume();
  while (!(await ledger.healthy())) await sleep(20);
  await ledger.begin(decision());
  t.true(parts.events.some((event) => event.event === 'ledger_settled' && event.committed));
  while ((await count(database, `type = 'INCOMPLETE'`)) === 0) await sleep(20);
  t.is(await count(database, `request_id = '${record.requestId}' and type = 'DECISION'`), 1);
  await ledger.close();
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});

test('the queue is bounded by records and by bytes', async (t) => {
  const { parts } = await setUp(t);
  const few = parts.create({ limits: { maxRecords: 8 } });
  await few.start();
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => few.begin(decision())));
  t.is(results.filter(({ status }) => status === 'fulfilled').length, 8);
  await few.begin(decision());
  const small = parts.create({ limits: { maxBytes: 64 * 1024 } });
  await small.start();
  await t.throwsAsync(small.begin(decision({ protectedBody: 'x'.repeat(65 * 1024) })), UNAVAILABLE);
  await small.begin(decision());
});

test('a decision whose writer died is closed once, by whoever starts next', async (t) => {
  const { database, parts } = await setUp(t);
  const first = parts.create();
  await first.start();
  const open = decision();
  const done = decision();
  await Promise.all([first.begin(open), first.begin(done)]);
  await first.finish(completion(done.requestId));
  const living = parts.create();
  await living.start();
  const held = decision();
  await living.begin(held);
  await first.close();
  await Promise.all([parts.create(), parts.create()].map((ledger) => ledger.start()));
  const rows = await database.query(
    `select request_id::text as id from cordon.records where type = 'INCOMPLETE'`,
  );
  t.deepEqual(
    rows.map((row) => row['id']),
    [open.requestId],
    'the living writer keeps its open decision',
  );
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});

test('a writer whose chain was closed under it goes on in a new chain', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  await ledger.begin(decision());
  await database.query('update cordon.chains set closed = true');
  await Promise.all(Array.from({ length: 5 }, () => ledger.begin(decision())));
  await ledger.close();
  const [row] = await database.query('select count(*)::int as n from cordon.chains');
  t.is(row?.['n'], 2);
  t.is(await count(database, `type = 'DECISION'`), 6);
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});

test('a closed ledger refuses records and keeps what it had', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  const writing = ledger.begin(decision());
  await Promise.all([writing, ledger.close()]);
  await t.throwsAsync(ledger.begin(decision()), { code: 'shutting_down' });
  t.false(await ledger.healthy());
  t.is(await count(database, `type in ('START', 'DECISION', 'STOP')`), 3);
});

test('a note has an id of its own', async (t) => {
  const { database, parts } = await setUp(t);
  const ledger = parts.create();
  await ledger.start();
  const note = { type: 'AUTH_REFUSED', atMs: Date.now(), tenant: '', data: { reason: newId() } } as const;
  await Promise.all([ledger.note(note), ledger.note(note)]);
  t.is(await count(database, `type = 'AUTH_REFUSED'`), 2);
});
