import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { open, seal } from './envelope.ts';
import { canonicalize } from './jcs.ts';
import { UnusableKeyError, type Keyring } from './keyring.ts';
import { isMissing, readPrivateFile, writePrivateFile } from './private-file.ts';

const KEY_BYTES = 32;

interface KeyringFile {
  readonly current: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly index: KeyObject;
}

/**
 * The local keyring: a JSON file, mode 0600, `{version, current, keys: {id: base64}, index: base64}`.
 * Refused when missing, when group or others can read it, when it is a symbolic link, or when malformed.
 */
export async function openKeyringFile(path: string): Promise<Keyring> {
  return createKeyring(parseKeyring(await readPrivateFile(path)));
}

/** As `openKeyringFile`, but generates the file first when there is none. For development and first starts. */
export async function openOrCreateKeyringFile(path: string): Promise<Keyring> {
  try {
    return await openKeyringFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await generate(path);
  return openKeyringFile(path);
}

/** A new keyring; throws when the file is there already. */
export async function createKeyringFile(path: string): Promise<void> {
  if (!(await generate(path))) throw new Error(`${path} exists; a keyring is never overwritten`);
}

/** False when there is one already. */
async function generate(path: string): Promise<boolean> {
  const id = `kek-${randomBytes(8).toString('hex')}`;
  const text = JSON.stringify({
    version: 1,
    current: id,
    keys: { [id]: randomBytes(KEY_BYTES).toString('base64') },
    index: randomBytes(KEY_BYTES).toString('base64'),
  });
  return writePrivateFile(path, `${text}\n`);
}

function parseKeyring(text: string): KeyringFile {
  const document = asObject(parseJson(text));
  if (document['version'] !== 1) throw new Error('the keyring file has an unknown version');
  const current = document['current'];
  const keys = new Map<string, KeyObject>();
  for (const [id, value] of Object.entries(asObject(document['keys']))) keys.set(id, parseKey(value));
  if (typeof current !== 'string' || !keys.has(current)) throw new Error('the keyring names no current key');
  return { current, keys, index: parseKey(document['index']) };
}

/** V8's own message would quote the file, keys included. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the keyring file is not JSON');
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('the keyring file is malformed');
  return { ...value };
}

function parseKey(value: unknown): KeyObject {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length !== KEY_BYTES) throw new Error('a key of the keyring file is not 32 bytes');
  return createSecretKey(bytes);
}

function createKeyring(file: KeyringFile): Keyring {
  const kek = (id: string): KeyObject => {
    const key = file.keys.get(id);
    if (key === undefined) throw new UnusableKeyError('the key encryption key is not in the keyring');
    return key;
  };
  const aad = (id: string, context: string) => Buffer.from(canonicalize(['cordon.wrap.v1', id, context]));
  return {
    async wrap(key, context) {
      const envelope = await seal(key, kek(file.current), aad(file.current, context));
      return { kek: file.current, bytes: envelope.bytes };
    },
    unwrap: async (wrapped, context) => unwrap(wrapped.bytes, kek(wrapped.kek), aad(wrapped.kek, context)),
    reference: (parts) => createHmac('sha256', file.index).update(canonicalize(parts)).digest(),
  };
}

async function unwrap(bytes: Buffer, key: KeyObject, aad: Buffer): Promise<Buffer> {
  try {
    return await Promise.resolve(open(bytes, key, aad));
  } catch (cause) {
    throw new UnusableKeyError('a wrapped key does not open', { cause });
  }
}
