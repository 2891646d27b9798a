import test from 'ava';
import fc from 'fast-check';
import { type Obligation } from '../../src/domain/policy.ts';
import {
  type Counter,
  createMemoryCounter,
  createPostgresCounter,
  createQuota,
  windowAt,
} from '../../src/quota/quota.ts';
import { createPool } from '../../src/store/session.ts';
import { inputOf } from '../policy/sets.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const NOW = Date.UTC(2026, 0, 31, 23, 59, 30);
const { principal: ALICE } = inputOf();
const BOB = { ...ALICE, subject: 'bob' };
const rate = (points: number, per: 'principal' | 'tenant' | 'client' = 'principal'): Obligation => ({
  ruleId: 'rate',
  rateLimit: { per, points, seconds: 60 },
});
const tokens = (amount: number): Obligation => ({
  ruleId: 'tokens',
  budget: { per: 'tenant', of: 'tokens', amount, window: 'month' },
});
const quotaOver = (counter: Counter, clock = () => NOW) =>
  createQuota({ counter, clock, reference: (parts) => JSON.stringify(parts) });

test('a caller has as many calls as the rule grants, then is told when to come again', async (t) => {
  const quota = quotaOver(createMemoryCounter());
  for (let n = 0; n < 3; n++) t.deepEqual(await quota.take(ALICE, [rate(3)]), []);
  const [refused] = await quota.take(ALICE, [rate(3)]);
  t.like(refused, { ruleId: 'rate', code: 'too_many_requests' });
  t.true((refused?.retryAfterS ?? 0) >= 1 && (refused?.retryAfterS ?? 99) <= 60);
  t.deepEqual(await quota.take(BOB, [rate(3)]), [], 'and nobody else is');
});

test('calls are counted by principal, tenant or client, as the rule says', async (t) => {
  const app = { ...ALICE, client: 'app' };
  for (const [per, same, other] of [
    ['tenant', [ALICE, BOB], { ...ALICE, tenant: 'globex' }],
    ['principal', [ALICE, app], BOB],
    ['client', [app, { ...BOB, client: 'app' }], ALICE],
  ] as const) {
    const quota = quotaOver(createMemoryCounter());
    t.deepEqual(await quota.take(same[0], [rate(1, per)]), []);
    t.is((await quota.take(same[1], [rate(1, per)])).length, 1, per);
    t.deepEqual(await quota.take(other, [rate(1, per)]), [], per);
  }
});

test('a budget of tokens is counted after the fact, and begins anew with the month', async (t) => {
  let now = NOW;
  const quota = quotaOver(createMemoryCounter(), () => now);
  t.deepEqual(await quota.take(ALICE, [tokens(100)]), []);
  await quota.spend(ALICE, [tokens(100)], 99);
  t.deepEqual(await quota.take(ALICE, [tokens(100)]), [], 'one is left');
  await quota.spend(ALICE, [tokens(100)], 50);
  const [refused] = await quota.take(BOB, [tokens(100)]);
  t.deepEqual(refused, { ruleId: 'tokens', code: 'budget_exhausted', retryAfterS: 30 });
  now += 30_000;
  t.deepEqual(await quota.take(BOB, [tokens(100)]), []);
});

test('windows are those of the calendar', (t) => {
  t.deepEqual(windowAt('month', NOW), { label: '2026-01', msLeft: 30_000 });
  t.deepEqual(windowAt('day', NOW), { label: '2026-01-31', msLeft: 30_000 });
  t.deepEqual(windowAt('hour', NOW - 3_600_000), { label: '2026-01-31T22', msLeft: 30_000 });
});

test('two processes on one database grant together what one would', async (t) => {
  const database = await postgres.createDatabase();
  const pools = [1, 2].map(() =>
    createPool({ url: database.url('cordon_writer'), role: 'cordon_writer', deadlineMs: 20_000, max: 4 }),
  );
  t.teardown(() => Promise.all(pools.map((pool) => pool.end())));
  const quotas = pools.map((pool) => quotaOver(createPostgresCounter(pool)));
  const requests: Obligation = {
    ruleId: 'day',
    budget: { per: 'tenant', of: 'requests', amount: 15, window: 'day' },
  };
  const answers = await Promise.all(
    quotas.flatMap((quota) =>
      Array.from({ length: 30 }, (_, n) =>
        quota.take(n % 3 === 0 ? BOB : ALICE, [rate(20, 'tenant'), requests]),
      ),
    ),
  );
  t.is(answers.filter((answer) => answer.length === 0).length, 15);
  t.is(answers.flat().filter(({ code }) => code === 'too_many_requests').length, 40);
  await quotas[0]?.spend(ALICE, [tokens(5_000_000_000)], 5_000_000_000);
  t.is((await quotas[1]?.take(BOB, [tokens(5_000_000_000)]))?.length, 1, 'beyond 32 bits');
  const rows = await database.query('select key, points from cordon.quota');
  t.is(rows.length, 3);
});

test('a counter that does not answer grants nothing', async (t) => {
  const broken: Counter = {
    add: () => Promise.reject(new Error('down')),
    read: () => Promise.reject(new Error('down')),
  };
  const quota = quotaOver(broken);
  for (const obligation of [rate(5), tokens(5)]) {
    await t.throwsAsync(quota.take(ALICE, [obligation]), { code: 'quota_unavailable' });
  }
  await t.throwsAsync(quota.spend(ALICE, [tokens(5)], 3), { code: 'quota_unavailable' });
});

test('never more calls pass than are granted, in whatever order they come', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (points, calls) => {
        const quota = quotaOver(createMemoryCounter());
        const passed = [0, 0];
        for (const who of calls) {
          const refused = await quota.take(who ? ALICE : BOB, [rate(points)]);
          if (refused.length === 0) passed[who ? 1 : 0] = (passed[who ? 1 : 0] ?? 0) + 1;
        }
        t.deepEqual(
          passed,
          [false, true].map((one) => Math.min(points, calls.filter((who) => who === one).length)),
        );
      },
    ),
    { numRuns: 50 },
  );
});
