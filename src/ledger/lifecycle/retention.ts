import { type Deks } from '../../crypto/deks.ts';
import { type Ledger } from '../../domain/record.ts';
import {
  type Drop,
  type DroppedMonth,
  type RetentionMonth,
  type RetentionStore,
  type RetentionTerms,
  type Undertakings,
} from './ports.ts';
import { ABANDONED_MS, available, noteOnce } from './undertaking.ts';

export interface RetentionDeps {
  readonly store: RetentionStore;
  readonly undertakings: Undertakings;
  readonly ledger: Pick<Ledger, 'note'>;
  readonly deks: Pick<Deks, 'forget'>;
  readonly now: () => number;
  readonly createId: () => string;
}

export interface RetentionStatus {
  readonly terms: readonly RetentionTerms[];
  readonly months: readonly RetentionMonth[];
  readonly dropped: readonly DroppedMonth[];
  /** Records in no monthly partition: kept until a person sees to them. */
  readonly unpartitioned: number;
}

export interface RetentionRun {
  readonly dropped: readonly { readonly month: string; readonly records: number }[];
  /** Past their time, and kept by these matters. */
  readonly held: readonly { readonly month: string; readonly matters: readonly string[] }[];
  /** Past their time, and still there; the next run tries again. */
  readonly left: readonly { readonly month: string; readonly reason: Drop['outcome'] }[];
}

/**
 * Drops whole months past their retention. What goes is recorded first, with a digest over its leaves; the database
 * drops exactly what that record says, keeps the leaves, and refuses when a hold or the terms forbid it.
 */
export interface Retention {
  /** Tells the database its terms; they can only become stricter. */
  demand(terms: readonly RetentionTerms[]): Promise<void>;
  status(): Promise<RetentionStatus>;
  /** Undefined when another process is at it. */
  run(): Promise<RetentionRun | undefined>;
  /** Carries on what a crash interrupted; returns how many. */
  resume(): Promise<number>;
}

/** Chains that a record lists; its digest covers all of them. */
const MAX_LISTED = 1_000;

export function createRetention(deps: RetentionDeps): Retention {
  const { store, undertakings, ledger, now } = deps;

  async function carryOn(id: string): Promise<Drop> {
    const done = await store.drop(id);
    const { outcome, month, atMs } = done;
    if (outcome === 'busy') return done;
    if (outcome === 'dropped') {
      deps.deks.forget(undefined);
      await noteOnce(deps, {
        ...{ id, type: 'RETENTION_DROPPED', atMs, tenant: '' },
        data: { month, records: done.records, keysDestroyed: done.keysDestroyed },
      });
    } else {
      const data = { reason: outcome, matters: done.matters };
      await noteOnce(deps, { id, type: 'RETENTION_REFUSED', atMs: now(), tenant: '', data });
    }
    await undertakings.end(id);
    return done;
  }

  async function drop(month: string): Promise<Drop> {
    const id = deps.createId();
    const { records, digest, chains } = await store.plan(month);
    await undertakings.begin(id, 'drop', now());
    await ledger.note({
      id,
      type: 'RETENTION_STARTED',
      atMs: now(),
      tenant: '',
      data: {
        month,
        records,
        digest: digest.toString('hex'),
        chains: chains.slice(0, MAX_LISTED),
        chainCount: chains.length,
      },
    });
    return carryOn(id);
  }

  async function resume(beforeMs: number): Promise<number> {
    const left = await undertakings.unfinished('drop', beforeMs);
    for (const id of left) {
      if (await undertakings.recorded(id, 'RETENTION_STARTED')) await carryOn(id);
      else await undertakings.end(id);
    }
    return left.length;
  }

  async function runAlone(): Promise<RetentionRun> {
    // Alone here, so whatever was begun before is nobody's any more.
    await resume(now() + 1);
    const waiting = (await undertakings.unfinished('drop', now() + 1)).length > 0;
    const due = await store.months(true);
    const run = { dropped: [], held: [], left: [] } as {
      -readonly [K in keyof RetentionRun]: RetentionRun[K][number][];
    };
    for (const { month, matters } of due) {
      if (matters.length > 0) {
        run.held.push({ month, matters });
        continue;
      }
      if (waiting) {
        run.left.push({ month, reason: 'busy' });
        continue;
      }
      const { outcome, records, matters: raced } = await drop(month);
      if (outcome === 'dropped') run.dropped.push({ month, records });
      else if (outcome === 'held') run.held.push({ month, matters: raced });
      else run.left.push({ month, reason: outcome });
    }
    return run;
  }

  return {
    demand: (terms) =>
      available(async () => {
        for (const demanded of terms) await store.demand(demanded);
      }),
    status: () =>
      available(async () => ({
        terms: await store.terms(),
        months: await store.months(false),
        dropped: await store.dropped(),
        unpartitioned: await store.unpartitioned(),
      })),
    run: () => available(() => store.exclusively(runAlone)),
    resume: async () => (await store.exclusively(() => resume(now() - ABANDONED_MS))) ?? 0,
  };
}
