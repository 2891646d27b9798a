import test from 'ava';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { asSuperuser, createLifecycle } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import {
  retentionScene,
  MARCH,
  APRIL,
  AT_THE_TURN,
  verifyScene,
  monthsOf,
  holdApril,
} from '../../support/retention-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('a month past its time is gone, and everything else verifies, checkpoints and the halved batches included', async (t) => {
  const scene = await retentionScene(t, postgres);
  const before = await verifyScene(scene);
  t.deepEqual(before.problems, []);
  const indexed = async (): Promise<unknown> => {
    const [row] = await scene.database.query(
      `select count(*)::int as n from cordon.facts where period = any(array['${MARCH}', '${APRIL}']::date[])`,
    );
    return row?.['n'];
  };
  t.true(Number(await indexed()) > 0);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  const run = await scene.lifecycle.retention.run();
  t.deepEqual(
    run?.dropped.map(({ month }) => month),
    [MARCH, APRIL],
  );
  t.deepEqual((await monthsOf(scene)).length, 1, 'only this month is left');
  t.is(await indexed(), 0, 'what was indexed of them went with them');

  const after = await verifyScene(scene);
  t.deepEqual(after.problems, []);
  t.is(after.checkpoints, scene.checkpoints.length);
  t.is(after.dropped, before.records - 1, 'START of the new chain was not dropped');
  t.is(after.records + after.dropped, before.records + 4, 'and two drops were recorded, twice each');
  t.deepEqual(
    await scene.database.query(
      `select count(*)::int as n from cordon.deks where kind = 'subject' and period < '2020-01-01' and wrapped is not null`,
    ),
    [{ n: 0 }],
    'the data subjects’ keys of the months are gone with them',
  );
  t.deepEqual((await scene.lifecycle.retention.run())?.dropped, [], 'once');
});

test('one month goes and the next, in the same chain and the same batches, stays', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await holdApril(scene);
  const run = await scene.lifecycle.retention.run();
  t.deepEqual(
    [run?.dropped.map(({ month }) => month), run?.held],
    [[MARCH], [{ month: APRIL, matters: ['M-1'] }]],
  );
  const result = await verifyScene(scene);
  t.deepEqual(result.problems, []);
  t.true(result.dropped > 10 && result.records > 10);
});

test('a drop is proved after the month of its own record was dropped', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await scene.lifecycle.retention.run();
  // As if it were years later: today's month goes the way the function takes, its clock apart.
  const [now] = await scene.database.query(
    `select date_trunc('month', now() at time zone 'UTC')::date::text as month`,
  );
  const month = String(now?.['month']);
  await scene.ledger.close();
  await asSuperuser(
    scene.database,
    `create or replace function cordon.due_on(of_month date) returns date language sql stable as 'select date ''2000-01-01''';
     create or replace function cordon.recorded(record_id uuid, record_type text)
       returns table (chain uuid, seq bigint, period date, tenant text, at_ms bigint, header text, data jsonb)
       language sql stable as 'select r.chain, r.seq, date ''2999-01-01'', r.tenant, r.at_ms, r.header,
         r.header::jsonb #> ''{record,data}'' from cordon.records r where r.request_id = record_id and r.type = record_type'`,
  );
  const later = Date.UTC(2099, 0, 15);
  const ledger = scene.parts.create({ now: () => later });
  await ledger.start();
  const lifecycle = createLifecycle(t, { ...scene, ledger }, { now: () => later });
  const run = await lifecycle.retention.run();
  t.true(run?.dropped.some((dropped) => dropped.month === month));
  const result = await verifyLedger({ source: scene.parts.source, checkpoints: scene.checkpoints });
  t.deepEqual(result.problems, []);
});

test('without terms nothing is due, and terms in the database only become stricter', async (t) => {
  const scene = await retentionScene(t, postgres);
  const { retention } = scene.lifecycle;
  t.deepEqual((await retention.run())?.dropped, []);
  await retention.demand([{ tenant: '', days: 36_000, shredding: false }]);
  await retention.demand([{ tenant: '', days: 30, shredding: true }]);
  t.deepEqual((await retention.status()).terms, [{ tenant: '', days: 36_000, shredding: false }]);
  t.deepEqual((await retention.run())?.dropped, []);
});

test('the longest term of those who have records in a month counts', async (t) => {
  const scene = await retentionScene(t, postgres);
  const { retention } = scene.lifecycle;
  await retention.demand([
    { tenant: '', days: 30, shredding: true },
    { tenant: 'acme', days: 36_000, shredding: true },
    { tenant: 'elsewhere', days: 36_500, shredding: true },
  ]);
  const [march] = (await retention.status()).months;
  const due = new Date(AT_THE_TURN + 36_000 * 86_400_000).toISOString().slice(0, 10);
  t.deepEqual([march?.month, march?.due], [MARCH, due]);
  t.deepEqual((await retention.run())?.dropped, []);
});

test('a crash after the intent, or after the drop, is carried on, and each is recorded once', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  for (const after of [false, true]) {
    const crashing = createLifecycle(t, scene, {
      replace: (stores) => ({
        ...stores,
        retention: {
          ...stores.retention,
          async drop(start) {
            if (after) await stores.retention.drop(start);
            throw new Error('the process died');
          },
        },
      }),
    });
    await t.throwsAsync(crashing.retention.run(), { code: 'audit_unavailable' });
    const later = createLifecycle(t, scene, { now: () => Date.now() + 120_000 });
    t.is(await later.retention.resume(), 1);
    t.is(await later.retention.resume(), 0);
    t.deepEqual((await verifyScene(scene)).problems, []);
  }
  t.deepEqual((await monthsOf(scene)).length, 1);
  const counts = await scene.database.query(
    `select type, count(*)::int as n from cordon.records where type like 'RETENTION%' group by type order by type`,
  );
  t.deepEqual(counts, [
    { type: 'RETENTION_DROPPED', n: 2 },
    { type: 'RETENTION_STARTED', n: 2 },
  ]);
});

test('two processes that run it at once drop each month once', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  const other = createLifecycle(t, scene);
  const runs = await Promise.all([
    scene.lifecycle.retention.run(),
    other.retention.run(),
    scene.lifecycle.retention.run(),
  ]);
  t.is(runs.flatMap((run) => run?.dropped ?? []).length, 2);
  t.deepEqual((await verifyScene(scene)).problems, []);
});
