import test from 'ava';
import { openSearchTokens } from '../../../src/compose/search-tokens.ts';
import { personReference } from '../../../src/crypto/keyring.ts';
import { CordonError } from '../../../src/domain/errors.ts';
import { parseSearchQuery } from '../../../src/ledger/search/query.ts';
import { createSearcher } from '../../../src/ledger/search/search.ts';
import { completion, decision, PHONE_REGIONS } from '../../support/ledger.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../../support/postgres.ts';
import { all, COUNSEL, ids, startSearch, values } from '../../support/search.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('a person is found by what was found in the call, however it was written there', async (t) => {
  const { ledger, searcher } = await startSearch(t, postgres);
  const record = decision({
    values: values(
      ['PERSON', 'Dr. Anna B. Müller'],
      ['EMAIL_ADDRESS', 'Anna.Mueller@Example.ORG'],
      ['PHONE_NUMBER', '(202) 555-0143'],
      ['CN_MOBILE', '138 0013 8000'],
      ['IBAN_CODE', 'DE89 3704 0044 0532 0130 00'],
      ['IP_ADDRESS', '203.0.113.7'],
      ['SECRET', 'sk-Abc'],
    ),
  });
  await ledger.begin(record);
  await ledger.begin(decision({ values: values(['PERSON', 'Anna Schmidt'], ['PERSON', 'Bob Müller']) }));
  const found: readonly object[] = [
    { name: 'anna muller' },
    { name: 'Müller, Anna' },
    { name: 'ANNA B. MÜLLER' },
    { email: 'anna.mueller@example.org' },
    { phone: '+1 202 555 0143' },
    { phone: '202-555-0143' },
    { phone: '+86 13800138000' },
    { phone: '13800138000' },
    { value: 'DE89370400440532013000' },
    { value: 'de89 3704 0044 0532 0130 00' },
    { value: '203.0.113.7' },
    { value: 'sk-Abc' },
    { value: '2025550143' },
    { value: 'Anna Müller' },
    { name: ['Anna Müller', 'Ms Müller'], email: 'anna.mueller@example.org', entity: 'EMAIL_ADDRESS' },
  ];
  for (const query of found)
    t.deepEqual(ids(await all(searcher, query)), [record.requestId], JSON.stringify(query));
  t.is((await all(searcher, { name: 'Ms Müller' })).length, 2);
  const missed: readonly object[] = [
    { name: 'Anna Bob' },
    { email: 'mueller@example.org' },
    { value: 'sk-abc' },
    { value: '20.30.113.7' },
    { phone: '2025550144' },
    { name: 'Anna Müller', email: 'other@example.org' },
  ];
  for (const query of missed) t.deepEqual(await all(searcher, query), [], JSON.stringify(query));
});

test('a data subject is found by the name the application gave it, and a principal by its own', async (t) => {
  const { ledger, searcher } = await startSearch(t, postgres);
  const record = decision({ dataSubject: 'zoe@example.org' });
  await ledger.begin(record);
  await ledger.finish(completion(record.requestId));
  await ledger.begin(decision({ dataSubject: 'patient-9' }));
  const [item, ...others] = await all(searcher, { subject: 'zoe@example.org' });
  t.deepEqual(others, []);
  t.is(item?.record.id, record.requestId);
  t.is(item?.end?.data['outcome'], 'complete');
  t.deepEqual(ids(await all(searcher, { email: 'ZOE@example.org' })), [record.requestId]);
  t.is((await all(searcher, { value: 'Patient-9' })).length, 1);
  t.is((await all(searcher, { principal: 'caller-7' })).length, 2);
  t.is((await all(searcher, { principal: 'caller-8' })).length, 0);
});

test('no tenant finds what another tenant has', async (t) => {
  const { ledger, searcher } = await startSearch(t, postgres);
  const ours = decision({ values: values(['EMAIL_ADDRESS', 'zoe@example.org']) });
  const theirs = decision({
    principal: { ...ours.principal, tenant: 'globex' },
    values: values(['EMAIL_ADDRESS', 'zoe@example.org']),
  });
  await ledger.begin(ours);
  await ledger.begin(theirs);
  for (const query of [
    {},
    { email: 'zoe@example.org' },
    { subject: 'patient-17' },
    { principal: 'caller-7' },
  ]) {
    t.deepEqual(ids(await all(searcher, query)), [ours.requestId]);
    t.deepEqual(ids(await all(searcher, query, 50, { tenant: 'globex', subject: 'x' })), [theirs.requestId]);
    t.deepEqual(await all(searcher, query, 50, { tenant: '', subject: 'x' }), []);
  }
});

test('the tables of the index hold nothing that was in a call', async (t) => {
  const { ledger, searcher, database } = await startSearch(t, postgres);
  const planted = ['Wanda', 'Quixote', 'wanda@example.org', '2025550143', 'patient-4711', 'caller-4711'];
  await ledger.begin(
    decision({
      dataSubject: 'patient-4711',
      principal: { ...decision().principal, subject: 'caller-4711' },
      values: values(
        ['PERSON', 'Wanda Quixote'],
        ['EMAIL_ADDRESS', 'wanda@example.org'],
        ['PHONE_NUMBER', '2025550143'],
      ),
    }),
  );
  await all(searcher, { name: 'Wanda Quixote', value: ['2025550143', 'patient-4711'] });
  const dump = JSON.stringify([
    await database.query('select * from cordon.facts'),
    await database.query('select * from cordon.index_entries'),
    // The searches themselves are records too.
    await database.query('select header from cordon.records'),
  ]);
  t.true(dump.includes('SEARCHED'));
  for (const value of planted) {
    t.false(dump.toLowerCase().includes(value.toLowerCase()), value);
    t.false(dump.includes(Buffer.from(value).toString('hex')), value);
  }
});

test('that somebody searched is durable before anything is found; without a ledger nothing is', async (t) => {
  const { ledger, searcher, notes, source, keyring } = await startSearch(t, postgres);
  await ledger.begin(decision());
  await all(searcher, { subject: 'patient-17', rule: 'allow-support' });
  const [note] = notes;
  t.is(note?.type, 'SEARCHED');
  t.is(note?.tenant, 'acme');
  t.is(note?.data['actor'], personReference(keyring, 'acme', 'counsel-1').toString('hex'));
  t.false(JSON.stringify(note?.data).includes('patient-17'));
  t.like(note?.details, { query: { subject: 'patient-17', tags: { rule: ['allow-support'] } } });
  let asked = 0;
  const deaf = createSearcher({
    source: {
      ...source,
      find: (...args) => {
        asked++;
        return source.find(...args);
      },
    },
    keyring,
    tokens: openSearchTokens(keyring, PHONE_REGIONS),
    now: Date.now,
    note: (record) => ledger.note(record),
  });
  await ledger.close();
  const error = await t.throwsAsync(all(deaf, {}), { instanceOf: CordonError });
  t.is(error.status, 503);
  t.is(asked, 0);
});

test('a cursor that was tampered with, or belongs to another search or tenant, is refused', async (t) => {
  const { ledger, searcher } = await startSearch(t, postgres);
  await Promise.all(Array.from({ length: 5 }, () => ledger.begin(decision())));
  const request = { query: parseSearchQuery({ purpose: 'support' }), limit: 2 };
  const { next = '' } = await searcher.search(COUNSEL, request);
  await t.notThrowsAsync(searcher.search(COUNSEL, { ...request, cursor: next }));
  const bytes = Buffer.from(next, 'base64url');
  const flipped = Array.from(bytes, (byte, i) => {
    const copy = Buffer.from(bytes);
    copy[i] = byte ^ 1;
    return copy.toString('base64url');
  });
  for (const cursor of [...flipped, '', 'x', `${next}=`, `${next} `, next.slice(1), 'A'.repeat(100_000)]) {
    await t.throwsAsync(
      searcher.search(COUNSEL, { ...request, cursor }),
      { code: 'invalid_request' },
      cursor,
    );
  }
  const other = { ...request, query: parseSearchQuery({}), cursor: next };
  await t.throwsAsync(searcher.search(COUNSEL, other), { code: 'invalid_request' });
  const stranger = { ...COUNSEL, tenant: 'globex' };
  await t.throwsAsync(searcher.search(stranger, { ...request, cursor: next }), { code: 'invalid_request' });
});

test('an erased person is not found by name or by values of the own records, but where others speak of them', async (t) => {
  const { ledger, searcher, database, keyring } = await startSearch(t, postgres);
  const own = decision({ dataSubject: 'zoe', values: values(['EMAIL_ADDRESS', 'zoe@example.org']) });
  const others = decision({ dataSubject: 'tom', values: values(['EMAIL_ADDRESS', 'zoe@example.org']) });
  await ledger.begin(own);
  await ledger.begin(others);
  t.is((await all(searcher, { email: 'zoe@example.org' })).length, 2);
  await erase(database, 'globex', personReference(keyring, 'acme', 'zoe'));
  t.is((await all(searcher, { email: 'zoe@example.org' })).length, 2);
  // What an erasure writes down takes the index along.
  await database.query(
    "insert into cordon.erasures (id, tenant, reference, deks, kept, erased_ms) values (gen_random_uuid(), 'acme', $1, '{}', 0, 1)",
    [personReference(keyring, 'acme', 'zoe')],
  );
  t.deepEqual(await all(searcher, { subject: 'zoe' }), []);
  t.deepEqual(await all(searcher, { value: 'zoe' }), []);
  // What others' records still hold of her must be found, or it could not be erased either.
  t.deepEqual(ids(await all(searcher, { email: 'zoe@example.org' })), [others.requestId]);
  t.is((await all(searcher, { subject: 'tom' })).length, 1);
  t.is((await all(searcher, {})).length, 2);
});

async function erase(database: TestDatabase, tenant: string, reference: Buffer): Promise<number> {
  const [row] = await database.query('select cordon.delete_index($1, $2)::int as records', [
    tenant,
    reference,
  ]);
  return Number(row?.['records']);
}

test('what the index claims and the record does not is not shown', async (t) => {
  const { ledger, searcher, database } = await startSearch(t, postgres);
  await ledger.begin(decision());
  await database.query(
    `update cordon.facts set tags = array_append(tags, 'rule:forged') where type = 'DECISION'`,
  );
  t.deepEqual(await all(searcher, { rule: 'forged' }), []);
  t.is((await all(searcher, { rule: 'allow-support' })).length, 1);
});

test('a query is refused with the name of what is wrong with it', (t) => {
  const wrong: readonly unknown[] = [
    [],
    null,
    'x',
    { colour: 'red' },
    { subject: ['a', 'b'] },
    { email: '' },
    { email: 7 },
    { email: 'x'.repeat(2_000) },
    { email: '\ud800' },
    { entity: Array.from({ length: 17 }, () => 'X') },
    { type: 'COMPLETION' },
    { from: 'yesterday' },
    { from: '2026-13-01' },
    JSON.parse('{"__proto__": {"subject": "x"}}'),
  ];
  for (const query of wrong)
    t.throws(() => parseSearchQuery(query), { code: 'invalid_request' }, JSON.stringify(query));
});
