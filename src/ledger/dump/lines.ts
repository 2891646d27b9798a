import { type FileHandle } from 'node:fs/promises';

/** A line of a file, without its end. */
export interface Line {
  readonly offset: number;
  readonly bytes: Buffer;
}

const CHUNK_BYTES = 256 * 1024;
/** A header lists what was found in one request; none comes near this. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** Lines from an offset on, the beginning of one. Throws a RangeError when the file ends within a line. */
export async function* readLines(file: FileHandle, from = 0): AsyncGenerator<Line, void> {
  let offset = from;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for (let position = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const bytes = Buffer.concat([...waiting, chunk.subarray(start, end)]);
      yield { offset, bytes };
      offset += bytes.length + 1;
      [waiting, waitingBytes] = [[], 0];
      start = end + 1;
    }
    waiting.push(chunk.subarray(start));
    waitingBytes += bytesRead - start;
    if (waitingBytes > MAX_LINE_BYTES) throw new RangeError('a line of the dump is too long');
  }
  if (waitingBytes > 0) throw new RangeError('the dump ends within a line');
}
