import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { type NoteSigner, createNoteSigner } from './signed-note.ts';
import { isMissing, readPrivateFile, writePrivateFile } from './private-file.ts';

/** An Ed25519 private key, PKCS #8 in PEM, mode 0600, under the name that notes will carry. */
export async function openSigningKeyFile(path: string, name: string): Promise<NoteSigner> {
  const text = await readPrivateFile(path);
  let key;
  try {
    key = createPrivateKey(text);
  } catch {
    // The library's message may quote the file.
    throw new Error(`${path} is not a private key in PEM`);
  }
  return createNoteSigner(name, key);
}

/** As `openSigningKeyFile`, but makes the key first when there is none. For development. */
export async function openOrCreateSigningKeyFile(path: string, name: string): Promise<NoteSigner> {
  try {
    return await openSigningKeyFile(path, name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await generate(path);
  return openSigningKeyFile(path, name);
}

/** A new key; throws when the file is there already. */
export async function createSigningKeyFile(path: string): Promise<void> {
  if (!(await generate(path))) throw new Error(`${path} exists; a key is never overwritten`);
}

async function generate(path: string): Promise<boolean> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return writePrivateFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}
