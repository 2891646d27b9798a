import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { type Spooled } from './spool.ts';

/** A tar of these files in this order, readable by its owner only. */
export async function* packTar(
  files: ReadonlyMap<string, Spooled>,
  nowMs: number,
): AsyncGenerator<Uint8Array, void> {
  const tar = pack();
  const mtime = new Date(nowMs);
  const written = write().catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error('the tar could not be written'));
  });

  async function write(): Promise<void> {
    for (const [name, file] of files) {
      const entry = tar.entry({ name, size: file.bytes, mode: 0o600, mtime });
      await pipeline(Readable.from(file.read()), entry);
    }
    tar.finalize();
  }

  // Its types do not say so, but a tar is bytes.
  for await (const chunk of tar) if (chunk instanceof Uint8Array) yield chunk;
  await written;
}

const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/**
 * Unpacks a bundle's tar, which may come from anybody: a RangeError for what is no plain file, has a name that leads
 * elsewhere, or comes twice. Nothing there is overwritten.
 */
export async function unpackTar(source: AsyncIterable<Uint8Array>, directory: string): Promise<void> {
  const reading = extract();
  const feeding = pipeline(source, reading);
  // Awaited below; a failure of the loop must not leave it unhandled.
  feeding.catch(() => undefined);
  for await (const entry of reading) {
    const { name, type } = entry.header;
    if (type === 'directory') {
      entry.resume();
      continue;
    }
    if (type !== 'file' || !SAFE_NAME.test(name))
      throw new RangeError('the tar holds something else than files');
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await pipeline(entry, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  }
  await feeding;
}
