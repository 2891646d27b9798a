import test from 'ava';
import fc from 'fast-check';
import { type Handling } from '../../../src/domain/handling.ts';
import { type CompletionRecord, type DecisionRecord, type Outcome } from '../../../src/domain/record.ts';
import { parseSearchQuery } from '../../../src/ledger/search/query.ts';
import { completion, decision, newId } from '../../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { COUNSEL, ids, startSearch, values } from '../../support/search.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const ENTITIES = ['PERSON', 'EMAIL_ADDRESS', 'IBAN_CODE'];
const OUTCOMES: readonly Outcome[] = ['complete', 'client_abort', 'upstream_error'];
const call = fc.record({
  subject: fc.constantFrom('s1', 's2', 's3'),
  caller: fc.constantFrom('c1', 'c2'),
  purpose: fc.constantFrom('support', 'research', undefined),
  model: fc.constantFrom('m1', 'm2'),
  runner: fc.constantFrom('r1', 'r2'),
  rules: fc.subarray(['rule-a', 'rule-b', 'rule-c']),
  entities: fc.subarray(ENTITIES),
  emails: fc.subarray(['a@example.org', 'b@example.org']),
  outcome: fc.option(fc.constantFrom(...OUTCOMES), { nil: undefined }),
  allow: fc.boolean(),
  second: fc.integer({ min: 0, max: 40 }),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const query = fc.record(
  {
    subject: fc.constantFrom('s1', 's2'),
    principal: fc.constantFrom('c1', 'c2'),
    email: fc.subarray(['a@example.org', 'b@example.org'], { minLength: 1 }),
    purpose: fc.constantFrom('support', 'research'),
    model: fc.constantFrom('m1', 'm2'),
    runner: fc.constantFrom('r1', 'r2'),
    rule: fc.subarray(['rule-a', 'rule-b'], { minLength: 1 }),
    entity: fc.subarray(ENTITIES, { minLength: 1 }),
    outcome: fc.constantFrom(...OUTCOMES),
    allow: fc.constantFrom('true', 'false'),
    from: fc.constantFrom(10, 20),
    to: fc.constantFrom(20, 30),
  },
  { requiredKeys: [] },
);
type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

const BASE = Date.UTC(2026, 10, 30, 23, 59, 40);

function matches(one: Call, asked: Query): boolean {
  const at = BASE + one.second * 1_000;
  const every = (wanted: readonly string[] | undefined, has: readonly string[]) =>
    (wanted ?? []).every((each) => has.includes(each));
  return (
    (asked.subject ?? one.subject) === one.subject &&
    (asked.principal ?? one.caller) === one.caller &&
    every(asked.email, one.emails) &&
    // Purpose and model of a refused call are what its caller wrote, and stay sealed.
    (asked.purpose === undefined || (one.allow && asked.purpose === one.purpose)) &&
    (asked.model === undefined || (one.allow && asked.model === one.model)) &&
    (asked.runner ?? one.runner) === one.runner &&
    every(asked.rule, one.rules) &&
    every(asked.entity, one.entities) &&
    (asked.outcome ?? one.outcome) === one.outcome &&
    (asked.allow ?? String(one.allow)) === String(one.allow) &&
    (asked.from === undefined || at >= BASE + asked.from * 1_000) &&
    (asked.to === undefined || at < BASE + asked.to * 1_000)
  );
}

function toRecords(one: Call): { begin: DecisionRecord; end: CompletionRecord | undefined } {
  const handling = Object.fromEntries(one.entities.map((entity): [string, Handling] => [entity, 'mask']));
  const atMs = BASE + one.second * 1_000;
  const begin = decision({
    requestId: newId(),
    atMs,
    dataSubject: one.subject,
    principal: { ...decision().principal, subject: one.caller },
    purpose: one.purpose,
    model: one.model,
    destination: { runner: one.runner, trust: 'external', region: 'eu' },
    ruleIds: one.rules,
    allow: one.allow,
    handling,
    counts: Object.fromEntries(one.entities.map((entity) => [entity, 1])),
    values: values(...one.emails.map((email) => ['EMAIL_ADDRESS', email] as const)),
  });
  const { outcome } = one;
  return { begin, end: outcome && completion(begin.requestId, { atMs: atMs + 2_000, outcome }) };
}

test('every page together is exactly what a plain filter finds, also while records arrive', async (t) => {
  const { ledger, searcher } = await startSearch(t, postgres);
  const known: { readonly id: string; readonly one: Call }[] = [];
  const add = async (one: Call): Promise<void> => {
    const { begin, end } = toRecords(one);
    await ledger.begin(begin);
    if (end !== undefined) await ledger.finish(end);
    known.push({ id: begin.requestId, one });
  };
  for (const one of fc.sample(call, { numRuns: 150, seed: 20261123 })) await add(one);
  await fc.assert(
    fc.asyncProperty(query, fc.integer({ min: 1, max: 40 }), call, async (asked, limit, late) => {
      const before = known.filter(({ one }) => matches(one, asked)).map(({ id }) => id);
      const found: string[] = [];
      let cursor: string | undefined;
      const { from, to, ...rest } = asked;
      const time = (second: number) => new Date(BASE + second * 1_000).toISOString();
      const parsed = parseSearchQuery({
        ...rest,
        ...(from === undefined ? {} : { from: time(from) }),
        ...(to === undefined ? {} : { to: time(to) }),
      });
      do {
        const page = await searcher.search(COUNSEL, {
          query: parsed,
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        found.push(...ids(page.items));
        cursor = page.next;
        // Somebody calls while counsel turns the page.
        if (cursor !== undefined && known.length < 400) await add(late);
      } while (cursor !== undefined);
      const after = new Set(known.filter(({ one }) => matches(one, asked)).map(({ id }) => id));
      t.is(new Set(found).size, found.length);
      t.deepEqual(
        before.filter((id) => !found.includes(id)),
        [],
      );
      t.deepEqual(
        found.filter((id) => !after.has(id)),
        [],
      );
    }),
    { numRuns: 60 },
  );
});
