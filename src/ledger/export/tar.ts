import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
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
