import { Readable } from 'node:stream';

/**
 * The data of events as a Server-Sent Events body, pulled one at a time, so that a slow reader slows the source.
 * `onEnd` is called once the source has ended, whether it was read to its end, broken off or never begun.
 */
export function createSseBody(events: AsyncGenerator<string, void, void>, onEnd?: () => void): Readable {
  const body = Readable.from(frame(events), { objectMode: true, highWaterMark: 1 });
  body.once('close', () => {
    // Ends the source even when nothing was ever read from it; resolves when its last record is written.
    void events.return().finally(onEnd);
  });
  return body;
}

/** Data never holds a line break here: it is a JSON text on one line or the terminator. Should one occur, it is split. */
async function* frame(events: AsyncGenerator<string, void, void>): AsyncGenerator<string> {
  for await (const data of events) {
    yield data.includes('\n') ? `data: ${data.replaceAll('\n', '\ndata: ')}\n\n` : `data: ${data}\n\n`;
  }
}
