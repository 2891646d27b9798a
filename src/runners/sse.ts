import { TextDecoder } from 'node:util';
import { createParser } from 'eventsource-parser';
import { CordonError } from '../domain/errors.ts';

export interface SseLimits {
  /** Longest line, and longest event, in bytes of UTF-8 or fewer. */
  readonly maxLineBytes: number;
  /** Longest silence between two pieces of the body. */
  readonly idleMs?: number;
}

export interface SseEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/**
 * Server-sent events (WHATWG HTML §9.2) out of a runner's body, one at a time: the body is not read further before
 * the events of its last piece are taken. Comments are dropped. However the iteration ends, the body is closed.
 * Throws `upstream_invalid` on bytes that are no UTF-8 and on overlong lines, `upstream_timeout` on silence; what
 * the body itself throws passes through.
 */
export async function* readSse(body: AsyncIterable<Uint8Array>, limits: SseLimits): AsyncGenerator<SseEvent> {
  const decode = createDecoder(limits.maxLineBytes);
  const pieces = body[Symbol.asyncIterator]();
  let pending = false;
  try {
    for (;;) {
      pending = true;
      const piece = await inTime(pieces.next(), limits.idleMs);
      pending = false;
      yield* decode(piece.done === true ? undefined : piece.value);
      if (piece.done === true) return;
    }
  } finally {
    const closed = pieces.return?.();
    // A body that is silent would keep us waiting for its end as well.
    if (pending) closed?.catch(() => undefined);
    else await closed;
  }
}

/** Bytes in, the events they complete out; undefined ends the stream. */
function createDecoder(maxLineBytes: number): (bytes: Uint8Array | undefined) => readonly SseEvent[] {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let events: SseEvent[] = [];
  let overlong = false;
  const parser = createParser({
    maxBufferSize: maxLineBytes,
    onEvent({ event, data }) {
      if (data.length > maxLineBytes) overlong = true;
      events.push({ event, data });
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') overlong = true;
    },
  });
  return (bytes) => {
    events = [];
    // Runners forget the blank line behind their last event, which the standard would have us drop.
    const text = bytes === undefined ? `${decoded(utf8, undefined)}\n\n` : decoded(utf8, bytes);
    parser.feed(text);
    if (overlong) throw invalid('an event is too long');
    return events;
  };
}

function decoded(utf8: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return bytes === undefined ? utf8.decode() : utf8.decode(bytes, { stream: true });
  } catch (cause) {
    throw invalid('the stream is not UTF-8', cause);
  }
}

function invalid(detail: string, cause?: unknown): CordonError {
  return new CordonError('upstream_invalid', 'The model runner sent a stream that cannot be read.', {
    detail,
    cause,
  });
}

async function inTime<T>(step: Promise<T>, idleMs: number | undefined): Promise<T> {
  if (idleMs === undefined) return step;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CordonError('upstream_timeout', 'The model runner stopped sending.'));
    }, idleMs);
  });
  try {
    return await Promise.race([step, silence]);
  } finally {
    clearTimeout(timer);
  }
}
