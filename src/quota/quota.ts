import { RateLimiterMemory, RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible';
import { CordonError } from '../domain/errors.ts';
import { type BudgetWindow, type Obligation, type QuotaScope } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type Exhausted, type Quota } from '../domain/quota.ts';

/** Counts under a key until its time is up. */
export interface Counter {
  /** Adds, atomically among all processes; resolves to the sum and when it begins anew. */
  add(key: string, amount: number, seconds: number): Promise<Count>;
  /** Undefined when nothing is counted under the key. */
  read(key: string): Promise<Count | undefined>;
}

export interface Count {
  readonly sum: number;
  readonly msLeft: number;
}

export interface QuotaOptions {
  readonly counter: Counter;
  /** Keyed and one-way: who is counted is nobody's to read in the table. */
  readonly reference: (parts: readonly string[]) => string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What `rate-limiter-flexible` asks of a Postgres client: a `pg.Pool` is one. */
export interface QuotaDatabase {
  query(query: { readonly text: string; readonly values?: unknown[] }): Promise<unknown>;
}

/** Shared by every process on this database (migration `quota`). */
export function createPostgresCounter(database: QuotaDatabase): Counter {
  const limiter = new RateLimiterPostgres({
    storeClient: database,
    storeType: 'pool',
    schemaName: 'cordon',
    tableName: 'quota',
    tableCreated: true,
    keyPrefix: '',
    ...UNLIMITED,
  });
  return counterOf(limiter);
}

/** Of this process alone: for development and tests. */
export function createMemoryCounter(): Counter {
  return counterOf(new RateLimiterMemory({ keyPrefix: '', ...UNLIMITED }));
}

/** The library counts; what is too much is decided here, for each rule has limits of its own. */
const UNLIMITED = { points: Number.MAX_SAFE_INTEGER, duration: 1 };

function counterOf(limiter: RateLimiterPostgres | RateLimiterMemory): Counter {
  return {
    async add(key, amount, seconds) {
      return toCount(await limiter.penalty(key, amount, { customDuration: seconds }));
    },
    async read(key) {
      const found = await limiter.get(key);
      return found === null ? undefined : toCount(found);
    },
  };
}

function toCount({ consumedPoints, msBeforeNext }: RateLimiterRes): Count {
  return { sum: consumedPoints, msLeft: msBeforeNext };
}

export function createQuota({ counter, reference, clock }: QuotaOptions): Quota {
  const keyOf = (principal: Principal, per: QuotaScope, of: readonly string[]): string =>
    reference([...of, per, ...ownerOf(principal, per)]);

  const takeRate = async (principal: Principal, obligation: Obligation): Promise<Exhausted | undefined> => {
    const { ruleId, rateLimit } = obligation;
    if (rateLimit === undefined) return undefined;
    const { per, points, seconds } = rateLimit;
    const key = keyOf(principal, per, ['rate', ruleId, String(points), String(seconds)]);
    const { sum, msLeft } = await counter.add(key, 1, seconds);
    return sum <= points ? undefined : { ruleId, code: 'too_many_requests', retryAfterS: toSeconds(msLeft) };
  };

  /** A budget of tokens is asked whether anything is left; of what a call will use nobody knows beforehand. */
  const takeBudget = async (principal: Principal, obligation: Obligation): Promise<Exhausted | undefined> => {
    const { ruleId, budget } = obligation;
    if (budget === undefined) return undefined;
    const { label, msLeft } = windowAt(budget.window, clock());
    const key = keyOf(principal, budget.per, ['budget', budget.of, ruleId, label]);
    const sum =
      budget.of === 'requests'
        ? (await counter.add(key, 1, toSeconds(msLeft))).sum
        : ((await counter.read(key))?.sum ?? 0) + 1;
    return sum <= budget.amount
      ? undefined
      : { ruleId, code: 'budget_exhausted', retryAfterS: toSeconds(msLeft) };
  };

  return {
    take: (principal, obligations) =>
      orUnavailable(async () => {
        const asked = obligations.flatMap((one) => [takeRate(principal, one), takeBudget(principal, one)]);
        return (await Promise.all(asked)).filter((one) => one !== undefined);
      }),
    spend: (principal, obligations, tokens) =>
      orUnavailable(async () => {
        const amount = Math.max(0, Math.ceil(tokens));
        await Promise.all(
          obligations.map(async ({ ruleId, budget }) => {
            if (budget?.of !== 'tokens' || amount === 0) return;
            const { label, msLeft } = windowAt(budget.window, clock());
            const key = keyOf(principal, budget.per, ['budget', 'tokens', ruleId, label]);
            await counter.add(key, amount, toSeconds(msLeft));
          }),
        );
      }),
  };
}

function ownerOf({ tenant, issuer, subject, client }: Principal, per: QuotaScope): readonly string[] {
  if (per === 'tenant') return [tenant];
  return per === 'client' && client !== undefined
    ? [tenant, issuer, 'client', client]
    : [tenant, issuer, 'subject', subject];
}

/** The calendar window that holds an instant, UTC: its name and how much of it is left. */
export function windowAt(
  window: BudgetWindow,
  nowMs: number,
): { readonly label: string; readonly msLeft: number } {
  const now = new Date(nowMs);
  const [year, month, day, hour] = [
    now.getUTCFullYear(),
    now.getUTCMonth(),
    now.getUTCDate(),
    now.getUTCHours(),
  ];
  const next =
    window === 'month'
      ? Date.UTC(year, month + 1)
      : window === 'day'
        ? Date.UTC(year, month, day + 1)
        : Date.UTC(year, month, day, hour + 1);
  const chars = { month: 7, day: 10, hour: 13 }[window];
  return { label: now.toISOString().slice(0, chars), msLeft: next - nowMs };
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new CordonError(
      'quota_unavailable',
      'What this caller has used cannot be read, so nothing is granted.',
      {
        retryAfterS: 1,
        cause: error,
      },
    );
  }
}
