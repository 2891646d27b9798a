import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { CordonError, type ErrorCode } from '../../src/domain/errors.ts';
import { type JsonObject } from '../../src/domain/json.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { type Executor, type Proposal, type Proposals } from '../../src/domain/proposal.ts';
import { type SystemRecord } from '../../src/domain/record.ts';
import { createProposalStore } from '../../src/store/proposal-store.ts';
import { createProposals } from '../../src/store/proposals.ts';
import { createPool } from '../../src/store/session.ts';
import { createLedgerParts, decision, newId, ORIGIN } from '../support/ledger.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

const HOUR_MS = 3_600_000;
const MATTER = 'Miller v. Example GmbH';
const { principal: ALICE } = decision();
const BOB: Principal = { ...ALICE, subject: 'bob' };

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

interface Parts {
  readonly database: TestDatabase;
  readonly proposals: Proposals;
  readonly notes: SystemRecord[];
  readonly executed: Proposal[];
  execute: Executor;
  note: (record: SystemRecord) => Promise<void>;
  later: number;
}

async function open(t: ExecutionContext): Promise<Parts> {
  const database = await postgres.createDatabase();
  const ledger = await createLedgerParts(t, (role) => database.url(role));
  const role = 'cordon_writer';
  const pool = createPool({ url: database.url(role), role, deadlineMs: 20_000, max: 4 });
  t.teardown(() => pool.end());
  const notes: SystemRecord[] = [];
  const executed: Proposal[] = [];
  const parts: Parts = {
    database,
    notes,
    executed,
    later: 0,
    execute: (proposal) => {
      executed.push(proposal);
      return Promise.resolve({ done: proposal.id });
    },
    note: (record) => {
      notes.push(record);
      return Promise.resolve();
    },
    proposals: createProposals({
      store: createProposalStore(pool),
      deks: ledger.deks,
      keyring: ledger.keyring,
      origin: ORIGIN,
      note: (record) => parts.note(record),
      now: () => Date.now() + parts.later,
      createId: newId,
      executors: { 'test.act': (proposal) => parts.execute(proposal) },
    }),
  };
  return parts;
}

async function propose({ proposals }: Parts, body: JsonObject = { matter: MATTER }): Promise<Proposal> {
  return proposals.propose(ALICE, 'test.act', body);
}

async function refused(t: ExecutionContext, work: Promise<unknown>, code: ErrorCode): Promise<void> {
  const error = await t.throwsAsync(work, { instanceOf: CordonError });
  t.is(error.code, code);
}

test('what one person proposes and another approves is done once, and each step is recorded first', async (t) => {
  const parts = await open(t);
  const { proposals, notes, executed } = parts;
  const proposal = await propose(parts);
  t.is(proposal.state, 'pending');
  const done = await proposals.approve(BOB, proposal.id, proposal.hash);
  t.is(done.state, 'executed');
  t.deepEqual(done.result, { done: proposal.id });
  t.deepEqual(done.decider, { issuer: BOB.issuer, subject: 'bob' });
  t.deepEqual(
    executed.map(({ id, body }) => ({ id, body })),
    [{ id: proposal.id, body: { matter: MATTER } }],
  );
  t.deepEqual(
    notes.map(({ type }) => type),
    ['PROPOSED', 'APPROVED'],
  );
  await refused(t, proposals.approve(BOB, proposal.id, proposal.hash), 'conflict');
  t.is(executed.length, 1);
});

test('an author cannot approve, a hash must be the one shown, and another tenant sees nothing', async (t) => {
  const parts = await open(t);
  const { proposals, executed } = parts;
  const { id, hash } = await propose(parts);
  await refused(t, proposals.approve(ALICE, id, hash), 'self_approval');
  await refused(t, proposals.approve(BOB, id, '0'.repeat(64)), 'conflict');
  const stranger: Principal = { ...BOB, tenant: 'other' };
  await refused(t, proposals.approve(stranger, id, hash), 'not_found');
  t.is(await proposals.find(stranger, id), undefined);
  t.deepEqual(await proposals.list(stranger, {}, 10), []);
  await refused(t, proposals.propose(ALICE, 'constructor', {}), 'invalid_request');
  t.deepEqual(executed, []);
});

test('a proposal expires, and one that was rejected stays so', async (t) => {
  const parts = await open(t);
  const { proposals } = parts;
  const first = await propose(parts);
  const second = await propose(parts);
  const rejected = await proposals.reject(BOB, first.id, 'not needed');
  t.is(rejected.state, 'rejected');
  t.is(rejected.reason, 'not needed');
  await refused(t, proposals.approve(BOB, first.id, first.hash), 'conflict');
  parts.later = 25 * HOUR_MS;
  t.is((await proposals.find(BOB, second.id))?.state, 'expired');
  await refused(t, proposals.approve(BOB, second.id, second.hash), 'conflict');
  t.deepEqual(
    (await proposals.list(BOB, { state: 'expired' }, 10)).map(({ id }) => id),
    [second.id],
  );
});

test('without a durable record nothing is proposed and nothing approved', async (t) => {
  const parts = await open(t);
  const { proposals, executed } = parts;
  const waiting = await propose(parts);
  parts.note = () => Promise.reject(new CordonError('audit_unavailable', 'down'));
  await refused(t, propose(parts), 'audit_unavailable');
  await refused(t, proposals.approve(BOB, waiting.id, waiting.hash), 'audit_unavailable');
  t.deepEqual(executed, []);
  t.deepEqual(
    (await proposals.list(ALICE, {}, 10)).map(({ id, state }) => ({ id, state })),
    [{ id: waiting.id, state: 'pending' }],
  );
});

test('what fails for want of a part is taken up again, what is refused is not', async (t) => {
  const parts = await open(t);
  const { proposals } = parts;
  const { execute } = parts;
  parts.execute = () => Promise.reject(new CordonError('audit_unavailable', 'down'));
  const first = await propose(parts);
  t.is((await proposals.approve(BOB, first.id, first.hash)).state, 'approved');
  parts.execute = execute;
  await proposals.resume();
  t.is((await proposals.find(BOB, first.id))?.state, 'executed');

  parts.execute = () => Promise.reject(new CordonError('conflict', 'It is held.'));
  const second = await propose(parts);
  const failed = await proposals.approve(BOB, second.id, second.hash);
  t.is(failed.state, 'failed');
  t.deepEqual(failed.result, { code: 'conflict', message: 'It is held.' });
  parts.execute = execute;
  await proposals.resume();
  t.is((await proposals.find(BOB, second.id))?.state, 'failed');
});

test('an approval that was written into the table is none', async (t) => {
  const parts = await open(t);
  const { proposals, database, executed } = parts;
  const { id } = await propose(parts);
  await database.query(
    `update cordon.proposals set state = 'approved', decider = $2, decided_ms = 1, proof = $2 where id = $1`,
    [id, Buffer.alloc(32, 7)],
  );
  await proposals.resume();
  t.deepEqual(executed, []);
  await t.throwsAsync(database.query(`update cordon.proposals set state = 'pending' where id = $1`, [id]));
  await t.throwsAsync(database.query(`update cordon.proposals set sealed = '' where id = $1`, [id]));
  await t.throwsAsync(database.query(`delete from cordon.proposals where id = $1`, [id]));
});

test('neither the table nor the clear part of a record tells what is asked for, or by whom', async (t) => {
  const parts = await open(t);
  const { id } = await propose(parts, { matter: MATTER, subject: 'maria@example.com' });
  await parts.proposals.reject(BOB, id, 'ask Maria Miller first');
  const table = JSON.stringify(await parts.database.query('select * from cordon.proposals'));
  const clear = JSON.stringify(parts.notes.map(({ type, data }) => ({ type, data })));
  for (const text of [table, clear]) t.notRegex(text, /Miller|maria|alice|bob/i);
});

test('of two people who approve at one time, one does', async (t) => {
  const parts = await open(t);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), async (people) => {
      parts.executed.length = 0;
      const { id, hash } = await propose(parts);
      const results = await Promise.allSettled(
        Array.from({ length: people }, (_, n) =>
          parts.proposals.approve({ ...BOB, subject: `bob-${n}` }, id, hash),
        ),
      );
      return (
        results.filter(({ status }) => status === 'fulfilled').length === 1 && parts.executed.length === 1
      );
    }),
    { numRuns: 5 },
  );
  t.pass();
});
