import { CordonError } from '../../src/domain/errors.ts';
import { type Dialect, type ParsedRequest, type Revealer } from '../../src/dialects/dialect.ts';
import { createSseBody } from '../../src/http/sse.ts';
import { readSse } from '../../src/runners/sse.ts';

export interface Call {
  readonly dialect: Dialect;
  readonly request: ParsedRequest;
  readonly revealer: Revealer;
}

const LIMITS = { maxLineBytes: 100_000 };

/** The source in pieces, each cut an offset; a runner's body is asynchronous, and this one has its pieces ready. */
export async function* cutAt(source: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of cuts) {
    yield await Promise.resolve(source.subarray(from, cut));
    from = cut;
  }
  yield source.subarray(from);
}

/** The data of the runner's own events. */
export async function dataOf(source: Uint8Array): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { data } of readSse(cutAt(source, []), LIMITS)) all.push(data);
  return all;
}

/** Data of restored events, as they come; an error is one more, named by its code. */
export async function* restored(
  { dialect, request, revealer }: Call,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, void> {
  const reveal = dialect.createStreamReveal(revealer, request);
  try {
    for await (const { data } of readSse(body, LIMITS)) {
      yield* reveal.push(data);
      if (reveal.done) break;
    }
    yield* reveal.end();
    yield reveal.done ? reveal.terminator : '"early"';
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    yield JSON.stringify(error.code);
  }
}

/** What the caller receives: decoded, restored and encoded as the product does it. */
export async function through(call: Call, body: AsyncIterable<Uint8Array>): Promise<string> {
  let heard = '';
  const encoded = createSseBody(restored(call, body), undefined, call.dialect.eventName);
  for await (const piece of encoded) heard += String(piece);
  return heard;
}

/** xorshift32: the numbers are random, and the same for the same seed. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
