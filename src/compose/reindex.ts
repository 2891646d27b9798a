import { userInfo } from 'node:os';
import { type Config } from '../config/load.ts';
import { reindex, type Reindexed } from '../ledger/search/reindex.ts';
import { createReindexStore } from '../store/reindex-store.ts';
import { createPool } from '../store/session.ts';
import { createCloser } from './closer.ts';
import { openDatabaseBeside } from './database.ts';
import { openKeyring } from './keys.ts';
import { openLedger } from './ledger.ts';
import { openSearchTokens } from './search-tokens.ts';

const DEADLINE_MS = 600_000;

/** Builds the search index again, beside a running Cordon; that somebody did is a record. */
export async function runReindex(
  config: Config,
  options: {
    /** Also opens originals, and indexes them. */
    readonly values: boolean;
    readonly keep: boolean;
    readonly onProgress: (records: number) => void;
  },
): Promise<Reindexed> {
  const closer = createCloser();
  try {
    const database = closer.add(await openDatabaseBeside(config));
    const keyring = await openKeyring(config);
    const { ledger, access } = closer.add(await openLedger(config, database, keyring, () => undefined));
    const pool = (role: 'cordon_reader' | 'cordon_writer') => {
      const opened = createPool({ url: database.url(role), role, deadlineMs: DEADLINE_MS, max: 1 });
      closer.add({ close: () => opened.end() });
      return opened;
    };
    const { values, keep, onProgress } = options;
    await ledger.note({
      type: 'AUDIT_READ',
      atMs: Date.now(),
      tenant: '',
      data: { what: 'reindex', reader: userInfo().username, values, check: !keep },
    });
    return await reindex({
      store: createReindexStore({ reader: pool('cordon_reader'), writer: pool('cordon_writer') }),
      tokens: openSearchTokens(keyring, config.detection.phone_regions),
      ...(values ? { deks: access.deks } : {}),
      keep,
      onProgress,
    });
  } finally {
    await closer.close();
  }
}
