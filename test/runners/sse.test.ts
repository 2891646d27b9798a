import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../src/domain/errors.ts';
import { readSse, type SseEvent, type SseLimits } from '../../src/runners/sse.ts';

const LIMITS: SseLimits = { maxLineBytes: 1024 * 1024 };

interface Body extends AsyncIterable<Uint8Array> {
  closed: boolean;
  taken: number;
}

function bodyOf(pieces: readonly (Uint8Array | string)[]): Body {
  const body: Body = {
    closed: false,
    taken: 0,
    async *[Symbol.asyncIterator]() {
      try {
        for (const piece of pieces) {
          await Promise.resolve();
          body.taken++;
          yield typeof piece === 'string' ? Buffer.from(piece) : piece;
        }
      } finally {
        body.closed = true;
      }
    },
  };
  return body;
}

async function eventsOf(body: AsyncIterable<Uint8Array>, limits: SseLimits = LIMITS): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const event of readSse(body, limits)) events.push(event);
  return events;
}

async function codeOf(read: Promise<unknown>): Promise<string | undefined> {
  try {
    await read;
    return undefined;
  } catch (error) {
    return error instanceof CordonError ? error.code : String(error);
  }
}

test('events come with their names and data, and comments do not come', async (t) => {
  const body = bodyOf([
    ': ping\n\nevent: delta\ndata: {"a":1}\n\ndata: one\ndata: two\n\nid: 7\nretry: 5\ndata:x\n\n',
  ]);
  t.deepEqual(await eventsOf(body), [
    { event: 'delta', data: '{"a":1}' },
    { event: undefined, data: 'one\ntwo' },
    { event: undefined, data: 'x' },
  ]);
  t.true(body.closed);
});

test('however the bytes are cut, the events are the same', async (t) => {
  const source = Buffer.from('\ufeffdata: Zoë 😀\r\n\r\n: ping\n\nevent: x\rdata: 你好\r\rdata: [DONE]\n\n');
  const whole = [
    { event: undefined, data: 'Zoë 😀' },
    { event: 'x', data: '你好' },
    { event: undefined, data: '[DONE]' },
  ];
  for (let cut = 0; cut <= source.length; cut++) {
    t.deepEqual(await eventsOf(bodyOf([source.subarray(0, cut), source.subarray(cut)])), whole, String(cut));
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(source.length)), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), source.length];
      t.deepEqual(await eventsOf(bodyOf(at.slice(1).map((end, i) => source.subarray(at[i], end)))), whole);
    }),
    { numRuns: 500 },
  );
});

test('a last event without its blank line still comes', async (t) => {
  for (const end of ['', '\n', '\r\n']) {
    t.deepEqual(await eventsOf(bodyOf([`data: [DONE]${end}`])), [{ event: undefined, data: '[DONE]' }]);
  }
});

test('bytes that are no UTF-8 are refused, also when the stream ends inside a character', async (t) => {
  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
    const body = bodyOf(['data: ', Uint8Array.from(bytes)]);
    t.is(await codeOf(eventsOf(body)), 'upstream_invalid');
    t.true(body.closed);
  }
});

test('an overlong line, event or run of lines is refused, in one piece or in many', async (t) => {
  const limits = { maxLineBytes: 1000 };
  const long = `data: ${'x'.repeat(2000)}`;
  for (const pieces of [
    [`${long}\n\n`],
    Array.from(long),
    [long],
    ['data: x\n'.repeat(2000)],
    Array.from({ length: 2000 }, () => 'data: x\n'),
    [`:${'x'.repeat(2000)}`],
  ]) {
    const body = bodyOf(pieces);
    t.is(await codeOf(eventsOf(body, limits)), 'upstream_invalid');
    t.true(body.closed);
  }
  t.is((await eventsOf(bodyOf([`data: ${'x'.repeat(900)}\n\n`]), limits)).length, 1);
});

test('a ten megabyte line in small pieces is refused before it is kept', async (t) => {
  const body = bodyOf(Array.from({ length: 10_240 }, () => 'x'.repeat(1024)));
  t.is(await codeOf(eventsOf(body)), 'upstream_invalid');
  t.true(body.taken < 1100);
});

test('the body is read only as far as its events are taken, and closed when the taker leaves', async (t) => {
  const body = bodyOf(['data: 1\n\ndata: 2\n\n', 'data: 3\n\n', 'data: 4\n\n']);
  for await (const { data } of readSse(body, LIMITS)) {
    t.is(body.taken, data === '3' ? 2 : 1);
    if (data === '3') break;
  }
  t.is(body.taken, 2);
  t.true(body.closed);
});

test('what the body throws passes through', async (t) => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('data: 1\n\n');
    await Promise.reject(new CordonError('upstream_error', 'reset'));
  }
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { data } of readSse(broken(), LIMITS)) seen.push(data);
  })();
  t.is(await codeOf(reading), 'upstream_error');
  t.deepEqual(seen, ['1']);
});

test('a silent body is given up, without waiting for it to close', async (t) => {
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('data: 1\n\n');
    await new Promise(() => undefined);
  }
  t.is(await codeOf(eventsOf(silent(), { ...LIMITS, idleMs: 20 })), 'upstream_timeout');
});

test('a slow body that keeps talking is not given up', async (t) => {
  async function* slow(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 5; i++) {
      await delay(5);
      yield Buffer.from(': ping\n\n');
    }
    yield Buffer.from('data: 1\n\n');
  }
  t.is((await eventsOf(slow(), { ...LIMITS, idleMs: 5000 })).length, 1);
});
