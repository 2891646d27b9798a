import { mkdir } from 'node:fs/promises';
import { type Config } from '../config/load.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type KeptCalls } from '../domain/kept.ts';
import { type RunningLedger } from '../ledger/ledger.ts';
import { type Log } from '../telemetry/log.ts';
import { type AuditView, openAuditView } from './audit-view.ts';
import { type AuditSearch, openAuditSearch } from './audit-search.ts';
import { type Closable, createCloser } from './closer.ts';
import { openDatabase } from './database.ts';
import { openKeyring, watchKeyring } from './keys.ts';
import { type LedgerAccess, openLedger } from './ledger.ts';
import { type Lifecycle, openLifecycle } from './lifecycle.ts';

/** Database, keys, ledger and its reader. */
export interface Audit extends Closable {
  readonly ledger: RunningLedger;
  readonly kept: KeptCalls;
  readonly view: AuditView;
  readonly access: LedgerAccess;
  readonly lifecycle: Lifecycle;
  readonly search: AuditSearch;
  /** Keyed, one-way: hex, stable within a tenant and scope. */
  readonly pseudonym: (tenant: string, scope: string, value: string) => string;
  readonly description: string;
  /** Looks at once whether keys were added or destroyed, as it does every few seconds anyway. */
  readonly reloadKeys: () => Promise<void>;
}

/** Hex digits of a pseudonym: 64 bits, so that two values of a tenant do not meet. */
const PSEUDONYM_DIGITS = 16;

export async function openAudit(config: Config, log: Log): Promise<Audit> {
  // Open for passing through only: started by root, the embedded database runs as somebody else. Files are 0600.
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o711 });
  const closer = createCloser();
  try {
    const database = closer.add(await openDatabase(config, log));
    const keyring = closer.add(await openKeyring(config));
    closer.add(watchKeyring(keyring, config.keys.rotation_days, log));
    const { ledger, kept, access } = closer.add(await openLedger(config, database, keyring, log));
    const lifecycle = closer.add(
      await openLifecycle({ config, database, keyring, ledger, deks: access.deks, log }),
    );
    const view = closer.add(openAuditView(database, keyring));
    const search = closer.add(openAuditSearch(config, database, keyring));
    return {
      ledger,
      kept,
      view,
      access,
      lifecycle,
      search,
      pseudonym: createPseudonym(keyring),
      description: database.description,
      reloadKeys: () => keyring.refresh(),
      close: () => closer.close(),
    };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}

function createPseudonym(keyring: Keyring): Audit['pseudonym'] {
  return (tenant, scope, value) =>
    keyring.reference(['pseudonym', tenant, scope, value]).toString('hex').slice(0, PSEUDONYM_DIGITS);
}
