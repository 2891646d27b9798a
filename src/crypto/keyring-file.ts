import { formatDocument, newDocument } from './keyring-document.ts';
import { type ManagedKeyring } from './keyring.ts';
import { IN_CLEAR, type KeyringSeal, type KeyringStorage, openLocalKeyring } from './local-keyring.ts';
import { isMissing, readPrivateFile, replacePrivateFile, writePrivateFile } from './private-file.ts';

/**
 * The local keyring: a file of mode 0600, in clear (see keyring-document.ts) or sealed. Refused when missing, when
 * group or others can read it, when it is a symbolic link, or when malformed.
 */
export function openKeyringFile(path: string, seal: KeyringSeal = IN_CLEAR): Promise<ManagedKeyring> {
  return openLocalKeyring({ storage: fileStorage(path), seal, now: Date.now });
}

/** As `openKeyringFile`, but generates the file first when there is none. For development and first starts. */
export async function openOrCreateKeyringFile(path: string): Promise<ManagedKeyring> {
  try {
    return await openKeyringFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await generate(path, IN_CLEAR);
  return openKeyringFile(path);
}

/** A new keyring; throws when the file is there already. */
export async function createKeyringFile(path: string, seal: KeyringSeal = IN_CLEAR): Promise<void> {
  if (!(await generate(path, seal))) throw new Error(`${path} exists; a keyring is never overwritten`);
}

/** False when there is one already. */
async function generate(path: string, seal: KeyringSeal): Promise<boolean> {
  return writePrivateFile(path, await seal.seal(formatDocument(newDocument(Date.now()))));
}

function fileStorage(path: string): KeyringStorage {
  return {
    description: path,
    read: () => readPrivateFile(path),
    async replace(before, after) {
      if ((await readPrivateFile(path)) !== before) {
        throw new Error(`${path} was changed by somebody else in the meantime; nothing was written`);
      }
      await replacePrivateFile(path, after);
    },
  };
}
