import path from 'node:path';
import { type Config } from '../config/load.ts';
import { openKeyringFile, openOrCreateKeyringFile } from '../crypto/keyring-file.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { unusable } from './unusable.ts';

/** The configured keyring; with none configured (development), one in the data directory, made when it is not there. */
export async function openKeyring(config: Config): Promise<Keyring> {
  const file = config.keys.keyring_file;
  if (file === undefined) return openOrCreateKeyringFile(path.join(config.dataDirectory, 'keyring.json'));
  try {
    return await openKeyringFile(path.resolve(config.baseDirectory, file));
  } catch (error) {
    throw unusable('keys.keyring_file: the keyring', error);
  }
}
