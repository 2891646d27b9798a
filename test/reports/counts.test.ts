import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { personReference } from '../../src/crypto/keyring.ts';
import { type Handling } from '../../src/domain/handling.ts';
import { type Outcome } from '../../src/domain/record.ts';
import { parseSearchQuery } from '../../src/ledger/search/query.ts';
import { createAuditReader } from '../../src/ledger/read.ts';
import { breachCsv, countsOf } from '../../src/reports/breach.ts';
import { disclosuresCsv } from '../../src/reports/disclosures.ts';
import { createReports } from '../../src/reports/reports.ts';
import { createReportSource } from '../../src/store/report-source.ts';
import { createPool } from '../../src/store/session.ts';
import { completion, decision, newId, PHONE_REGIONS } from '../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { COUNSEL, startSearch, values } from '../support/search.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

async function start(t: ExecutionContext) {
  const parts = await startSearch(t, postgres);
  const pool = createPool({
    url: parts.database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: 20_000,
    max: 2,
    use: 'searching',
  });
  t.teardown(() => pool.end());
  const { ledger, keyring, notes } = parts;
  const reports = createReports({
    source: parts.source,
    counts: createReportSource(pool),
    reader: createAuditReader({ source: parts.records, deks: parts.freshDeks() }),
    keyring,
    tokens: openSearchTokens(keyring, PHONE_REGIONS),
    now: Date.now,
    note: async (record) => {
      await ledger.note(record);
      notes.push(record);
    },
    installation: () => Promise.reject(new Error('not asked for')),
  });
  return { ...parts, reports };
}

const ENTITIES = ['PERSON', 'EMAIL_ADDRESS', 'IBAN_CODE'];
const call = fc.record({
  subject: fc.constantFrom('s1', 's2', 's3', 's4'),
  caller: fc.constantFrom('c1', 'c2'),
  purpose: fc.constantFrom('support', undefined),
  first: fc.constantFrom('r1', 'r2'),
  other: fc.option(fc.constant('r3'), { nil: undefined }),
  tried: fc.subarray(['r1', 'r2', 'r3']),
  ended: fc.option(fc.constantFrom<Outcome>('complete', 'upstream_error', 'denied'), { nil: undefined }),
  entities: fc.subarray(ENTITIES),
  handling: fc.constantFrom<Handling>('pseudonymise', 'disclose'),
  allow: fc.boolean(),
  day: fc.integer({ min: 1, max: 60 }),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;
const timeOf = ({ day }: Call): number => Date.UTC(2026, 9, day, 12);

async function write(ledger: Awaited<ReturnType<typeof start>>['ledger'], one: Call): Promise<void> {
  const requestId = newId();
  const place = (runner: string) => ({ runner, trust: 'external', region: 'eu' }) as const;
  await ledger.begin(
    decision({
      requestId,
      atMs: timeOf(one),
      dataSubject: one.subject,
      principal: { ...decision().principal, subject: one.caller },
      purpose: one.purpose,
      destination: place(one.first),
      alternatives: one.other === undefined ? [] : [place(one.other)],
      allow: one.allow,
      counts: Object.fromEntries(one.entities.map((entity) => [entity, 2])),
      handling: Object.fromEntries(one.entities.map((entity) => [entity, one.handling])),
    }),
  );
  if (one.ended === undefined) return;
  await ledger.finish(
    completion(requestId, {
      atMs: timeOf(one) + 1_000,
      outcome: one.ended,
      attempts: [
        { runner: 'r9', outcome: 'skipped' as const },
        ...one.tried.map((runner) => ({ runner, outcome: 'answered' as const })),
      ],
    }),
  );
}

/** Where it went, by the rules of the report, told in another way. */
function sentTo(one: Call): readonly string[] {
  if (one.ended === undefined) return [one.first];
  if (one.tried.length > 0) return one.tried;
  return one.ended === 'complete' ? [one.first] : [];
}

const distinct = (calls: readonly Call[]): number => new Set(calls.map(({ subject }) => subject)).size;

test('the figures of a breach and of disclosures are those of a recount', async (t) => {
  const { ledger, reports } = await start(t);
  const calls = fc.sample(call, { numRuns: 200, seed: 33 });
  for (const one of calls) await write(ledger, one);

  for (const reached of ['r1', 'r3', undefined]) {
    const from = '2026-10-10';
    const { scope, subjects } = await reports.breach(COUNSEL, {
      query: parseSearchQuery({ from, to: '2026-11-15', entity: 'PERSON' }),
      ...(reached === undefined ? {} : { reached }),
    });
    const concerned = calls.filter(
      (one) =>
        one.entities.includes('PERSON') &&
        timeOf(one) >= Date.parse(from) &&
        timeOf(one) < Date.parse('2026-11-15') &&
        (reached === undefined ||
          (one.allow &&
            [one.first, one.other].some((runner) => runner === reached) &&
            (one.ended === undefined ||
              one.tried.length === 0 ||
              one.tried.some((runner) => runner === reached)))),
    );
    t.true(concerned.length > 2);
    t.like(scope, {
      records: concerned.length,
      subjects: distinct(concerned),
      erased: 0,
      principals: new Set(concerned.map(({ caller }) => caller)).size,
      firstMs: Math.min(...concerned.map(timeOf)),
      lastMs: Math.max(...concerned.map(timeOf)),
    });
    for (const entity of ENTITIES) {
      const having = concerned.filter((one) => one.entities.includes(entity));
      const count = countsOf(scope, 'entity').find(({ tag }) => tag === entity);
      t.deepEqual([count?.records ?? 0, count?.subjects ?? 0], [having.length, distinct(having)]);
    }
    const sent = concerned.filter((one) => one.ended !== undefined && one.tried.includes('r2'));
    t.is(countsOf(scope, 'sent').find(({ tag }) => tag === 'r2')?.records ?? 0, sent.length);
    t.is(subjects.length, distinct(concerned));
    t.is(
      subjects.reduce((sum, { records }) => sum + records, 0),
      concerned.length,
    );
  }

  const lines = await reports.disclosures(COUNSEL, { query: parseSearchQuery({}) });
  const expected = new Map<string, Call[]>();
  for (const one of calls.filter(({ allow }) => allow)) {
    for (const entity of one.entities) {
      for (const runner of sentTo(one)) {
        const month = new Date(timeOf(one)).toISOString().slice(0, 7);
        const key = [month, runner, one.purpose ?? '', entity, one.handling].join(' ');
        expected.set(key, [...(expected.get(key) ?? []), one]);
      }
    }
  }
  t.deepEqual(
    Object.fromEntries(
      lines.map((line) => [
        [line.month, line.runner, line.purpose ?? '', line.entity, line.handling].join(' '),
        [line.records, line.subjects],
      ]),
    ),
    Object.fromEntries([...expected].map(([key, having]) => [key, [having.length, distinct(having)]])),
  );
  t.is(disclosuresCsv(lines).split('\r\n').length, lines.length + 2);
});

test('a breach of one data key concerns what that key sealed', async (t) => {
  const { ledger, reports, database } = await start(t);
  await ledger.begin(decision({ dataSubject: 'zoe' }));
  await ledger.begin(decision({ dataSubject: 'zoe' }));
  await ledger.begin(decision({ dataSubject: 'tom' }));
  const [zoes] = await database.query(
    `select id::text as id, kek from cordon.deks d
     where kind = 'subject' and (select count(*) from cordon.records where header like '%' || d.id || '%') = 2`,
  );
  const query = parseSearchQuery({});
  const byKey = await reports.breach(COUNSEL, { query, dek: String(zoes?.['id']) });
  t.like(byKey.scope, { records: 2, subjects: 1 });
  const byKek = await reports.breach(COUNSEL, { query, kek: String(zoes?.['kek']) });
  t.like(byKek.scope, { records: 3, subjects: 2 });
  t.like((await reports.breach(COUNSEL, { query, kek: 'kek-other' })).scope, { records: 0 });
  await t.throwsAsync(reports.breach(COUNSEL, { query, dek: "' or 1=1" }), { code: 'invalid_request' });
  t.true(breachCsv(byKek).includes('all,,3,2,'));
});

test('no report counts another tenant', async (t) => {
  const { ledger, reports } = await start(t);
  await ledger.begin(decision());
  const stranger = { tenant: 'globex', subject: 'x' };
  const query = parseSearchQuery({});
  t.is((await reports.breach(stranger, { query })).scope.records, 0);
  t.deepEqual(await reports.disclosures(stranger, { query }), []);
  const about = { subject: 'patient-17', values: [], purpose: 'dsar' };
  t.deepEqual((await reports.subject(stranger, about)).calls, []);
  t.is((await reports.subject(COUNSEL, about)).calls.length, 1);
});

test('a report about a person opens what is theirs, and of others only says that they are mentioned', async (t) => {
  const { ledger, reports, notes, keyring } = await start(t);
  const own = decision({ dataSubject: 'zoe', atMs: Date.now() - 1_000 });
  const others = decision({
    dataSubject: 'tom',
    originals: { '<EMAIL_ADDRESS_1>': 'zoe@example.org', '<PERSON_1>': 'Tom Smith' },
    values: values(['EMAIL_ADDRESS', 'zoe@example.org'], ['PERSON', 'Tom Smith']),
  });
  await ledger.begin(own);
  await ledger.finish(completion(own.requestId));
  await ledger.begin(others);
  const report = await reports.subject(COUNSEL, {
    subject: 'zoe',
    values: [{ kind: 'email', text: 'zoe@example.org' }],
    purpose: 'access request 12',
  });
  t.deepEqual(
    report.calls.map(({ requestId, role }) => [requestId, role]),
    [
      [own.requestId, 'data_subject'],
      [others.requestId, 'mentioned'],
    ],
  );
  const [first, second] = report.calls;
  t.deepEqual(first?.found, { state: 'open', value: { '[EMAIL_1]': 'zoe@example.org' } });
  t.like(first?.sent, { state: 'open', value: own.protectedBody });
  t.like(first?.answer, { state: 'open' });
  t.deepEqual([second?.found, second?.sent], [{ state: 'none' }, { state: 'none' }]);
  t.false(JSON.stringify(second).includes('Tom'));

  const [reported, revealed] = notes;
  t.deepEqual([reported?.type, revealed?.type], ['REPORTED', 'REVEALED']);
  t.is(revealed?.data['records'], 2);
  t.is(reported?.data['actor'], personReference(keyring, 'acme', COUNSEL.subject).toString('hex'));
  for (const note of notes) {
    t.false(JSON.stringify(note.data).includes('zoe'));
    t.is(note.details?.['purpose'], 'access request 12');
  }
  await ledger.close();
  const about = { subject: 'zoe', values: [], purpose: 'x' };
  await t.throwsAsync(reports.subject(COUNSEL, about), { message: /shutting down/ });
});
