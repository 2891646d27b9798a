import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { type KeptCall, type KeptCalls, type KeptName } from '../../src/domain/kept.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { CordonError } from '../../src/domain/errors.ts';
import { createKeptCalls } from '../../src/store/kept-calls.ts';
import { createKeptStore, type KeptStore } from '../../src/store/kept-store.ts';
import { createPool } from '../../src/store/session.ts';
import { createLedgerParts, decision, newId } from '../support/ledger.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

const DAY_MS = 86_400_000;
const VALUE = 'maria.gonzalez@example.com';
const MADE = '<EMAIL_ADDRESS_0a1b2c3d4e5f>';

const { principal: ALICE } = decision();
const BOB: Principal = { ...ALICE, subject: 'bob' };

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

interface Parts {
  readonly database: TestDatabase;
  readonly kept: KeptCalls;
  /** The same with no key cached. */
  readonly fresh: () => KeptCalls;
  readonly store: KeptStore;
  /** Milliseconds to add to the clock. */
  later: number;
}

async function open(t: ExecutionContext): Promise<Parts> {
  const database = await postgres.createDatabase();
  const ledger = await createLedgerParts(t, (role) => database.url(role));
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 2,
  });
  t.teardown(() => pool.end());
  const store = createKeptStore(pool);
  const create = (): KeptCalls =>
    createKeptCalls({
      store,
      deks: ledger.freshDeks(),
      keyring: ledger.keyring,
      origin: 'cordon.test',
      now: () => Date.now() + parts.later,
      retentionMs: 30 * DAY_MS,
    });
  const parts: Parts = { database, kept: create(), fresh: create, store, later: 0 };
  return parts;
}

function call(changes: Partial<KeptCall> = {}): KeptCall {
  return {
    requestId: newId(),
    dataSubject: 'patient-17',
    runner: 'openai',
    model: 'gpt-x',
    answer: 'text',
    originals: { [MADE]: VALUE },
    builtOn: [],
    ...changes,
  };
}

const response = (id: string): KeptName => ({ kind: 'response', id });

test('what was kept is found by its owner under its name and kind, and by nobody else', async (t) => {
  const { kept, database } = await open(t);
  const made = call({ answer: 'json' });
  await kept.keep(ALICE, made, [response('r1')]);
  const [found] = await kept.find(ALICE, [response('r1')]);
  const { dataSubject, ...rest } = made;
  t.deepEqual(found, { ...rest, builtOn: [made.requestId] });
  for (const [who, name] of [
    [BOB, response('r1')],
    [{ ...ALICE, tenant: 'other' }, response('r1')],
    [{ ...ALICE, issuer: 'https://other.example' }, response('r1')],
    [ALICE, response('r2')],
    [ALICE, { kind: 'item', id: 'r1' }],
  ] as const) {
    t.deepEqual(await kept.find(who, [name]), [undefined]);
  }
  const rows = JSON.stringify([
    await database.query('select * from cordon.kept_calls'),
    await database.query('select * from cordon.kept_names'),
  ]);
  for (const secret of [VALUE, MADE, dataSubject, ALICE.subject, 'r1']) t.false(rows.includes(`"${secret}"`));
  t.false(rows.includes(VALUE));
});

test('a chain restores the values of every call in it, each under its own data subject', async (t) => {
  const { kept, fresh, database } = await open(t);
  const first = call({ originals: { '<PERSON_000000000001>': 'Ada' }, dataSubject: 'p1' });
  await kept.keep(ALICE, first, [response('r1')]);
  const [one] = await kept.find(ALICE, [response('r1')]);
  const second = call({
    originals: { '<PERSON_000000000002>': 'Bea' },
    dataSubject: 'p2',
    builtOn: one?.builtOn ?? [],
  });
  await kept.keep(ALICE, second, [response('r2')]);
  const both = { '<PERSON_000000000001>': 'Ada', '<PERSON_000000000002>': 'Bea' };
  t.deepEqual((await kept.find(ALICE, [response('r2')]))[0]?.originals, both);
  // Erasing the first person destroys that person's key: the other's values remain, and so does the right to delete.
  await database.query(
    'update cordon.deks set wrapped = null where id = (select dek from cordon.kept_calls where call = $1)',
    [first.requestId],
  );
  t.deepEqual((await fresh().find(ALICE, [response('r2')]))[0]?.originals, {
    '<PERSON_000000000002>': 'Bea',
  });
  t.deepEqual((await fresh().find(ALICE, [response('r1')]))[0]?.originals, {});
  t.is((await fresh().find(ALICE, [response('r1')]))[0]?.runner, 'openai');
});

test('a name that two owners were given is neither’s', async (t) => {
  const { kept } = await open(t);
  await kept.keep(ALICE, call(), [response('r1'), response('r2')]);
  await kept.keep(BOB, call(), [response('r1')]);
  t.deepEqual(await kept.find(BOB, [response('r1')]), [undefined]);
  const [contested, own] = await kept.find(ALICE, [response('r1'), response('r2')]);
  t.is(contested, undefined);
  t.truthy(own);
});

test('an id that another runner gives to somebody else stays whose it was', async (t) => {
  const { kept } = await open(t);
  await kept.keep(ALICE, call({ runner: 'one' }), [response('r1')]);
  await kept.keep(BOB, call({ runner: 'two' }), [response('r1')]);
  t.is((await kept.find(ALICE, [response('r1')]))[0]?.runner, 'one');
  t.is((await kept.find(BOB, [response('r1')]))[0]?.runner, 'two');
});

test('what has expired is found no more and swept; what is built upon lives as long as its youngest', async (t) => {
  const parts = await open(t);
  const { kept, store, database } = parts;
  const first = call();
  await kept.keep(ALICE, first, [response('r1')]);
  await kept.keep(ALICE, call(), [response('lone')]);
  parts.later = 20 * DAY_MS;
  await kept.keep(ALICE, call({ originals: {}, builtOn: [first.requestId] }), [response('r2')]);
  parts.later = 40 * DAY_MS;
  t.deepEqual(await kept.find(ALICE, [response('lone')]), [undefined]);
  t.deepEqual((await kept.find(ALICE, [response('r2')]))[0]?.originals, { [MADE]: VALUE });
  t.is(await store.sweep(Date.now() + parts.later), 1);
  t.is((await database.query('select * from cordon.kept_names')).length, 2);
  t.is(await store.sweep(Date.now() + 60 * DAY_MS), 2);
});

test('forgetting takes the ids at once, and the originals unless a later call needs them', async (t) => {
  const { kept, database } = await open(t);
  const first = call();
  await kept.keep(ALICE, first, [response('r1'), { kind: 'item', id: 'm1' }]);
  const second = call({ originals: {}, builtOn: [first.requestId] });
  await kept.keep(ALICE, second, [response('r2')]);
  await kept.forget(BOB, first.requestId);
  t.truthy((await kept.find(ALICE, [response('r1')]))[0]);
  await kept.forget(ALICE, first.requestId);
  t.deepEqual(await kept.find(ALICE, [response('r1'), { kind: 'item', id: 'm1' }]), [undefined, undefined]);
  t.deepEqual((await kept.find(ALICE, [response('r2')]))[0]?.originals, { [MADE]: VALUE });
  await kept.forget(ALICE, second.requestId);
  t.is(
    (await database.query('select * from cordon.kept_calls where call = $1', [second.requestId])).length,
    0,
  );
});

test('who can write the tables cannot make one caller’s responses another’s', async (t) => {
  const { kept, database } = await open(t);
  const [hers, his] = [call(), call({ originals: { '<PERSON_000000000001>': 'Bob' } })];
  await kept.keep(ALICE, hers, [response('r1')]);
  await kept.keep(BOB, his, [response('r2')]);
  const owner = (id: string) => `(select owner from cordon.kept_calls where call = '${id}')`;
  const attacks = [
    `update cordon.kept_names set owner = ${owner(his.requestId)} where call = '${hers.requestId}'`,
    `update cordon.kept_calls set owner = ${owner(his.requestId)} where call = '${hers.requestId}';
     update cordon.kept_names set owner = ${owner(his.requestId)} where call = '${hers.requestId}'`,
    `update cordon.kept_names set owner = ${owner(his.requestId)}, call = '${his.requestId}' where call = '${hers.requestId}'`,
    `update cordon.kept_calls set runner = 'evil' where call = '${his.requestId}'`,
    `update cordon.kept_calls set built_on = array['${hers.requestId}'::uuid] where call = '${his.requestId}'`,
    `update cordon.kept_calls c set dek = d.dek, sealed = d.sealed from cordon.kept_calls d
     where c.call = '${his.requestId}' and d.call = '${hers.requestId}'`,
  ];
  const backup = ['kept_calls', 'kept_names'].map(
    (name) => `create table ${name}_copy as table cordon.${name}`,
  );
  await database.query(backup.join(';'));
  for (const attack of attacks) {
    await database.query(attack);
    const found = await kept.find(BOB, [response('r1'), response('r2')]);
    t.is(found[0], undefined, attack);
    t.false(JSON.stringify(found).includes(VALUE), attack);
    t.false(JSON.stringify(found).includes('evil'), attack);
    await database.query(
      `delete from cordon.kept_names; delete from cordon.kept_calls;
       insert into cordon.kept_calls select * from kept_calls_copy;
       insert into cordon.kept_names select * from kept_names_copy`,
    );
  }
  t.deepEqual((await kept.find(BOB, [response('r2')]))[0]?.originals, his.originals);
});

test('more originals than fit in memory are refused before any is read', async (t) => {
  const { kept } = await open(t);
  const large = call({ originals: { [MADE]: 'x'.repeat(20 * 1024 * 1024) } });
  const items = Array.from({ length: 10 }, (_, i): KeptName => ({ kind: 'item', id: `m${i}` }));
  await kept.keep(ALICE, large, [response('r0'), ...items]);
  const later = ['r1', 'r2', 'r3', 'r4'].map(response);
  for (const name of later) {
    await kept.keep(ALICE, call({ originals: {}, builtOn: [large.requestId] }), [name]);
  }
  // However many names a call has, it is read once.
  t.is(
    (await kept.find(ALICE, [response('r1'), ...items])).filter((found) => found !== undefined).length,
    11,
  );
  const full = new CordonError('too_many_requests', 'full');
  const noRoom = (bytes: number): void => {
    t.true(bytes >= 20 * 1024 * 1024);
    throw full;
  };
  t.is(await t.throwsAsync(kept.find(ALICE, [response('r1')], noRoom)), full);
  await t.throwsAsync(kept.find(ALICE, later), { code: 'invalid_request' });
  t.deepEqual(await kept.find(BOB, later), [undefined, undefined, undefined, undefined]);
});

test('a database that does not answer denies', async (t) => {
  const { kept, database } = await open(t);
  await database.query('alter table cordon.kept_names rename to gone');
  await t.throwsAsync(kept.find(ALICE, [response('r1')]), { message: /could not be looked up/ });
  await t.throwsAsync(kept.keep(ALICE, call(), [response('r1')]), { message: /could not be looked up/ });
});

test('any originals and any ids come back as they were', async (t) => {
  const { kept } = await open(t);
  const id = fc.stringMatching(/^[\w.:-]{1,64}$/);
  const entry = fc.tuple(fc.stringMatching(/^<[A-Z]{1,8}_[0-9a-f]{12}>$/), fc.string({ unit: 'grapheme' }));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(id, { minLength: 1 }), fc.array(entry), async (ids, entries) => {
      const made = call({ originals: Object.fromEntries(entries) });
      const names = ids.map((one): KeptName => ({ kind: 'item', id: `${made.requestId}${one}` }));
      await kept.keep(ALICE, made, names);
      for (const found of await kept.find(ALICE, names)) t.deepEqual(found?.originals, made.originals);
    }),
    { numRuns: 30 },
  );
});
