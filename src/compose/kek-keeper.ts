import { userInfo } from 'node:os';
import { type Config } from '../config/load.ts';
import { kekStatus } from '../crypto/kek-horizon.ts';
import { createKekKeeper, type KekKeeper } from '../crypto/kek-keeper.ts';
import { createKekStore } from '../store/kek-store.ts';
import { checkMigrations } from '../store/migrate.ts';
import { createPool } from '../store/session.ts';
import { type Closable, createCloser } from './closer.ts';
import { migrationsDirectory, openDatabaseBeside } from './database.ts';
import { openKeyring } from './keys.ts';
import { openLedger } from './ledger.ts';
import { unusable } from './unusable.ts';

/** Pages of wrapped keys take longer than one append may. */
const DEADLINE_MS = 60_000;

/** For commands beside a running Cordon: with the keeper's rights, and a ledger of its own to put it on record. */
export async function openKekKeeper(config: Config): Promise<KekKeeper & Closable> {
  const closer = createCloser();
  try {
    const database = closer.add(await openDatabaseBeside(config));
    const url = database.url('cordon_keeper');
    await checkMigrations({ url, directory: migrationsDirectory(), role: 'cordon_keeper' }).catch(
      (error: unknown) => {
        throw unusable('DATABASE_URL: as cordon_keeper, which changes keys, the database', error);
      },
    );
    const pool = createPool({ url, role: 'cordon_keeper', deadlineMs: DEADLINE_MS, max: 2 });
    closer.add({ close: () => pool.end() });
    const keyring = closer.add(await openKeyring(config));
    const { ledger } = closer.add(await openLedger(config, database, keyring, () => undefined));
    const keeper = createKekKeeper({
      store: createKekStore(pool),
      keyring,
      note: (record) => ledger.note(record),
      actor: userInfo().username,
      now: Date.now,
    });
    return { ...keeper, close: () => closer.close() };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}

/** What there is, read with the reader's rights. */
export async function readKekStatus(config: Config): Promise<ReturnType<typeof kekStatus>> {
  const closer = createCloser();
  try {
    const database = closer.add(await openDatabaseBeside(config));
    const url = database.url('cordon_reader');
    const pool = createPool({ url, role: 'cordon_reader', deadlineMs: DEADLINE_MS, max: 1 });
    closer.add({ close: () => pool.end() });
    const keyring = closer.add(await openKeyring(config));
    const usage = await createKekStore(pool).usage();
    return kekStatus(await keyring.keks(), usage, config.keys.rotation_days, Date.now());
  } finally {
    await closer.close();
  }
}
