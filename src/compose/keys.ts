import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type KeysConfig, type VaultConfig } from '../config/keys.ts';
import { type Config } from '../config/load.ts';
import { openServiceKeyring } from '../crypto/kek-service.ts';
import { openKeyringFile, openOrCreateKeyringFile } from '../crypto/keyring-file.ts';
import { type ManagedKeyring } from '../crypto/keyring.ts';
import { readPkcs12 } from '../crypto/pkcs12.ts';
import { createKeyringSeal } from '../crypto/sealed-keyring.ts';
import { Secret } from '../domain/secret.ts';
import { type Log } from '../telemetry/log.ts';
import { createTransitService } from '../vault/transit.ts';
import { type Closable } from './closer.ts';
import { unusable } from './unusable.ts';

const REFRESH_MS = 10_000;
const AGE_CHECK_MS = 24 * 60 * 60 * 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The configured keyring; with none configured (development), one in the data directory, made when it is not there. */
export async function openKeyring(config: Config): Promise<ManagedKeyring> {
  const { keys } = config;
  if (keys.provider === 'file' && keys.keyringFile === undefined) {
    return openOrCreateKeyringFile(path.join(config.dataDirectory, 'keyring.json'));
  }
  try {
    return await open(keys, config.origin);
  } catch (error) {
    throw unusable(keys.provider === 'vault' ? 'keys.vault: Vault' : 'keys.keyring_file: the keyring', error);
  }
}

async function open(keys: KeysConfig, origin: string): Promise<ManagedKeyring> {
  switch (keys.provider) {
    case 'file':
      return openKeyringFile(keys.keyringFile ?? '');
    case 'pkcs12':
      return openKeyringFile(keys.keyringFile, await openSeal(keys));
    case 'vault':
      return openServiceKeyring(createTransitService(transitOptions(keys.vault, origin)));
  }
}

/** What a keyring is sealed by. */
export async function openSeal({ file, password }: { readonly file: string; readonly password: Secret }) {
  return createKeyringSeal(readPkcs12(await readFile(file), password));
}

function transitOptions({ token, timeout_ms, index_key, namespace, ...rest }: VaultConfig, origin: string) {
  return {
    ...rest,
    origin,
    namespace,
    indexKey: index_key,
    timeoutMs: timeout_ms,
    token: async (): Promise<Secret> =>
      'secret' in token ? token.secret : new Secret((await readFile(token.file, 'utf8')).trim()),
  };
}

/** Sees what other processes do to the keys, and says when they are older than they should be. */
export function watchKeyring(keyring: ManagedKeyring, rotationDays: number, log: Log): Closable {
  const refresh = (): void => {
    // One that cannot be read now keeps the keys that were read; what needs another key looks again by itself.
    void keyring.refresh().catch(() => {
      log({ event: 'keys_unreadable' });
    });
  };
  const checkAge = (): void => {
    void keyring
      .keks()
      .then((keks) => {
        const made = keks.flatMap(({ createdMs }) => createdMs ?? []);
        const days = Math.floor((Date.now() - Math.min(...made)) / DAY_MS);
        if (made.length > 0 && days >= rotationDays) log({ event: 'keys_overdue', days });
      })
      .catch(() => undefined);
  };
  checkAge();
  const timers = [setInterval(refresh, REFRESH_MS), setInterval(checkAge, AGE_CHECK_MS)];
  for (const timer of timers) timer.unref();
  return {
    close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      return Promise.resolve();
    },
  };
}
