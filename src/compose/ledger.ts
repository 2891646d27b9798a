import { randomFillSync } from 'node:crypto';
import { hostname } from 'node:os';
import { type Config } from '../config/load.ts';
import { type Deks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type KeptCalls } from '../domain/kept.ts';
import { createLedger, type RunningLedger } from '../ledger/ledger.ts';
import { createKeptCalls } from '../store/kept-calls.ts';
import { createKeptStore, type KeptStore } from '../store/kept-store.ts';
import { createLedgerStore } from '../store/ledger-store.ts';
import { createPool, type Pool } from '../store/session.ts';
import { createTreeStore } from '../store/tree-store.ts';
import { type Log } from '../telemetry/log.ts';
import { openCheckpointer } from './checkpoints.ts';
import { type Closable, createCloser } from './closer.ts';
import { openSearchTokens } from './search-tokens.ts';
import { type Database } from './database.ts';
import { openDeks } from './deks.ts';

export interface OpenLedger extends Closable {
  readonly ledger: RunningLedger;
  readonly kept: KeptCalls;
  readonly access: LedgerAccess;
}

/** What the control plane works on, with the writer's rights. */
export interface LedgerAccess {
  readonly pool: Pool;
  readonly deks: Deks;
  readonly keyring: Keyring;
  readonly writerUrl: string;
}

const POOL_CONNECTIONS = 4;
const DAY_MS = 24 * 60 * 60 * 1_000;
const SWEEP_MS = 60 * 60 * 1_000;

/** This process's own ledger: its chain is open, and what dead processes left is closed. */
export async function openLedger(
  config: Config,
  database: Database,
  keyring: Keyring,
  log: Log,
): Promise<OpenLedger> {
  const closer = createCloser();
  const deadlineMs = config.database.deadline_ms;
  const url = database.url('cordon_writer');
  const pool = createPool({ url, role: 'cordon_writer', deadlineMs, max: POOL_CONNECTIONS });
  closer.add({ close: () => pool.end() });
  const deks = closer.add(openDeks({ pool, url, role: 'cordon_writer', deadlineMs, keyring }));
  try {
    const keptStore = createKeptStore(pool);
    const kept = createKeptCalls({
      store: keptStore,
      deks,
      keyring,
      origin: config.origin,
      now: () => Date.now(),
      retentionMs: config.stored.retention_days * DAY_MS,
    });
    // Closed after the ledger, so that the last checkpoint covers STOP.
    const checkpointer = closer.add(await openCheckpointer(config, createTreeStore(pool), log));
    const ledger = closer.add(
      createLedger({
        store: createLedgerStore({ url, deadlineMs, pool }),
        deks,
        keyring,
        tokens: openSearchTokens(keyring, config.detection.phone_regions),
        origin: config.origin,
        instance: `${hostname()}:${process.pid}`,
        now: () => Date.now(),
        random: (bytes) => randomFillSync(bytes),
        log: ({ event }) => {
          log({ event: 'database', state: event });
        },
        onDurable: (chain, leaves) => {
          checkpointer.append(chain, leaves);
        },
        limits: { deadlineMs },
      }),
    );
    await ledger.start();
    closer.add(createSweeper(keptStore));
    return { ledger, kept, access: { pool, deks, keyring, writerUrl: url }, close: () => closer.close() };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}

/** What has expired is found by nobody; this is to be rid of it. A sweep that fails is made up for by the next. */
function createSweeper(store: KeptStore): Closable {
  const sweep = (): void => void store.sweep(Date.now()).catch(() => undefined);
  sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  return {
    close(): Promise<void> {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
