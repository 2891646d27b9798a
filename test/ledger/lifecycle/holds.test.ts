import test from 'ava';
import fc from 'fast-check';
import pg from 'pg';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { decision, newId } from '../../support/ledger.ts';
import { COUNSEL, OTHER_COUNSEL, createMonth } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { APRIL, HOLD, holdScene, erasing, keeps } from '../../support/hold-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('a hold of a data subject keeps that person, and the months with records of theirs', async (t) => {
  t.deepEqual(await keeps(await holdScene(t, postgres), { dataSubjects: ['patient-1'] }), [
    'patient-1',
    '2019-03',
  ]);
});

test('a hold of a caller keeps those the calls were about', async (t) => {
  t.deepEqual(await keeps(await holdScene(t, postgres), { principals: ['bob'] }), ['patient-2', '2019-04']);
});

test('a hold without persons keeps the whole tenant, and no other', async (t) => {
  t.deepEqual(await keeps(await holdScene(t, postgres), {}), [
    'patient-1',
    'patient-2',
    '2019-03',
    '2019-04',
  ]);
});

test('a hold of a span of time keeps what was recorded in it', async (t) => {
  t.deepEqual(await keeps(await holdScene(t, postgres), { fromMs: APRIL - 1, toMs: APRIL + 60_000 }), [
    'patient-2',
    '2019-04',
  ]);
  t.deepEqual(await keeps(await holdScene(t, postgres), { fromMs: Date.UTC(2019, 5, 1) }), []);
  t.deepEqual(await keeps(await holdScene(t, postgres), { toMs: APRIL, principals: ['bob'] }), []);
});

test('a hold of another tenant keeps nothing of this one', async (t) => {
  t.deepEqual(await keeps(await holdScene(t, postgres), { tenant: 'other' }), ['2019-05']);
});

test('what completes a held call on the first day of the next month is kept, too', async (t) => {
  const scene = await holdScene(t, postgres);
  await createMonth(scene.database, '2019-06-01');
  const turn = Date.UTC(2019, 5, 1);
  const record = decision({ atMs: turn - 5, dataSubject: 'patient-9' });
  await scene.ledger.begin(record);
  await scene.ledger.finish({
    ...{ requestId: record.requestId, atMs: turn + 5, tenant: 'acme', outcome: 'complete', error: undefined },
    ...{ promptTokens: 1, completionTokens: 1, latencyMs: 10, upstreamStatus: 200, response: 'held answer' },
  });
  t.deepEqual(await keeps(scene, { dataSubjects: ['patient-9'] }), ['2019-05', '2019-06']);
});

test('a hold is recorded with its reason sealed, and an erasure that it forbids is, too', async (t) => {
  const scene = await holdScene(t, postgres);
  const hold = await scene.lifecycle.holds.place(COUNSEL, { ...HOLD, dataSubjects: ['patient-1'] });
  await t.throwsAsync(scene.lifecycle.erasures.erase(COUNSEL, erasing('patient-1')), {
    code: 'held',
    message: /M-2019\/7.*hold release/,
  });
  const rows = await scene.database.query(
    `select type, request_id::text as id, header, context is not null as sealed from cordon.records
     where type in ('HOLD_PLACED', 'ERASURE_REFUSED') order by seq`,
  );
  t.deepEqual(
    rows.map(({ type, sealed }) => [type, sealed]),
    [
      ['HOLD_PLACED', true],
      ['ERASURE_REFUSED', false],
    ],
  );
  t.is(rows[0]?.['id'], hold.id);
  t.true(String(rows[1]?.['header']).includes('"matters":["M-2019/7"]'));
  for (const { header } of rows) t.notRegex(String(header), /Doe|patient-1|counsel-1/);
  t.deepEqual(
    (await verifyLedger({ source: scene.parts.source, deks: scene.parts.freshDeks() })).problems,
    [],
  );
});

test('two persons release a hold, and then what it kept can go', async (t) => {
  const scene = await holdScene(t, postgres);
  const { holds, erasures, retention } = scene.lifecycle;
  const { id } = await holds.place(COUNSEL, { ...HOLD, dataSubjects: ['patient-1'] });
  const release = {
    id: newId(),
    tenant: 'acme',
    hold: id,
    by: COUNSEL,
    approvedBy: OTHER_COUNSEL,
    reason: 'settled',
  };
  await t.throwsAsync(holds.release({ ...release, approvedBy: COUNSEL }), { code: 'no_matching_allow' });
  await t.throwsAsync(holds.release({ ...release, tenant: 'other' }), { code: 'not_found' });
  await t.throwsAsync(holds.release({ ...release, hold: 'x' }), { code: 'not_found' });
  t.is((await holds.check('acme', id)).id, id);
  const released = await holds.release(release);
  t.truthy(released.releasedMs);
  t.deepEqual(await holds.release(release), released, 'executing it again changes nothing');
  await t.throwsAsync(holds.check('acme', id), { code: 'conflict' });
  t.is((await erasures.erase(COUNSEL, erasing('patient-1'))).keys, 1);
  t.is((await retention.run())?.dropped.length, 3);
  t.deepEqual(
    (await holds.list('acme')).map((hold) => [hold.id, hold.releasedMs]),
    [[id, released.releasedMs]],
    'it is on record as long as the ledger',
  );
  t.deepEqual(await holds.list('other'), []);
  t.deepEqual((await verifyLedger({ source: scene.parts.source })).problems, []);
});

test('a span of time meets a month exactly when they share a moment', async (t) => {
  const database = await postgres.createDatabase();
  const client = new pg.Client({ connectionString: database.url('superuser') });
  await client.connect();
  t.teardown(() => client.end());
  const moment = fc.option(fc.integer({ min: Date.UTC(2018, 11, 1), max: Date.UTC(2019, 6, 1) }), {
    nil: null,
  });
  const holds = fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 11 }), moment, moment, async (month, from, to) => {
      fc.pre(from === null || to === null || from < to);
      const first = Date.UTC(2019, month, 1);
      const next = Date.UTC(2019, month + 1, 1);
      const meets = Math.max(from ?? -Infinity, first) < Math.min(to ?? Infinity, next);
      const { rows } = await client.query<{ meets: boolean }>(
        'select cordon.month_meets($1, $2, $3) as meets',
        [new Date(first).toISOString().slice(0, 10), from, to],
      );
      return rows[0]?.meets === meets;
    }),
  );
  await t.notThrowsAsync(holds);
});
