import { randomFillSync } from 'node:crypto';
import { hostname } from 'node:os';
import { type Config } from '../config/load.ts';
import { createDeks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { createLedger, type RunningLedger } from '../ledger/ledger.ts';
import { createDekStore } from '../store/dek-store.ts';
import { createLedgerStore } from '../store/ledger-store.ts';
import { createPool } from '../store/session.ts';
import { createTreeStore } from '../store/tree-store.ts';
import { type Log } from '../telemetry/log.ts';
import { openCheckpointer } from './checkpoints.ts';
import { type Closable, createCloser } from './closer.ts';
import { type Database } from './database.ts';

export interface OpenLedger extends Closable {
  readonly ledger: RunningLedger;
}

const POOL_CONNECTIONS = 4;

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
  // Closed after the ledger, so that the last checkpoint covers STOP.
  const checkpointer = closer.add(await openCheckpointer(config, createTreeStore(pool), log));
  const ledger = closer.add(
    createLedger({
      store: createLedgerStore({ url, deadlineMs, pool }),
      deks: createDeks({ store: createDekStore(pool), keyring }),
      keyring,
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
  try {
    await ledger.start();
    return { ledger, close: () => closer.close() };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}
