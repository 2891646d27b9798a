import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';

const BUFFERED_BYTES = 256 * 1024;

/** What a finished spool holds. */
export interface Spooled {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  read(): AsyncIterable<Uint8Array>;
}

/** A text that may be larger than memory, written piece by piece and read once its end, and so its length, is known. */
export interface Spool {
  write(text: string): Promise<void>;
  finish(): Promise<Spooled>;
  /** Closes and removes the file. */
  close(): Promise<void>;
}

/**
 * Spools into a file that only this process can read: it is encrypted with a key that is never stored, so that a crash
 * or a backup leaves nothing of a record in clear. (AES-256-CTR: whoever changes the file is found by `sha256`.)
 */
export async function createSpool(path: string): Promise<Spool> {
  const file: FileHandle = await open(path, 'wx', 0o600);
  const key = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  const state = createHash('sha256');
  let waiting: string[] = [];
  let waitingChars = 0;
  let bytes = 0;
  let open_ = true;

  async function flush(): Promise<void> {
    const clear = Buffer.from(waiting.join(''), 'utf8');
    waiting = [];
    waitingChars = 0;
    bytes += clear.length;
    state.update(clear);
    await file.appendFile(cipher.update(clear));
  }

  async function* read(): AsyncGenerator<Uint8Array, void> {
    const decipher = createDecipheriv('aes-256-ctr', key, iv);
    for await (const chunk of createReadStream(path)) yield decipher.update(Buffer.from(chunk as Uint8Array));
  }

  async function closeFile(): Promise<void> {
    if (!open_) return;
    open_ = false;
    await file.close();
  }

  return {
    async write(text): Promise<void> {
      waiting.push(text);
      waitingChars += text.length;
      if (waitingChars >= BUFFERED_BYTES) await flush();
    },
    async finish(): Promise<Spooled> {
      await flush();
      await closeFile();
      return { bytes, sha256: state.digest('hex'), read };
    },
    async close(): Promise<void> {
      await closeFile();
      await unlink(path).catch(() => undefined);
    },
  };
}

/** A short text, for the same uses. */
export function inMemory(content: Uint8Array): Spooled {
  return {
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    async *read(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(content);
    },
  };
}
