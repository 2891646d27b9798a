import path from 'node:path';
import { type Config } from '../config/load.ts';
import { openKeyringFile, openOrCreateKeyringFile } from '../crypto/keyring-file.ts';
import { type Keyring } from '../crypto/keyring.ts';

/** The configured keyring; with none configured (development), one in the data directory, made when it is not there. */
export function openKeyring(config: Config): Promise<Keyring> {
  const file = config.keys.keyring_file;
  return file === undefined
    ? openOrCreateKeyringFile(path.join(config.dataDirectory, 'keyring.json'))
    : openKeyringFile(path.resolve(config.baseDirectory, file));
}
