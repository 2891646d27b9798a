import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { formatVerifier } from '../../../src/crypto/signed-note.ts';
import { type SystemRecord } from '../../../src/domain/record.ts';
import { openDump } from '../../../src/ledger/dump/read.ts';
import { type DumpedSource, writeDump } from '../../../src/ledger/dump/write.ts';
import { createBundle } from '../../../src/ledger/export/bundle.ts';
import { verifyBundle } from '../../../src/ledger/export/verify-bundle.ts';
import { type RecordSource } from '../../../src/ledger/ports.ts';
import { createAuditReader } from '../../../src/ledger/read.ts';
import { createReveals, REVEAL_KIND } from '../../../src/ledger/reveal.ts';
import { MovedError } from '../../../src/ledger/unmoved.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { createTreeSource } from '../../../src/store/tree-source.ts';
import { createPool } from '../../../src/store/session.ts';
import { erasureScene, ERASURE } from '../../support/erasure-scene.ts';
import {
  bundleDeps,
  bundleOf,
  bytesOf,
  exportScene,
  filesOf,
  orderOf,
  temporary,
  unpack,
} from '../../support/export.ts';
import { decision, newId } from '../../support/ledger.ts';
import { COUNSEL, createLifecycle } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../../support/postgres.ts';
import { AT_THE_TURN, holdApril, MARCH, monthsOf, retentionScene } from '../../support/retention-scene.ts';
import { all, ids, startSearch, values } from '../../support/search.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const TERMS = [{ tenant: '', days: 400, shredding: true }];
type Json = Readonly<Record<string, unknown>>;
const jsonOf = (file: Buffer | undefined): Json => JSON.parse(String(file)) as Json;
const linesOf = (file: Buffer | undefined): readonly Json[] =>
  String(file)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json);

function readers(t: ExecutionContext, database: TestDatabase) {
  const url = database.url('cordon_reader');
  const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  return pool;
}

/** March and April of 2019 in one chain, and what exports and dumps of it are made from. */
async function twoMonths(t: ExecutionContext) {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand(TERMS);
  const pool = readers(t, scene.database);
  const { deps } = bundleDeps(scene.parts, pool, scene.signer);
  const dumped: DumpedSource = { ...scene.parts.source, checkpoints: createTreeSource(pool).checkpoints };
  const drop = async () => (await scene.lifecycle.retention.run())?.dropped.map(({ month }) => month);
  return { ...scene, deps, dumped, drop, key: formatVerifier(scene.signer) };
}

/** Does something once, before the n-th page that a source gives. */
function before<T extends RecordSource | DumpedSource>(
  source: T,
  name: 'select' | 'rows',
  page: number,
  act: () => Promise<unknown>,
): T {
  const real = Reflect.get(source, name) as (...args: readonly unknown[]) => Promise<unknown>;
  let pages = 0;
  return {
    ...source,
    [name]: async (...args: readonly unknown[]) => {
      if (++pages === page) await act();
      return real(...args);
    },
  };
}

test('a month dropped between approval and export is said to be gone, and the rest is proven', async (t) => {
  const scene = await twoMonths(t);
  const order = await orderOf(t, scene, { tenant: 'acme' });
  await holdApril(scene);
  t.deepEqual(await scene.drop(), [MARCH]);
  const files = await filesOf(await bytesOf(createBundle(scene.deps, order)));
  t.deepEqual((await verifyBundle(unpack(t, files), scene.key)).problems, []);
  const [drop] = await scene.parts.source.drops();
  t.deepEqual(jsonOf(files.get('manifest.json'))['dropped'], [{ month: MARCH, record: drop?.start }]);
  const times = linesOf(files.get('records.jsonl')).map((line) => Number(line['time']));
  t.true(times.length > 0 && times.every((time) => time >= AT_THE_TURN));
  const later = await bundleOf(t, scene, { tenant: 'acme', fromMs: AT_THE_TURN });
  t.deepEqual(jsonOf(later.get('manifest.json'))['dropped'], [], 'nothing that was asked for is gone');
});

test('an export whose month is dropped while it reads begins again rather than hold half of it', async (t) => {
  const scene = await twoMonths(t);
  // The first page is of the records' heads, the second of their ciphertexts.
  for (const page of [1, 2]) {
    const made = page === 1 ? scene : await twoMonths(t);
    const source = before(made.parts.source, 'select', page, () => made.drop());
    const order = await orderOf(t, made, { tenant: 'acme' }, 'redacted');
    await t.throwsAsync(bytesOf(createBundle({ ...made.deps, source }, order)), { instanceOf: MovedError });
    const files = await bundleOf(t, made, { tenant: 'acme' }, 'redacted');
    t.deepEqual((await verifyBundle(unpack(t, files), made.key)).problems, []);
    t.is((jsonOf(files.get('manifest.json'))['dropped'] as readonly unknown[]).length, 2);
  }
});

test('a dump that retention drops a month under begins again, and then verifies', async (t) => {
  const scene = await twoMonths(t);
  const dump = async (source: DumpedSource): Promise<string> => {
    const lines: string[] = [];
    for await (const line of writeDump(source)) lines.push(line);
    return lines.join('');
  };
  await t.throwsAsync(dump(before(scene.dumped, 'rows', 1, scene.drop)), { instanceOf: MovedError });
  const file = path.join(temporary(t), 'ledger.dump');
  writeFileSync(file, await dump(scene.dumped));
  const opened = await openDump(file);
  t.teardown(() => opened.close());
  const { problems, dropped } = await verifyLedger({ source: opened, checkpoints: scene.checkpoints });
  t.deepEqual(problems, []);
  t.true(dropped > 0);
});

test('a bundle holds no text whose key was destroyed before it was opened', async (t) => {
  const database = await postgres.createDatabase();
  const scene = await exportScene(t, database, { pairs: 600 });
  const ledger = scene.parts.create();
  await ledger.start();
  const { erasures } = createLifecycle(t, { database, parts: scene.parts, ledger });
  const erase = async () => erasures.erase(COUNSEL, ERASURE);
  // Pages are of 500 records; the ciphertexts of each are read after its heads.
  const source = before(scene.parts.source, 'select', 4, erase);
  const running = await bundleOf(
    t,
    { ...scene, deps: { ...scene.deps, source } },
    { tenant: 'acme', types: ['DECISION'] },
    'originals',
  );
  const gone = '{"unavailable":"key_unavailable"}';
  const findings = linesOf(running.get('records.jsonl')).flatMap((line) => {
    const { opened } = line['unmapped'] as { readonly opened: Json };
    return opened['findings'] === undefined ? [] : [JSON.stringify(opened['findings'])];
  });
  t.is(findings.length, 600);
  t.is(findings.indexOf(gone), 500, 'what was opened before is what was there then');
  t.true(
    findings.slice(500).every((found) => found === gone),
    'nothing is opened after the key is gone, cached or not',
  );
  t.deepEqual((await verifyBundle(unpack(t, running), scene.key)).problems, []);
  const later = await bundleOf(t, scene, { tenant: 'acme' }, 'originals');
  t.false([...later.values()].map(String).join('').includes('zoe@example.org'));
});

test('a reveal approved before an erasure shows what is left, and that it was read is recorded', async (t) => {
  const scene = await erasureScene(t, postgres);
  const { principal } = decision();
  const [requestId] = scene.ids;
  const notes: SystemRecord[] = [];
  const body = { requestId, fields: ['originals', 'sent'], purpose: 'access', ticket: 'T-1', minutes: 10 };
  const { issuer, subject } = principal;
  const reveals = createReveals({
    reader: createAuditReader({ source: scene.parts.source, deks: scene.parts.deks }),
    proposals: {
      find: (_, id) =>
        Promise.resolve({
          ...{ id, kind: REVEAL_KIND, tenant: 'acme', body, hash: '', nonce: '', state: 'executed' },
          ...{ author: { issuer, subject }, decider: { issuer, subject: 'officer' }, decidedMs: Date.now() },
          ...{ createdMs: 0, expiresMs: 1, reason: undefined, result: undefined },
        }),
    },
    note: (record) => {
      notes.push(record);
      return Promise.resolve();
    },
    now: Date.now,
    pseudonym: () => 'p',
    maxMinutes: 60,
    exists: () => Promise.resolve(true),
  });
  const id = newId();
  const shown = await reveals.show(principal, id);
  t.true(JSON.stringify(shown['originals']).includes('zoe@example.org'));
  await scene.lifecycle.erasures.erase(COUNSEL, ERASURE);
  const after = await reveals.show(principal, id);
  t.deepEqual(after['originals'], { unavailable: 'key_unavailable' });
  t.true(JSON.stringify(after['sent']).includes('EMAIL_1'));
  t.is(notes.length, 2);
});

test('after a drop a search finds what is left, also before the index of the month is gone', async (t) => {
  const { ledger, database, searcher, keyring, deks } = await startSearch(t, postgres);
  const found = values(['EMAIL_ADDRESS', 'zoe@example.org']);
  const past = new Date();
  past.setUTCDate(1);
  past.setUTCMonth(past.getUTCMonth() - 1);
  await database.query('select cordon.ensure_partitions($1), cordon.ensure_index_partitions($1)', [
    past.getTime(),
  ]);
  await ledger.begin(decision({ values: found, atMs: past.getTime() }));
  const kept = decision({ values: found });
  await ledger.begin(kept);
  const { retention } = createLifecycle(t, { database, parts: { keyring, deks }, ledger });
  t.is((await all(searcher, { email: 'zoe@example.org' })).length, 2);
  const facts = async () => {
    const [row] = await database.query(
      `select count(*)::int as n from cordon.facts where period < date_trunc('month', now() at time zone 'UTC')`,
    );
    return row?.['n'];
  };
  const month = past.toISOString().slice(0, 7).replace('-', '_');
  // A search that is running keeps the index of the month for now.
  const reader = readers(t, database);
  const client = await reader.connect();
  await client.query('begin; select count(*) from cordon.facts');
  await retention.demand([{ tenant: '', days: 1, shredding: true }]);
  t.is((await retention.run())?.dropped.length, 1, month);
  t.is(await facts(), 1, 'the index is still there');
  t.deepEqual(ids(await all(searcher, { email: 'zoe@example.org' })), [kept.requestId]);
  t.deepEqual(ids(await all(searcher, { subject: 'patient-17' })), [kept.requestId]);
  await client.query('rollback');
  client.release();
  await database.query('select cordon.trim_index()');
  t.is(await facts(), 0);
  t.deepEqual(ids(await all(searcher, { email: 'zoe@example.org' })), [kept.requestId]);
  t.deepEqual(await monthsOfRecords(database), 1);
});

async function monthsOfRecords(database: TestDatabase): Promise<unknown> {
  return (await database.query('select count(distinct period)::int as n from cordon.records'))[0]?.['n'];
}

test('a hold placed while an export of its month runs keeps the month, and the export', async (t) => {
  const scene = await twoMonths(t);
  const source = before(scene.parts.source, 'select', 1, async () => {
    await holdApril(scene);
    t.deepEqual(await scene.drop(), [MARCH]);
  });
  const order = await orderOf(t, scene, { tenant: 'acme' });
  await t.throwsAsync(bytesOf(createBundle({ ...scene.deps, source }, order)), { instanceOf: MovedError });
  t.true((await monthsOf(scene)).includes('2019-04-01'));
  const files = await bundleOf(t, scene, { tenant: 'acme' });
  t.deepEqual((await verifyBundle(unpack(t, files), scene.key)).problems, []);
  t.true(Number(jsonOf(files.get('manifest.json'))['records']) > 0);
});
