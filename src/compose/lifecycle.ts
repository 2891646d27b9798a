import { randomFillSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config } from '../config/load.ts';
import { retentionTerms } from '../config/retention.ts';
import { type Deks } from '../crypto/deks.ts';
import { kekStatus } from '../crypto/kek-horizon.ts';
import { type ManagedKeyring } from '../crypto/keyring.ts';
import { createUuidV7 } from '../domain/id.ts';
import { type Ledger } from '../domain/record.ts';
import { createErasures, type Erasures } from '../ledger/lifecycle/erasures.ts';
import { createHolds, type Holds } from '../ledger/lifecycle/holds.ts';
import { createRetention, type Retention } from '../ledger/lifecycle/retention.ts';
import { createErasureStore } from '../store/erasure-store.ts';
import { createHoldStore } from '../store/hold-store.ts';
import { createKekStore } from '../store/kek-store.ts';
import { createRetentionStore } from '../store/retention-store.ts';
import { createPool } from '../store/session.ts';
import { createUndertakings } from '../store/undertaking-store.ts';
import { type Log } from '../telemetry/log.ts';
import { type Closable, createCloser } from './closer.ts';
import { type Database } from './database.ts';

/** Holds, erasures and retention, carried on after a crash and, where wanted, run by the clock. */
export interface Lifecycle extends Closable {
  readonly holds: Holds;
  readonly erasures: Erasures;
  readonly retention: Retention;
}

/** A month of millions of records is read before it is dropped. */
const DEADLINE_MS = 600_000;
const POOL_CONNECTIONS = 3;
const CLOSE_MS = 5_000;
const RESUME_MS = 60_000;
const RETENTION_MS = 24 * 60 * 60 * 1_000;

/** Tells the database the terms of retention; rejects when it cannot. */
export async function openLifecycle(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly keyring: ManagedKeyring;
  readonly ledger: Pick<Ledger, 'note'>;
  readonly deks: Pick<Deks, 'forget'>;
  readonly log: Log;
}): Promise<Lifecycle> {
  const { config, database, keyring, ledger, deks, log } = parts;
  const closer = createCloser();
  const role = 'cordon_writer';
  const pool = createPool({ url: database.url(role), role, deadlineMs: DEADLINE_MS, max: POOL_CONNECTIONS });
  closer.add({ close: () => atMost(pool.end()) });
  const now = (): number => Date.now();
  const shared = {
    undertakings: createUndertakings(pool),
    ledger,
    keyring,
    deks,
    now,
    createId: () => createUuidV7(now(), (bytes) => randomFillSync(bytes)),
  };
  const holds = createHolds({ ...shared, store: createHoldStore(pool) });
  const keks = createKekStore(pool);
  const erasures = createErasures({
    ...shared,
    store: createErasureStore(pool),
    // As `cordon keys list` tells it, for this person's keys alone.
    horizon: async (tenant, reference) =>
      kekStatus(
        await keyring.keks(),
        await keks.usage({ tenant, reference }),
        config.keys.rotation_days,
        now(),
      ).horizon,
  });
  const retention = createRetention({ ...shared, store: createRetentionStore(pool) });
  try {
    await retention.demand(retentionTerms(config.retention));
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
  const resume = async (): Promise<void> => {
    for (const part of [holds, erasures, retention]) await part.resume();
  };
  closer.add(repeat(resume, RESUME_MS, log, 'resume'));
  closer.add(repeat(() => retention.run(), RETENTION_MS, log, 'retention'));
  return { holds, erasures, retention, close: () => closer.close() };
}

/** What a stop interrupts is carried on by the next start. */
async function atMost(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(CLOSE_MS, undefined, { ref: false })]);
}

/** Now and then again; one at a time. What fails is tried again at the next turn. */
function repeat(work: () => Promise<unknown>, everyMs: number, log: Log, task: string): Closable {
  let running: Promise<void> | undefined;
  const turn = (): void => {
    running ??= work()
      .then(
        () => undefined,
        () => {
          log({ event: 'lifecycle_failed', task });
        },
      )
      .finally(() => {
        running = undefined;
      });
  };
  turn();
  const timer = setInterval(turn, everyMs);
  timer.unref();
  return {
    async close(): Promise<void> {
      clearInterval(timer);
      await atMost(running ?? Promise.resolve());
    },
  };
}
