import { Readable } from 'node:stream';

/**
 * The data of events as a Server-Sent Events body, pulled one at a time, so that a slow reader slows the source.
 * `onEnd` is called once the source has ended, whether it was read to its end, broken off or never begun. `nameOf`
 * names the event of some data, where clients go by names.
 */
export function createSseBody(
  events: AsyncGenerator<string, void, void>,
  onEnd?: () => void,
  nameOf: (data: string) => string | undefined = () => undefined,
): Readable {
  const body = Readable.from(frame(events, nameOf), { objectMode: true, highWaterMark: 1 });
  body.once('close', () => {
    // Ends the source even when nothing was ever read from it; resolves when its last record is written.
    void events.return().finally(onEnd);
  });
  return body;
}

/** Data never holds a line break here: it is a JSON text on one line or the terminator. Should one occur, it is split. */
async function* frame(
  events: AsyncGenerator<string, void, void>,
  nameOf: (data: string) => string | undefined,
): AsyncGenerator<string> {
  for await (const data of events) {
    const name = nameOf(data);
    const head = name === undefined ? '' : `event: ${name}\n`;
    yield `${head}data: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`;
  }
}
