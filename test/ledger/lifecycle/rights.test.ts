import test from 'ava';
import { personReference } from '../../../src/crypto/keyring.ts';
import { type HoldRequest } from '../../../src/ledger/lifecycle/holds.ts';
import { newId } from '../../support/ledger.ts';
import { asWriter, COUNSEL } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ERASURE, erasureScene } from '../../support/erasure-scene.ts';
import { holdScene, HOLD } from '../../support/hold-scene.ts';
import { retentionScene, MARCH, verifyScene, monthsOf } from '../../support/retention-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('the writer destroys no key but by a record of an erasure', async (t) => {
  const { database, ledger, lifecycle, parts } = await erasureScene(t, postgres);
  for (const sql of [
    'update cordon.deks set wrapped = null',
    `update cordon.deks set kek = 'x'`,
    'delete from cordon.deks',
    'insert into cordon.erasures values (gen_random_uuid(), $$$$, $$$$, $${}$$, 0, 0)',
    `insert into cordon.retention_terms values ('', 1, true)`,
    `select * from cordon.recorded(gen_random_uuid(), 'ERASED')`,
    `select * from cordon.holds_on_subject('acme', '')`,
  ]) {
    await t.throwsAsync(asWriter(database, sql), { code: '42501' }, sql);
  }
  const note = async (
    data: Readonly<Record<string, string>>,
    type: 'ERASURE_STARTED' | 'ERASED' = 'ERASURE_STARTED',
  ) => {
    const id = newId();
    await ledger.note({ id, type, atMs: Date.now(), tenant: 'acme', data });
    return asWriter(database, `select * from cordon.destroy_subject_keys('${id}')`);
  };
  const subject = personReference(parts.keyring, 'acme', 'patient-17').toString('hex');
  await t.throwsAsync(asWriter(database, 'select cordon.destroy_subject_keys(gen_random_uuid())'), {
    code: 'P0002',
  });
  await t.throwsAsync(note({ subject }, 'ERASED'), { code: 'P0002' }, 'another record is no intent');
  for (const wrong of ['', '%', subject.slice(1), `${subject}00`, `${subject}' or true --`]) {
    await t.throwsAsync(note({ subject: wrong }), { code: '22023' }, wrong);
  }
  // A row that stands in no chain is no record, whatever it says.
  await t.throwsAsync(
    asWriter(
      database,
      `insert into cordon.records (period, chain, seq, request_id, type, tenant, at_ms, leaf, header)
       select period, chain, 1000000, '00000000-0000-4000-8000-00000000000a', 'ERASURE_STARTED', 'acme', at_ms, leaf,
         jsonb_build_object('record', jsonb_build_object('id', '00000000-0000-4000-8000-00000000000a', 'type',
           'ERASURE_STARTED', 'tenant', 'acme', 'data', jsonb_build_object('subject', '${subject}')))::text
       from cordon.records where type = 'START';
       select cordon.destroy_subject_keys('00000000-0000-4000-8000-00000000000a')`,
    ),
    { code: 'P0002' },
  );
  // Nor is one that was put at a taken place, as of another month.
  await t.throwsAsync(
    asWriter(
      database,
      `insert into cordon.records (period, chain, seq, request_id, type, tenant, at_ms, leaf, header)
       select date '2019-01-01', chain, seq, '00000000-0000-4000-8000-00000000000b', 'ERASURE_STARTED', 'acme', at_ms,
         leaf, jsonb_build_object('chain', chain, 'seq', seq, 'record', jsonb_build_object('id',
           '00000000-0000-4000-8000-00000000000b', 'type', 'ERASURE_STARTED', 'tenant', 'acme', 'data',
           jsonb_build_object('subject', '${subject}')))::text
       from cordon.records where type = 'START';
       select cordon.destroy_subject_keys('00000000-0000-4000-8000-00000000000b')`,
    ),
    { code: 'P0002' },
  );
  await t.throwsAsync(lifecycle.erasures.erase(COUNSEL, { ...ERASURE, dataSubject: '' }), {
    code: 'invalid_request',
  });
  await t.throwsAsync(lifecycle.erasures.erase(COUNSEL, { ...ERASURE, reason: ' ' }), {
    code: 'invalid_request',
  });
  t.deepEqual(await database.query('select count(*)::int as n from cordon.deks where wrapped is null'), [
    { n: 0 },
  ]);
});
test('the writer places and releases holds by the functions alone, and changes or removes none', async (t) => {
  const { database, ledger, lifecycle } = await holdScene(t, postgres);
  const { id } = await lifecycle.holds.place(COUNSEL, HOLD);
  for (const sql of [
    'delete from cordon.holds',
    'truncate cordon.holds cascade',
    `update cordon.holds set tenant = 'x'`,
    `insert into cordon.holds select gen_random_uuid(), tenant, matter, subjects, principals, from_ms, to_ms, author, placed_ms from cordon.holds`,
    `insert into cordon.hold_releases values ('${id}', gen_random_uuid(), 1)`,
  ]) {
    await t.throwsAsync(asWriter(database, sql), { code: '42501' }, sql);
  }
  await t.throwsAsync(database.query(`set session_replication_role = replica; delete from cordon.holds`), {
    message: /append-only/,
  });
  const hash = 'ab'.repeat(32);
  const tell = async (data: Readonly<Record<string, string>>, tenant = 'acme') => {
    const release = newId();
    await ledger.note({ id: release, type: 'HOLD_RELEASED', atMs: Date.now(), tenant, data });
    return asWriter(database, `select cordon.release_hold('${release}')`);
  };
  await t.throwsAsync(asWriter(database, 'select cordon.release_hold(gen_random_uuid())'), { code: 'P0002' });
  await t.throwsAsync(tell({ hold: id, by: hash, approvedBy: hash }), { code: '42501' }, 'one person');
  await t.throwsAsync(tell({ hold: id, by: hash }), { code: '42501' }, 'nobody else');
  await t.throwsAsync(tell({ hold: id, by: hash, approvedBy: 'x' }), { code: '42501' });
  await t.throwsAsync(tell({ hold: id, by: hash, approvedBy: 'cd'.repeat(32) }, 'other'), { code: 'P0002' });
  await t.throwsAsync(tell({ hold: `${id}' or true`, by: hash, approvedBy: 'cd'.repeat(32) }), {
    code: 'P0002',
  });
  t.is((await lifecycle.holds.list('acme'))[0]?.releasedMs, undefined);
});

test('a hold that says too little or too much is refused', async (t) => {
  const { lifecycle } = await holdScene(t, postgres);
  const wrong: readonly Partial<HoldRequest>[] = [
    { matter: '' },
    { matter: 'Doe v. Acme' },
    { matter: 'x'.repeat(65) },
    { tenant: '' },
    { reason: '' },
    { reason: 'x'.repeat(5_000) },
    { dataSubjects: [''] },
    { principals: ['\ud800'] },
    { dataSubjects: Array.from({ length: 1_001 }, (_, i) => `p${i}`) },
    { fromMs: 5, toMs: 5 },
    { fromMs: 0.5 },
    { toMs: -1 },
    { toMs: Infinity },
  ];
  for (const changes of wrong) {
    await t.throwsAsync(
      lifecycle.holds.place(COUNSEL, { ...HOLD, ...changes }),
      { code: 'invalid_request' },
      JSON.stringify(changes).slice(0, 80),
    );
  }
  t.deepEqual(await lifecycle.holds.list(undefined), []);
});

test('the writer drops nothing but by a record that says what is there', async (t) => {
  const scene = await retentionScene(t, postgres);
  const { ledger, database, lifecycle } = scene;
  await lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  for (const sql of [
    'drop table cordon.records_2019_03',
    'alter table cordon.records detach partition cordon.records_2019_03',
    `insert into cordon.drops values (gen_random_uuid(), '${MARCH}', gen_random_uuid(), 1, '', 1, 0, 1)`,
    `insert into cordon.dropped_leaves values (gen_random_uuid(), 1, gen_random_uuid(), sha256(''))`,
    `update cordon.retention_terms set keep_days = 1`,
    `select cordon.guard('cordon.records')`,
    `select cordon.lock_lifecycle()`,
  ]) {
    await t.throwsAsync(asWriter(database, sql), { code: '42501' }, sql);
  }
  await t.throwsAsync(asWriter(database, 'select cordon.drop_month(gen_random_uuid())'), { code: 'P0002' });

  const tell = async (month: string, data: Readonly<Record<string, string | number>>, tenant = '') => {
    const id = crypto.randomUUID();
    await ledger.note({ id, type: 'RETENTION_STARTED', atMs: Date.now(), tenant, data: { month, ...data } });
    return asWriter(database, `select outcome from cordon.drop_month('${id}')`);
  };
  const lie = { records: 1, digest: 'ab'.repeat(32) };
  await t.throwsAsync(tell(MARCH, lie), { code: '22000' });
  await t.throwsAsync(tell(MARCH, lie, 'acme'), { code: '22023' });
  await t.throwsAsync(tell("2019-03-01'; drop table cordon.chains; --", lie), { code: '22023' });
  await t.throwsAsync(tell('2019-13-01', lie), { code: '22008' });
  const thisMonth = `${new Date().toISOString().slice(0, 7)}-01`;
  t.like((await tell(thisMonth, lie))[0], { outcome: 'not_due' });
  t.like((await tell('1999-01-01', lie))[0], { outcome: 'absent' });
  t.is((await monthsOf(scene)).length, 3);
  t.deepEqual((await verifyScene(scene)).problems, []);
});
