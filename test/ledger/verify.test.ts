import test, { type ExecutionContext } from 'ava';
import { createAuditReader } from '../../src/ledger/read.ts';
import { verifyLedger, type ProblemKind, type Verification } from '../../src/ledger/verify.ts';
import { completion, createLedgerParts, decision, type LedgerParts } from '../support/ledger.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

/** A ledger of 42 records in one chain: START, 20 pairs, STOP. */
async function written(t: ExecutionContext): Promise<{ database: TestDatabase; parts: LedgerParts }> {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  const records = Array.from({ length: 20 }, () => decision());
  await Promise.all(records.map((record) => ledger.begin(record)));
  await Promise.all(records.map((record) => ledger.finish(completion(record.requestId))));
  await ledger.close();
  return { database, parts };
}

/** What a superuser can do: switch the triggers off and change anything. */
async function tamper(database: TestDatabase, sql: string): Promise<void> {
  await database.query(`set session_replication_role = replica; alter table cordon.records disable trigger all;
    do $$ declare part regclass; begin
      for part in select inhrelid::regclass from pg_inherits where inhparent = 'cordon.records'::regclass loop
        execute format('alter table %s disable trigger all', part);
      end loop; end $$;
    alter table cordon.batches disable trigger all; alter table cordon.chains disable trigger all; ${sql}`);
}

function kinds(result: Verification): readonly (readonly [ProblemKind, number])[] {
  return result.problems.map(({ kind, seq }) => [kind, seq]);
}

function has(t: ExecutionContext, result: Verification, kind: ProblemKind, seq: number): void {
  t.true(
    result.problems.some((problem) => problem.kind === kind && problem.seq === seq),
    `${kind} at ${seq} in ${JSON.stringify(kinds(result))}`,
  );
}

test('an untouched ledger has no problems, and each field opens', async (t) => {
  const { parts } = await written(t);
  const result = await verifyLedger({ source: parts.source, deks: parts.deks });
  t.deepEqual(result.problems, []);
  t.is(result.records, 42);
  t.deepEqual(result.pairing, {
    decisions: 20,
    completions: 20,
    incompletes: 0,
    open: 0,
    orphans: 0,
    duplicates: 0,
  });
});

test('an edited header is found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 5`,
  );
  const result = await verifyLedger({ source: parts.source });
  has(t, result, 'leaf_mismatch', 5);
  t.true(result.problems.some(({ kind }) => kind === 'batch_root_mismatch'));
});

test('a header edited together with its leaf still breaks its batch', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 5;
     update cordon.records set leaf = sha256('\\x00'::bytea || convert_to(header, 'UTF8') || coalesce(sha256(context), '')
       || coalesce(sha256(body), '') || coalesce(sha256(findings), '')) where seq = 5`,
  );
  const { problems } = await verifyLedger({ source: parts.source });
  t.deepEqual(
    problems.map(({ kind }) => kind),
    ['batch_root_mismatch'],
  );
});

test('a flipped bit of a ciphertext is found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    'update cordon.records set body = set_bit(body, 200, 1 - get_bit(body, 200)) where seq = 7',
  );
  has(t, await verifyLedger({ source: parts.source }), 'leaf_mismatch', 7);
  has(t, await verifyLedger({ source: parts.source, deks: parts.deks }), 'decrypt_failed', 7);
});

test('a changed column beside the header is found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(database, `update cordon.records set tenant = 'other' where seq = 9`);
  t.deepEqual(kinds(await verifyLedger({ source: parts.source })), [['column_mismatch', 9]]);
});

test('a deleted record is found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(database, 'delete from cordon.records where seq = 11');
  has(t, await verifyLedger({ source: parts.source }), 'record_missing', 11);
});

test('a batch that claims more records than there can be is named at once', async (t) => {
  const { database, parts } = await written(t);
  await tamper(database, 'update cordon.batches set last_seq = 9007199254740991 where first_seq = 1');
  const result = await verifyLedger({ source: parts.source });
  has(t, result, 'batch_link_mismatch', 1);
  t.true(result.problems.length < 100);
});

test('an added record is found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    `insert into cordon.records select period, chain, 43, gen_random_uuid(), type, tenant, at_ms, leaf, header,
       context, body, findings, response from cordon.records where seq = 5`,
  );
  has(t, await verifyLedger({ source: parts.source }), 'record_unbatched', 43);
});

test('two records that changed places are found and named', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    'update cordon.records set seq = 1000 where seq = 3; update cordon.records set seq = 3 where seq = 4; update cordon.records set seq = 4 where seq = 1000',
  );
  const result = await verifyLedger({ source: parts.source });
  has(t, result, 'column_mismatch', 3);
  has(t, result, 'column_mismatch', 4);
});

test('two records whose ciphertexts were swapped are found and do not open', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    `update cordon.records r set body = o.body from (select seq, body from cordon.records where seq in (5, 6)) o
     where r.seq in (5, 6) and o.seq <> r.seq`,
  );
  const result = await verifyLedger({ source: parts.source, deks: parts.deks });
  for (const seq of [5, 6]) {
    has(t, result, 'leaf_mismatch', seq);
    has(t, result, 'decrypt_failed', seq);
  }
});

test('a batch cut off the end of a chain is found while its head remains', async (t) => {
  const { database, parts } = await written(t);
  await tamper(
    database,
    'delete from cordon.batches where last_seq = 42; delete from cordon.records where seq = 42',
  );
  has(t, await verifyLedger({ source: parts.source }), 'head_mismatch', 42);
});

test('a chain cut back with its head is found by the chain that followed it', async (t) => {
  const { database, parts } = await written(t);
  const next = parts.create();
  await next.start();
  await next.close();
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
  await tamper(
    database,
    `delete from cordon.records where seq = 42; delete from cordon.batches where last_seq = 42;
     update cordon.chains c set seq = b.last_seq, hash = b.hash from cordon.batches b
     where b.chain = c.chain and b.last_seq = 41 and c.seq = 42`,
  );
  t.deepEqual(
    (await verifyLedger({ source: parts.source })).problems.map(({ kind }) => kind),
    ['chain_changed'],
  );
});

test('a chain that was struck from the list is found', async (t) => {
  const { database, parts } = await written(t);
  await tamper(database, 'delete from cordon.chains');
  t.deepEqual(
    (await verifyLedger({ source: parts.source })).problems.map(({ kind }) => kind),
    ['chain_unlisted'],
  );
});

test('a reader sees the call as it was, and an erased key leaves the decision standing', async (t) => {
  const { database, parts } = await written(t);
  const reader = createAuditReader(parts);
  const first = await reader.list({ types: ['DECISION'] }, 15);
  t.is(first.items.length, 15);
  const second = await reader.list({ types: ['DECISION'], beforeId: first.next ?? '' }, 15);
  t.is(second.items.length, 5);
  t.is(second.next, undefined);
  t.is(new Set([...first.items, ...second.items].map(({ record }) => record.id)).size, 20);
  const [item] = first.items;
  t.like(item?.context, { state: 'open', value: { purpose: 'support', model: 'gpt-x' } });

  const id = item?.record.id ?? '';
  const call = await reader.show(id, 'acme');
  t.like(call?.body, { state: 'open', value: decision().protectedBody });
  t.like(call?.response, { state: 'open', value: '{"choices":[]}' });
  t.true(
    call?.findings.state === 'open' && call.findings.value.originals.get('[EMAIL_1]') === 'zoe@example.org',
  );
  t.is(await reader.show(id, 'other-tenant'), undefined);

  await database.query(`update cordon.deks set wrapped = null where kind = 'subject'`);
  const erased = await createAuditReader({ source: parts.source, deks: parts.freshDeks() }).show(id);
  t.is(erased?.context.state, 'open');
  t.is(erased?.findings.state, 'key_unavailable');
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});
