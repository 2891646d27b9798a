import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { encodeBundle, sha256Hex } from '../../src/policy/lifecycle/bundle.ts';
import { encodeException, type Exception } from '../../src/policy/lifecycle/exception.ts';
import { ana, createPolicyWorld, type PolicyWorld, rob, SAID, otto } from '../support/policy-world.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const createWorld = (t: ExecutionContext): Promise<PolicyWorld> => createPolicyWorld(t, postgres);

async function asWriter(
  database: TestDatabase,
  sql: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const client = new pg.Client({ connectionString: database.url('cordon_writer') });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const DENIED = { code: '42501' };

test('the writer can neither write the tables nor activate what nobody else approved', async (t) => {
  const { database, submit, proposals } = await createWorld(t);
  const version = await submit('v1');
  const id = randomUUID();
  for (const sql of [
    `insert into cordon.policy_active values (1, '${id}', '${version}', '${version}', 0)`,
    `insert into cordon.policy_activations (id, kind, hash, approved_ms, from_ms, proof)
       values ('${id}', 'activate', '${version}', 0, 0, sha256(''))`,
    `insert into cordon.policy_exceptions select * from cordon.policy_exceptions`,
    'update cordon.policy_versions set bundle = bundle',
    'delete from cordon.policy_activations',
    'truncate cordon.policy_exceptions',
    `select cordon.policy_approved('${id}', array['policy.activate'], '{}')`,
    'select cordon.policy_now()',
    `select cordon.policy_import('${version}', '', 'x', '${id}', sha256(''))`,
  ]) {
    const work = asWriter(database, sql);
    if (sql.includes('policy_import')) await t.notThrowsAsync(work, 'refused by doing nothing');
    else await t.throwsAsync(work, DENIED, sql);
  }
  const pending = await proposals.propose(otto, 'policy.activate', { version });
  const preimage = JSON.stringify({
    body: { version },
    kind: pending.kind,
    nonce: pending.nonce,
    tenant: 'acme',
  });
  const activate = `select cordon.policy_activate($1, $2, sha256(''), null, null)`;
  await t.throwsAsync(asWriter(database, activate, [pending.id, preimage]), DENIED, 'only proposed');
  await t.throwsAsync(asWriter(database, activate, [id, preimage]), DENIED, 'never proposed');
  t.deepEqual(await database.query('select * from cordon.policy_activations'), []);
});

test('an approval is for the version it names: not for another, nor for other times', async (t) => {
  const { database, submit, approved } = await createWorld(t);
  const [wanted, other] = [await submit('wanted'), await submit('other')];
  const { id, kind, nonce, tenant } = await approved('policy.activate', { version: wanted });
  const text = (body: object): string => JSON.stringify({ body, kind, nonce, tenant });
  const activate = `select cordon.policy_activate($1, $2, sha256(''), null, null)`;
  for (const body of [{ version: other }, { until_ms: 1e15, version: wanted }]) {
    await t.throwsAsync(asWriter(database, activate, [id, text(body)]), DENIED);
  }
  await t.notThrowsAsync(asWriter(database, activate, [id, text({ version: wanted })]));
});

test('a row that Cordon did not make is enforced by nobody', async (t) => {
  const { database, store, submit, approved } = await createWorld(t);
  const version = await submit('v1');
  const { id, kind, nonce, tenant, body } = await approved('policy.activate', { version });
  const preimage = JSON.stringify({ body, kind, nonce, tenant });
  await asWriter(database, `select cordon.policy_activate($1, $2, sha256('forged'), null, null)`, [
    id,
    preimage,
  ]);
  await t.throwsAsync(store.settle(), { message: /not made by Cordon/ });

  const content = encodeException({ kind: 'break_glass', id: 'b', who: 'subject:eve' });
  await asWriter(
    database,
    `select cordon.policy_except($1, $2, sha256('eve'), 1000000, sha256('forged'), gen_random_uuid(), '')`,
    [sha256Hex(content), content],
  );
  await t.throwsAsync(store.exceptionsAt(Date.now() + 1_000), { message: /not made by Cordon/ });
});

test('an end or a withdrawal that Cordon did not make undoes nothing: nothing is confirmed any more', async (t) => {
  const { database, store, submit, approved } = await createWorld(t);
  const bundle = encodeBundle({ text: 'first', included: {} });
  await store.importFirst({ hash: sha256Hex(bundle), bundle, name: 'first' });
  const deny: Exception = { kind: 'emergency_deny', id: 'd', who: 'subject:eve' };
  await store.except(deny, ana, 3_600_000, SAID);
  const forged = `sha256('somebody'), sha256('forged')`;
  await asWriter(database, `select cordon.policy_end('${sha256Hex(encodeException(deny))}', ${forged})`);
  const held = await store.settle();
  await t.throwsAsync(store.exceptionsAt(held?.sinceMs ?? 0), {
    message: /end of an exception was not made/,
  });
  const from_ms = Date.now() + 3_600_000;
  const proposal = await approved('policy.activate', { version: await submit('stricter'), from_ms });
  await store.activate(proposal);
  await t.notThrowsAsync(store.settle());
  await asWriter(database, `select cordon.policy_withdraw('${proposal.id}', ${forged})`);
  await t.throwsAsync(store.settle(), { message: /withdrawal was not made/ });
});

test('who wrote a version cannot approve it, whoever proposed it', async (t) => {
  const { store, submit, approved } = await createWorld(t);
  const version = await submit('mine', rob);
  const proposal = await approved('policy.activate', { version });
  await t.throwsAsync(store.activate(proposal), {
    name: 'PolicyRefusal',
    message: /another person than who wrote it/,
  });
});

test('what is in force follows from what was decided and from the time, and each change has one number', async (t) => {
  const { database, store, submit, approved } = await createWorld(t);
  const bundle = encodeBundle({ text: 'first', included: {} });
  const first = sha256Hex(bundle);
  const imports = await Promise.all(
    [1, 2, 3].map(() => store.importFirst({ hash: first, bundle, name: 'first' })),
  );
  t.deepEqual(imports.filter(Boolean).length, 1);
  t.like(await store.settle(), { number: 1, base: first, hash: first });

  const second = await submit('second');
  const proposal = await approved('policy.activate', { version: second });
  const from = await store.activate(proposal);
  t.is(await store.activate(proposal), from, 'a second time changes nothing');
  const settled = await Promise.all(Array.from({ length: 5 }, () => store.settle()));
  t.deepEqual(new Set(settled.map((row) => row?.number)), new Set([2]));

  const soon = Date.now() + 700;
  const third = await submit('third');
  await store.activate(
    await approved('policy.activate', { version: third, from_ms: soon, until_ms: soon + 700 }),
  );
  t.is((await store.settle())?.base, second);
  const wait = async (base: string): Promise<void> => {
    for (let i = 0; i < 200 && (await store.settle())?.base !== base; i++)
      await new Promise((r) => setTimeout(r, 20));
    t.is((await store.settle())?.base, base);
  };
  await wait(third);
  await wait(second);
  const rolledBack = await approved('policy.rollback', { version: first });
  await store.activate(rolledBack);
  const never = await approved('policy.rollback', { version: await submit('never') });
  await t.throwsAsync(store.activate(never), { message: /never in force/ });
  const history = await store.history(10);
  t.deepEqual(
    history.map(({ number, base }) => [number, base]),
    [
      [5, first],
      [4, second],
      [3, third],
      [2, second],
      [1, first],
    ],
  );
  t.true(history.every((row, i) => i === 0 || row.sinceMs < (history[i - 1]?.sinceMs ?? 0)));
  await t.throwsAsync(database.query('delete from cordon.policy_active'), { message: /append-only/ });
});

test('exceptions are short, change what is in force at once, and are ended and reviewed by another', async (t) => {
  const { database, store } = await createWorld(t);
  const bundle = encodeBundle({ text: 'first', included: {} });
  await store.importFirst({ hash: sha256Hex(bundle), bundle, name: 'first' });
  const deny: Exception = { kind: 'emergency_deny', id: 'd', who: 'subject:eve' };
  const hash = sha256Hex(encodeException(deny));
  const day = 24 * 3_600_000;
  await t.throwsAsync(store.except({ ...deny, id: 'long' }, ana, day + 1, SAID), { code: '23514' });
  await t.throwsAsync(store.except({ kind: 'break_glass', id: 'b', who: 'x' }, ana, day, SAID), {
    code: '23514',
  });
  const none: Exception = { kind: 'false_positive', id: 'f', tenant: 't', entity: 'E', digest: '' };
  await t.throwsAsync(store.except(none, ana, 1_000, SAID), { name: 'PolicyRefusal' });

  const before = await store.settle();
  const until = await store.except(deny, ana, day, SAID);
  const held = await store.settle();
  t.is(held?.number, 2);
  t.not(held?.hash, held?.base);
  t.deepEqual(
    (await store.exceptionsAt(held?.sinceMs ?? 0)).map((one) => one.hash),
    [hash],
  );
  t.deepEqual(await store.exceptionsAt(before?.sinceMs ?? 0), [], 'of then, not of now');
  t.is((await store.exceptions())[0]?.untilMs, until);
  t.is(await store.unreviewed(), 1);
  await t.throwsAsync(store.review(hash, ana, 'upheld', 'x'), { name: 'PolicyRefusal' });
  await t.throwsAsync(store.end(hash, ana), { name: 'PolicyRefusal' });
  await t.throwsAsync(store.end('0'.repeat(64), rob), { message: /no such exception/ });
  await store.review(hash, rob, 'objected', 'too broad');
  await store.end(hash, rob);
  t.is(await store.unreviewed(), 0);
  t.like(await store.settle(), { number: 3, hash: held?.base });
  const [entry] = await store.exceptions();
  t.like(entry?.review, { verdict: 'objected', note: 'too broad' });
  t.is(entry?.author.subject, 'ana');
  const [stored] = await database.query('select encode(sealed, $1) as sealed from cordon.policy_exceptions', [
    'escape',
  ]);
  t.notRegex(String(stored?.['sealed']), /ana|why/, 'names and reasons are ciphertext');
});

test('a false positive takes two people, and what they approved is what passes', async (t) => {
  const { store, approved } = await createWorld(t);
  const bundle = encodeBundle({ text: 'first', included: {} });
  await store.importFirst({ hash: sha256Hex(bundle), bundle, name: 'first' });
  const exception = {
    kind: 'false_positive',
    id: 'f',
    tenant: 'acme',
    entity: 'PERSON',
    digest: 'ab',
  } as const;
  const proposal = await approved('policy.false-positive', { exception, lasts_ms: 60_000 });
  await t.throwsAsync(store.agree(proposal, { ...exception, entity: 'SECRET' }), { name: 'PolicyRefusal' });
  await store.agree(proposal, exception);
  const held = await store.settle();
  t.like((await store.exceptionsAt(held?.sinceMs ?? 0))[0]?.exception, { entity: 'PERSON', digest: 'ab' });
});

test('versions, receipts and simulations are told with the people behind them', async (t) => {
  const { store, submit } = await createWorld(t);
  const version = await submit('v1');
  t.false(
    await store.submit(
      { hash: version, bundle: encodeBundle({ text: 'v1', included: {} }), name: 'v1', ...SAID },
      rob,
    ),
  );
  t.like(await store.version(version), {
    name: 'v1',
    ...SAID,
    author: { issuer: ana.issuer, subject: 'ana' },
  });
  t.is(await store.version('0'.repeat(64)), undefined);
  await t.throwsAsync(store.submit({ hash: '0'.repeat(64), bundle: '{}', name: 'x', ...SAID }, ana), {
    code: '23514',
  });
  await store.simulated(version, rob, { calls: 3 });
  t.like((await store.simulations())[0], { hash: version, by: { subject: 'rob' }, summary: { calls: 3 } });
  await store.receipt('one', 1, version);
  await store.receipt('two', 1, version);
  await store.receipt('one', 2, version);
  t.deepEqual(
    (await store.receipts()).map(({ instance, number }) => [instance, number]),
    [
      ['one', 2],
      ['two', 1],
    ],
  );
});

test('who wrote a version is proved: a name that the database alone gives it is no author', async (t) => {
  const { database, store, submit } = await createWorld(t);
  t.is((await store.version(await submit('ours')))?.isProven, true);
  const bundle = encodeBundle({ text: 'theirs', included: {} });
  const hash = sha256Hex(bundle);
  const written = `select cordon.policy_submit('${hash}', $1, 'x', sha256('rob'), sha256('forged'), null, null)`;
  await asWriter(database, written, [bundle]);
  t.is((await store.version(hash))?.isProven, false);
});

test('who keeps acting alone, and is never reviewed, is stopped', async (t) => {
  const { store } = await createWorld(t);
  const bundle = encodeBundle({ text: 'first', included: {} });
  await store.importFirst({ hash: sha256Hex(bundle), bundle, name: 'first' });
  const glass = (n: number): Exception => ({ kind: 'break_glass', id: `b${n}`, who: 'subject:x' });
  for (let n = 0; n < 3; n++) await store.except(glass(n), ana, 60_000, SAID);
  const refused = { name: 'PolicyRefusal', message: /waits for a review by another person/ };
  await t.throwsAsync(store.except(glass(3), ana, 60_000, SAID), refused);
  const deny = (n: number): Exception => ({ kind: 'emergency_deny', id: `d${n}`, who: 'subject:y' });
  await t.notThrowsAsync(store.except(deny(0), ana, 60_000, SAID), 'a denial is counted apart');
  await t.notThrowsAsync(store.except(glass(4), rob, 60_000, SAID), 'and so is another person');
  await store.review(sha256Hex(encodeException(glass(0))), rob, 'upheld', 'right');
  await t.notThrowsAsync(store.except(glass(5), ana, 60_000, SAID));
  for (let n = 1; n < 20; n++) await store.except(deny(n), ana, 60_000, SAID);
  await t.throwsAsync(store.except(deny(20), ana, 60_000, SAID), refused);
  t.is((await store.exception(sha256Hex(encodeException(deny(0)))))?.exception.id, 'd0');
  t.is(await store.exception('0'.repeat(64)), undefined);
});

test('a text that was swapped in the table is shown to nobody under the name of the old one', async (t) => {
  const { database, store, submit } = await createWorld(t);
  const version = await submit('approved');
  t.truthy(await store.bundle(version));
  const [other] = [encodeBundle({ text: 'swapped', included: {} })];
  await t.throwsAsync(database.query(`update cordon.policy_versions set bundle = '${other}'`), {
    message: /append-only/,
  });
  await database.query('alter table cordon.policy_versions disable trigger all');
  await t.throwsAsync(database.query(`update cordon.policy_versions set bundle = '${other}'`), {
    code: '23514',
  });
  await database.query('alter table cordon.policy_versions drop constraint policy_versions_check');
  await database.query(`update cordon.policy_versions set bundle = '${other}'`);
  await t.throwsAsync(store.bundle(version), { message: /not what its hash says/ });
});
