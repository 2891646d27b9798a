import test from 'ava';
import { kekStatus } from '../../../src/crypto/kek-horizon.ts';
import { type Kek } from '../../../src/crypto/keyring.ts';
import { createAuditReader } from '../../../src/ledger/read.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { createKekStore } from '../../../src/store/kek-store.ts';
import { createKeptCalls } from '../../../src/store/kept-calls.ts';
import { createKeptStore } from '../../../src/store/kept-store.ts';
import { createPool } from '../../../src/store/session.ts';
import { decision, newId, ORIGIN } from '../../support/ledger.ts';
import { COUNSEL, createLifecycle, HORIZON_MS } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { erasureScene, ERASURE, findingsOf, erasureTypes } from '../../support/erasure-scene.ts';

const DAY_MS = 86_400_000;
let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('what was sealed for an erased person opens no more; everybody else’s does, and every proof holds', async (t) => {
  const scene = await erasureScene(t, postgres);
  t.is(await findingsOf(scene, 0, scene.parts.deks), 'open');
  const erasure = await scene.lifecycle.erasures.erase(COUNSEL, ERASURE);
  t.is(erasure.keys, 1);
  t.is(erasure.horizonMs, HORIZON_MS);
  t.is(
    await findingsOf(scene, 0, scene.parts.deks),
    'key_unavailable',
    'nor in the process that had it cached',
  );
  t.is(await findingsOf(scene, 1), 'open');
  const shown = await createAuditReader({ source: scene.parts.source, deks: scene.parts.deks }).show(
    scene.ids[0],
  );
  t.is(shown?.body.state, 'open', 'what was decided and sent stays');
  const result = await verifyLedger({ source: scene.parts.source, deks: scene.parts.freshDeks() });
  t.deepEqual([result.problems, result.keyUnavailable], [[], 1]);
  t.deepEqual(await erasureTypes(scene), ['ERASURE_STARTED', 'ERASED']);
  const [row] = await scene.database.query(`select header from cordon.records where type = 'ERASED'`);
  const header = String(row?.['header']);
  t.true(header.includes('"horizon":"') && header.includes('"keys":1'));
  t.false(header.includes('patient-17') || header.includes('GDPR 17'));
});

test('an erased person who calls again gets a new key, which a second erasure destroys', async (t) => {
  const scene = await erasureScene(t, postgres);
  await scene.lifecycle.erasures.erase(COUNSEL, ERASURE);
  const record = decision();
  await scene.ledger.begin(record);
  const again = { ...scene, ids: [record.requestId, scene.ids[0]] as const };
  t.is(await findingsOf(again, 0), 'open');
  t.is(await findingsOf(again, 1), 'key_unavailable');
  t.is((await scene.lifecycle.erasures.erase(COUNSEL, ERASURE)).keys, 1);
  t.is(await findingsOf(again, 0), 'key_unavailable');
});

test('the horizon is that of the KEKs that could bring this person back, whoever else was erased', async (t) => {
  const scene = await erasureScene(t, postgres);
  const pool = createPool({
    url: scene.database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  t.teardown(() => pool.end());
  const store = createKekStore(pool);
  const [row] = await scene.database.query('select distinct kek from cordon.deks');
  const old = String(row?.['kek']);
  const now = Date.now();
  const keks: Kek[] = [
    { id: old, current: false, createdMs: now - 10 * DAY_MS },
    { id: 'kek-new', current: true, createdMs: now },
  ];
  const erase = async (dataSubject: string, keksNow: readonly Kek[] = keks, nowMs = now) => {
    const lifecycle = createLifecycle(t, scene, {
      horizon: async (tenant, reference) =>
        kekStatus(keksNow, await store.usage({ tenant, reference }), 30, nowMs).horizon,
    });
    return lifecycle.erasures.erase(COUNSEL, { ...ERASURE, dataSubject });
  };
  const horizonOf = async (id: string): Promise<unknown> => {
    const [found] = await scene.database.query(
      `select header::jsonb #>> '{record,data,horizon}' as horizon from cordon.records
       where request_id = $1 and type = 'ERASED'`,
      [id],
    );
    return found?.['horizon'];
  };
  const first = await erase('patient-17');
  t.is(first.horizonMs, now + 20 * DAY_MS);
  t.is(await horizonOf(first.id), new Date(now + 20 * DAY_MS).toISOString());
  await scene.database.query(`update cordon.deks set kek = 'kek-new' where wrapped is not null`);
  t.is((await erase('patient-18')).horizonMs, now + 30 * DAY_MS, 'the newer KEK is due later');
  t.is((await erase('patient-17')).horizonMs, now + 20 * DAY_MS, 'whoever else was erased meanwhile');
  const overdue = await erase('patient-17', keks, now + 25 * DAY_MS);
  t.deepEqual([overdue.horizonMs, await horizonOf(overdue.id)], [undefined, null]);
  t.is((await erase('patient-17', keks.slice(1))).horizonMs, undefined, 'nobody saw the older one destroyed');
  await scene.database.query(
    'insert into cordon.keks (id, seen_ms, retired_ms, destroyed_ms) values ($1, 1, 2, 3)',
    [old],
  );
  const gone = await erase('patient-17', keks.slice(1));
  t.is(gone.horizonMs, gone.atMs, 'their only KEK is destroyed: beyond recovery already');
  const stranger = await erase('nobody');
  t.is(stranger.horizonMs, stranger.atMs);
});

test('a call sealed and indexed by a process that heard of the erasure late is found no more', async (t) => {
  const scene = await erasureScene(t, postgres);
  const { database, lifecycle } = scene;
  const copies = ['facts', 'index_entries'];
  for (const table of copies)
    await database.query(`create table public.${table} as select * from cordon.${table}`);
  const late = `request_id = '${scene.ids[0]}' and period is not null`;
  await lifecycle.erasures.erase(COUNSEL, ERASURE);
  const again = decision();
  await scene.ledger.begin(again);
  // As if that call had been written just now.
  await database.query(`delete from cordon.facts where ${late}`);
  for (const table of copies)
    await database.query(
      `insert into cordon.${table} select * from public.${table} where ${late} on conflict do nothing`,
    );
  const indexed = async (id: string) => {
    const [row] = await database.query(
      `select (select count(*)::int from cordon.index_entries where request_id = $1) as entries,
              (select count(subject)::int from cordon.facts where request_id = $1) as subjects`,
      [id],
    );
    return row;
  };
  const [before, ofAgain] = [await indexed(scene.ids[0]), await indexed(again.requestId)];
  t.is(before?.['subjects'], 1);
  t.true(Number(before?.['entries']) > 0 && Number(ofAgain?.['entries']) > 0);
  await lifecycle.erasures.resume();
  t.deepEqual(await indexed(scene.ids[0]), { entries: 0, subjects: 0 });
  t.deepEqual(await indexed(again.requestId), ofAgain, 'what they said since, under a new key, stays found');
});

test('a key service that does not answer leaves the erasure done, and nobody says until when', async (t) => {
  const scene = await erasureScene(t, postgres);
  const lifecycle = createLifecycle(t, scene, { horizon: () => Promise.reject(new Error('sealed')) });
  const { keys, horizonMs } = await lifecycle.erasures.erase(COUNSEL, ERASURE);
  t.deepEqual([keys, horizonMs], [1, undefined]);
  t.is(await findingsOf(scene, 0), 'key_unavailable');
  t.deepEqual(await erasureTypes(scene), ['ERASURE_STARTED', 'ERASED']);
});

test('a person nobody knows is erased without a key to destroy', async (t) => {
  const scene = await erasureScene(t, postgres);
  t.is((await scene.lifecycle.erasures.erase(COUNSEL, { ...ERASURE, dataSubject: 'nobody' })).keys, 0);
  t.is(
    (await scene.lifecycle.erasures.erase(COUNSEL, { ...ERASURE, tenant: 'elsewhere' })).keys,
    0,
    'nor of another tenant',
  );
  t.is(await findingsOf(scene, 0), 'open');
});

test('originals kept for stored responses go along, and the owner’s handle on the runner’s copy stays', async (t) => {
  const scene = await erasureScene(t, postgres);
  const pool = createPool({
    url: scene.database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  t.teardown(() => pool.end());
  const kept = createKeptCalls({
    store: createKeptStore(pool),
    deks: scene.parts.deks,
    keyring: scene.parts.keyring,
    origin: ORIGIN,
    now: Date.now,
    retentionMs: 86_400_000,
  });
  const { principal } = decision();
  const names = [{ kind: 'response', id: 'resp_1' }] as const;
  await kept.keep(
    principal,
    {
      requestId: newId(),
      dataSubject: 'patient-17',
      runner: 'r',
      model: 'm',
      answer: 'text',
      originals: { A: 'zoe' },
      builtOn: [],
    },
    names,
  );
  t.deepEqual((await kept.find(principal, names))[0]?.originals, { A: 'zoe' });
  t.is((await scene.lifecycle.erasures.erase(COUNSEL, ERASURE)).keptCalls, 1);
  const [found] = await kept.find(principal, names);
  t.deepEqual([found?.runner, found?.originals], ['r', {}]);
  t.deepEqual(await scene.database.query('select dek, sealed from cordon.kept_calls'), [
    { dek: null, sealed: null },
  ]);
});

test('where terms forbid shredding, erasure is refused with its reason and recorded', async (t) => {
  const scene = await erasureScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 2_192, shredding: false }]);
  await t.throwsAsync(scene.lifecycle.erasures.erase(COUNSEL, ERASURE), {
    code: 'retention_required',
    message: /sec-17a-4/,
  });
  t.deepEqual(await erasureTypes(scene), ['ERASURE_STARTED', 'ERASURE_REFUSED']);
  t.is(await findingsOf(scene, 0), 'open');
  // A tenant's own terms go before the general ones.
  await scene.lifecycle.retention.demand([{ tenant: 'acme', days: 30, shredding: true }]);
  t.is((await scene.lifecycle.erasures.erase(COUNSEL, ERASURE)).keys, 1);
});
