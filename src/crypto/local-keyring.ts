import { type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { open, seal } from './envelope.ts';
import { canonicalize } from './jcs.ts';
import {
  checkIndexKept,
  createReference,
  formatDocument,
  type KeyringDocument,
  listKeks,
  parseDocument,
  withNewIndex,
  withNewKek,
  withoutKek,
} from './keyring-document.ts';
import { type Kek, type ManagedKeyring, UnusableKeyError } from './keyring.ts';

/** Where the text of a keyring is kept. */
export interface KeyringStorage {
  readonly description: string;
  /** As it is stored: equal texts are equal keyrings. */
  read(): Promise<string>;
  /** Wholly or not at all; rejects when what is stored is not `before` any more. */
  replace(before: string, after: string): Promise<void>;
}

/** How the document is written down: in clear, or sealed. */
export interface KeyringSeal {
  seal(text: string): Promise<string>;
  open(stored: string): Promise<string>;
}

export const IN_CLEAR: KeyringSeal = {
  seal: (text) => Promise.resolve(text),
  open: (stored) => Promise.resolve(stored),
};

/** Rows that name a key that is gone must not make a process read its keyring all the time. */
const REREAD_MS = 1_000;
const MISSED_IDS = 1_000;

/** A keyring whose keys are in this process. Rejects when the stored one cannot be read. */
export async function openLocalKeyring(deps: {
  readonly storage: KeyringStorage;
  readonly seal: KeyringSeal;
  readonly now: () => number;
}): Promise<ManagedKeyring> {
  const keyring = new LocalKeyring(deps.storage, deps.seal, deps.now);
  await keyring.refresh();
  return keyring;
}

class LocalKeyring implements ManagedKeyring {
  readonly #storage: KeyringStorage;
  readonly #seal: KeyringSeal;
  readonly #now: () => number;
  #stored: string | undefined;
  #document: KeyringDocument = { current: '', keks: new Map(), index: new Map() };
  #reading: Promise<void> | undefined;
  #readingNext: Promise<void> | undefined;
  /** KEKs that were not there, and when that was last seen. */
  readonly #missed = new LRUCache<string, number>({ max: MISSED_IDS });

  constructor(storage: KeyringStorage, seal: KeyringSeal, now: () => number) {
    this.#storage = storage;
    this.#seal = seal;
    this.#now = now;
  }

  get description(): string {
    return this.#storage.description;
  }

  get indexVersions(): readonly number[] {
    return [...this.#document.index.keys()];
  }

  async wrap(key: Buffer, context: string): Promise<{ kek: string; bytes: Buffer }> {
    const { current, keks } = this.#document;
    const kek = keks.get(current);
    if (kek === undefined) throw new UnusableKeyError('the keyring has no current key');
    const { bytes } = await seal(key, kek.key, wrapData(current, context));
    return { kek: current, bytes };
  }

  async unwrap(wrapped: { kek: string; bytes: Buffer }, context: string): Promise<Buffer> {
    // Another process may have rotated since this one read the keyring.
    const kek = this.#document.keks.get(wrapped.kek) ?? (await this.#lookAgain(wrapped.kek));
    if (kek === undefined) throw new UnusableKeyError('the key encryption key is not in the keyring');
    return unwrap(wrapped.bytes, kek.key, wrapData(wrapped.kek, context));
  }

  reference(parts: readonly string[], version?: number): Buffer {
    return createReference(this.#document.index)(parts, version);
  }

  keks(): Promise<readonly Kek[]> {
    return Promise.resolve(listKeks(this.#document));
  }

  /** What is being read at this moment may be older than what the caller has heard of: then it is read once more. */
  refresh(): Promise<void> {
    if (this.#reading === undefined) return this.#startReading();
    this.#readingNext ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#readingNext = undefined;
        return this.#startReading();
      });
    return this.#readingNext;
  }

  async rotate(): Promise<Kek> {
    const next = await this.#change((document) => withNewKek(document, this.#now()));
    return { id: next.current, current: true, createdMs: next.keks.get(next.current)?.createdMs };
  }

  async rotateIndex(): Promise<number> {
    return (await this.#change(withNewIndex)).index.size;
  }

  async destroy(id: string): Promise<void> {
    await this.refresh();
    if (this.#document.keks.has(id)) await this.#change((document) => withoutKek(document, id));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #startReading(): Promise<void> {
    this.#reading = this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<void> {
    const stored = await this.#storage.read();
    if (stored === this.#stored) return;
    const document = parseDocument(await this.#seal.open(stored));
    checkIndexKept(this.#document.index, document.index);
    this.#document = document;
    this.#stored = stored;
  }

  async #lookAgain(id: string): Promise<{ readonly key: KeyObject } | undefined> {
    const missedMs = this.#missed.get(id);
    if (missedMs !== undefined && Math.abs(this.#now() - missedMs) < REREAD_MS) return undefined;
    await this.refresh();
    const found = this.#document.keks.get(id);
    if (found === undefined) this.#missed.set(id, this.#now());
    else this.#missed.delete(id);
    return found;
  }

  /** Changes what is stored at this moment, not what this process read a while ago. */
  async #change(edit: (document: KeyringDocument) => KeyringDocument): Promise<KeyringDocument> {
    const before = await this.#storage.read();
    const next = edit(parseDocument(await this.#seal.open(before)));
    const after = await this.#seal.seal(formatDocument(next));
    await this.#storage.replace(before, after);
    await this.refresh();
    return next;
  }
}

function wrapData(id: string, context: string): Buffer {
  return Buffer.from(canonicalize(['cordon.wrap.v1', id, context]));
}

async function unwrap(bytes: Buffer, key: KeyObject, aad: Buffer): Promise<Buffer> {
  try {
    return await Promise.resolve(open(bytes, key, aad));
  } catch (cause) {
    throw new UnusableKeyError('a wrapped key does not open', { cause });
  }
}
