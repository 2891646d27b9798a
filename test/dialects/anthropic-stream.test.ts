import test from 'ava';
import { type CordonError } from '../../src/domain/errors.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { createRevealer } from '../../src/redact/revealer.ts';
import { readSse } from '../../src/runners/sse.ts';
import { codeOf, requestFor } from './anthropic-requests.ts';
import { assembledMessage, MESSAGE_STREAMS, type RecordedMessages } from './anthropic-streams.ts';
import { MAIL, recordedRevealer, TRICK, ZOE } from './recorded-streams.ts';

const RANDOM_CUTS = 300;

async function* bodyOf(source: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of cuts) {
    yield await Promise.resolve(source.subarray(from, cut));
    from = cut;
  }
  yield source.subarray(from);
}

async function streamed(stream: RecordedMessages, cuts: readonly number[]): Promise<string[]> {
  const reveal = anthropicMessages.createStreamReveal(recordedRevealer(), requestFor(stream.answer));
  const out: string[] = [];
  for await (const { data } of readSse(bodyOf(Buffer.from(stream.source), cuts), { maxLineBytes: 100_000 })) {
    out.push(...reveal.push(data));
    if (reveal.done) break;
  }
  out.push(...reveal.end());
  return reveal.done ? [...out, reveal.terminator] : out;
}

/** xorshift32: the cuts are random and every run makes the same ones. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

for (const stream of MESSAGE_STREAMS) {
  const { length } = Buffer.from(stream.source);

  test(`messages, ${stream.title}: the stream restores every text`, async (t) => {
    const events = await streamed(stream, []);
    const result = assembledMessage(events);
    t.deepEqual(Object.keys(result).sort(), Object.keys(stream.restored).sort());
    for (const [place, text] of Object.entries(stream.restored)) {
      const restored = result[place] ?? '';
      if (place.endsWith('partial_json')) t.deepEqual(JSON.parse(restored), JSON.parse(text));
      else t.is(restored, text);
    }
    t.is(events.at(-1) === '{"type":"message_stop"}', stream.complete);
  });

  test(`messages, ${stream.title}: every cut into two pieces gives the same events`, async (t) => {
    const whole = await streamed(stream, []);
    for (let cut = 1; cut < length; cut++) {
      const events = await streamed(stream, [cut]);
      if (events.join('\n') !== whole.join('\n')) t.deepEqual(events, whole, `cut at ${cut}`);
    }
    t.true(whole.length > 5);
  });

  test(`messages, ${stream.title}: random cuts into many pieces give the same events`, async (t) => {
    const random = createRandom(length);
    const whole = await streamed(stream, []);
    for (let run = 0; run < RANDOM_CUTS; run++) {
      const cuts = Array.from({ length: 1 + random(200) }, () => random(length)).sort((a, b) => a - b);
      const events = await streamed(stream, cuts);
      if (events.join('\n') !== whole.join('\n')) t.deepEqual(events, whole, cuts.join());
    }
    t.true(whole.length > 5);
  });
}

const REQUEST = requestFor('text');

function opened(revealer = recordedRevealer()) {
  return anthropicMessages.createStreamReveal(revealer, REQUEST);
}

function delta(part: object, index = 0): string {
  return JSON.stringify({ type: 'content_block_delta', index, delta: part });
}

test('messages: however a model cuts its text into tokens, the restored answer is the same', (t) => {
  const text =
    '{"a": "<PERSON_1>, \\u003cEMAIL_ADDRESS_1\\u003e PERSON_2 &lt;PERSON_1&gt;", "<LITERAL_1>": "PERSON_1"}';
  for (const [type, name, escape] of [
    ['text_delta', 'text', 'none'],
    ['thinking_delta', 'thinking', 'none'],
    ['input_json_delta', 'partial_json', 'json'],
  ] as const) {
    const whole = recordedRevealer().reveal(text, escape);
    for (let cut = 0; cut <= text.length; cut++) {
      const reveal = opened();
      const events = [
        ...reveal.push(delta({ type, [name]: text.slice(0, cut) })),
        ...reveal.push(delta({ type, [name]: text.slice(cut) })),
        ...reveal.push('{"type":"content_block_stop","index":0}'),
      ];
      t.is(assembledMessage(events)[`0.${name}`], whole);
    }
  }
});

test('messages: held-back text leaves before its block stops, and in no other block', (t) => {
  const reveal = opened();
  t.deepEqual(reveal.push(delta({ type: 'text_delta', text: 'x <PERSON_1' })), [
    delta({ type: 'text_delta', text: 'x ' }),
  ]);
  t.deepEqual(reveal.push('{"type":"content_block_stop","index":1}'), [
    '{"type":"content_block_stop","index":1}',
  ]);
  t.deepEqual(reveal.push('{"type":"content_block_stop","index":0}'), [
    delta({ type: 'text_delta', text: `<${ZOE}` }),
    '{"type":"content_block_stop","index":0}',
  ]);
  t.deepEqual(reveal.end(), []);
});

test('messages: thinking is said whole before its signature', (t) => {
  const reveal = opened();
  reveal.push(delta({ type: 'thinking_delta', thinking: 'It is PERSON_1' }));
  const signature = delta({ type: 'signature_delta', signature: 'PERSON_1' });
  t.deepEqual(reveal.push(signature), [delta({ type: 'thinking_delta', thinking: ZOE }), signature]);
});

test('messages: the last event is held for the caller of the reveal, as it came', (t) => {
  const reveal = opened();
  reveal.push(delta({ type: 'text_delta', text: '<PERSON_1' }));
  const last = '{"type":"message_stop", "metrics":{"ms":12}}';
  t.deepEqual(reveal.push(last), [delta({ type: 'text_delta', text: `<${ZOE}` })]);
  t.true(reveal.done);
  t.is(reveal.terminator, last);
  t.deepEqual(reveal.end(), []);
  t.is(
    codeOf(() => reveal.push(last)),
    'upstream_invalid',
  );
});

test('messages: tokens are counted from the first event and the last, cached ones included', (t) => {
  const reveal = opened();
  const usage = {
    input_tokens: 12,
    cache_creation_input_tokens: 5,
    cache_read_input_tokens: 30,
    output_tokens: 1,
  };
  reveal.push(JSON.stringify({ type: 'message_start', message: { content: [], usage } }));
  t.deepEqual(reveal.usage, { promptTokens: 47, completionTokens: 1 });
  reveal.push(
    JSON.stringify({ type: 'message_delta', delta: {}, usage: { input_tokens: null, output_tokens: 34 } }),
  );
  t.deepEqual(reveal.usage, { promptTokens: 47, completionTokens: 34 });
});

test('messages: events without placeholders pass byte for byte, unknown ones and all', (t) => {
  const reveal = opened();
  for (const data of [
    '{"type" : "ping"}',
    '{"type":"content_block_delta","index":0,"delta":{"type":"new_delta","new":"x","n":1.0}}',
    '{"type":"future_event","text":"\\u00e9 <PERSON_9>","seed":12345678901234567890}',
  ]) {
    t.deepEqual(reveal.push(data), [data]);
  }
});

test('messages: texts of unknown deltas and events are restored too', (t) => {
  const reveal = opened();
  t.deepEqual(
    [
      ...reveal.push(delta({ type: 'new_delta', new: 'to <PERSON' })),
      ...reveal.push(delta({ type: 'new_delta', new: '_2> x' })),
      ...reveal.push('{"type":"future_event","note":{"to":"EMAIL_ADDRESS_1"}}'),
    ],
    [
      delta({ type: 'new_delta', new: 'to ' }),
      delta({ type: 'new_delta', new: `${TRICK} x` }),
      `{"type":"future_event","note":{"to":"${MAIL}"}}`,
    ],
  );
});

test('messages: an error of the vendor inside a stream ends it with a code of ours and none of its words', (t) => {
  for (const [type, code] of [
    ['overloaded_error', 'upstream_unavailable'],
    ['rate_limit_error', 'too_many_requests'],
    ['api_error', 'upstream_error'],
    ['Ada Lovelace', 'upstream_error'],
  ] as const) {
    const data = JSON.stringify({ type: 'error', error: { type, message: 'Ada Lovelace' } });
    const error = t.throws<CordonError>(() => opened().push(data));
    t.is(error.code, code);
    t.false(JSON.stringify([error.message, error.detail]).includes('Ada'));
  }
});

test('messages: what is no event is refused', (t) => {
  for (const data of [
    '',
    '[DONE]',
    '[]',
    '{}',
    '{"type":5}',
    '{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}',
    '{"type":"content_block_delta","index":-1,"delta":{}}',
    '{"type":"ping","type":"message_stop"}',
  ]) {
    t.is(
      codeOf(() => opened().push(data)),
      'upstream_invalid',
      data,
    );
  }
});

test('messages: a stream that opens texts without end is refused', (t) => {
  const reveal = opened();
  t.is(
    codeOf(() => {
      for (let index = 0; index < 10_000; index++)
        reveal.push(delta({ type: 'text_delta', text: '<' }, index));
    }),
    'upstream_invalid',
  );
});

test('messages: a call that protected nothing passes every event as it came', (t) => {
  const reveal = opened(createRevealer(new Map(), []));
  const data = delta({ type: 'text_delta', text: '<PERSON_1' });
  t.deepEqual(reveal.push(data), [data]);
});

test('messages: events are named after their type, unless the name could break out of its line', (t) => {
  const name = (data: string) => anthropicMessages.eventName?.(data);
  t.is(name('{"type":"message_stop"}'), 'message_stop');
  t.is(name('{"index":0, "type":"content_block_delta"}'), 'content_block_delta');
  t.is(name('{"type":"ping\\ndata: {}"}'), undefined);
  t.is(name('{"type":5}'), undefined);
  t.is(name('null'), undefined);
  t.is(name('[DONE]'), undefined);
});
