import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../src/domain/errors.ts';
import { type StreamReveal } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { createRevealer } from '../../src/redact/revealer.ts';
import { assembled } from './assembled.ts';
import { FORGED, MAIL, recordedRevealer, TRICK, ZOE } from './recorded-streams.ts';
import { chat } from './requests.ts';

const REQUEST = openaiChat.parseRequest(chat({ stream: true }));

function open(revealer = recordedRevealer()): StreamReveal {
  return openaiChat.createStreamReveal(revealer, REQUEST);
}

function chunk(delta: object, rest: object = {}): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm-1',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  });
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof CordonError ? error.code : String(error);
  }
}

test('held-back text leaves before the finish of its choice, in a chunk of the same answer', (t) => {
  const reveal = open();
  t.deepEqual(reveal.push(chunk({ content: 'x <PERSON_1' })), [chunk({ content: 'x ' })]);
  const finish = chunk({}, { finish_reason: 'stop' });
  t.deepEqual(reveal.push(finish), [chunk({ content: `<${ZOE}` }), finish]);
  t.deepEqual(reveal.push('[DONE]'), []);
});

test('held-back text joins the finish when that still adds to it', (t) => {
  const reveal = open();
  reveal.push(chunk({ content: '<PERS' }));
  t.deepEqual(reveal.push(chunk({ content: 'ON_1' }, { finish_reason: 'stop' })), [
    chunk({ content: `<${ZOE}` }, { finish_reason: 'stop' }),
  ]);
});

test('a text given twice in one event keeps its order when the choice finishes', (t) => {
  const reveal = open();
  const calls = ['{"a":"<PER', 'SON_1>", "b":"PERSON_1'].map((text) => ({
    index: 0,
    function: { arguments: text },
  }));
  const events = reveal.push(chunk({ tool_calls: calls }, { finish_reason: 'tool_calls' }));
  const name = JSON.stringify(ZOE).slice(1, -1);
  t.is(assembled(events)['0.tool_calls.0'], `{"a":"${name}", "b":"${name}`);
});

test('held-back arguments leave in a chunk that names their call', (t) => {
  const reveal = open();
  reveal.push(
    chunk({ tool_calls: [{ index: 3, id: 'c', function: { name: 'f', arguments: '"<PERSON_1' } }] }),
  );
  const [held = ''] = reveal.end();
  t.deepEqual(
    JSON.parse(held),
    JSON.parse(
      chunk({ tool_calls: [{ index: 3, function: { arguments: `<${JSON.stringify(ZOE).slice(1, -1)}` } }] }),
    ),
  );
  t.deepEqual(reveal.end(), []);
});

test('an event without placeholders passes byte for byte, unknown fields and all', (t) => {
  const reveal = open();
  for (const data of [
    '{ "id":"x", "choices" : [ {"index":0 ,"delta":{"content":"caf\\u00e9 1.0","x":1.50}, "new":[1e3,null]} ], "y":"<" }',
    '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}',
    '{"error":{"message":"overloaded","code":529}}',
    '{"type":"ping"}',
    chunk({ role: 'assistant' }),
    chunk({}, { finish_reason: '' }),
    JSON.stringify({ choices: [{ index: 0, delta: null, finish_reason: null }] }),
    JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop' }] }),
  ]) {
    t.deepEqual(reveal.push(data), [data]);
  }
  t.deepEqual(reveal.usage, { promptTokens: 3, completionTokens: 4 });
});

test('strings beside the choices, and in events of another kind, are texts', (t) => {
  t.deepEqual(open().push('{"error":{"message":"overloaded <EMAIL_ADDRESS_1>","code":529}}'), [
    `{"error":{"message":"overloaded ${MAIL}","code":529}}`,
  ]);
  t.deepEqual(
    open().push('{"choices":[],"citations":["by <EMAIL_ADDRESS_1>"],"model":"<EMAIL_ADDRESS_1>"}'),
    [`{"choices":[],"citations":["by ${MAIL}"],"model":"<EMAIL_ADDRESS_1>"}`],
  );
});

test('strings under unknown names are restored too, in place', (t) => {
  const reveal = open();
  const data = chunk(
    { thoughts: { draft: '<PERSON_2>' }, notes: ['<PERSON_2>', '<PERS'] },
    { comment: 'PERSON_2' },
  );
  t.deepEqual(reveal.push(data), [
    chunk({ thoughts: { draft: TRICK }, notes: [TRICK, '<PERS'] }, { comment: TRICK }),
  ]);
});

test('structure is never rewritten', (t) => {
  const reveal = open();
  const data = chunk({
    role: '<PERSON_1>',
    tool_calls: [{ index: 0, id: '<PERSON_1>', type: '<PERSON_1>', function: { name: '<PERSON_1>' } }],
    audio: { id: '<PERSON_1>', data: '<PERSON_1>' },
  });
  t.deepEqual(reveal.push(data), [data]);
});

test('a call without an index is whole, so nothing of it is held back', (t) => {
  const reveal = open();
  const data = (text: string) =>
    chunk({ tool_calls: [{ id: 'c', function: { name: 'f', arguments: text } }] });
  t.deepEqual(reveal.push(data('{"a":"<EMAIL_ADDRESS_1>"} <')), [data(`{"a":"${MAIL}"} <`)]);
  t.deepEqual(reveal.end(), []);
});

test('what a content in parts says grows part by part, and an address among them is whole', (t) => {
  const said = (text: string): string => chunk({ content: [{ type: 'text', text }] });
  const image = (url: string): string => chunk({ content: [{ type: 'image_url', image_url: { url } }] });
  const reveal = open();
  t.deepEqual(reveal.push(said('x <PERS')), [said('x ')]);
  t.deepEqual(reveal.push(said('ON_1> y <PER')), [said(`${ZOE} y `)]);
  t.deepEqual(reveal.push(image('https://x.example/<PERS')), [image('https://x.example/<PERS')]);
  const finish = chunk({}, { finish_reason: 'stop' });
  t.deepEqual(reveal.push(finish), [said('<PER'), finish]);
});

test('reasoning details keep their kind in each event, whatever of their text is held back', (t) => {
  const details = (text: string): string =>
    chunk({ reasoning_details: [{ type: 'reasoning.text', text, format: 'PERSON', index: 0 }] });
  const reveal = open();
  t.deepEqual(reveal.push(details('x <PERS')), [details('x ')]);
  t.deepEqual(reveal.push(details('ON_1>')), [details(ZOE)]);
});

test('log probabilities survive beside the text they are of, and no other', (t) => {
  const reveal = open();
  const logprobs = { content: [{ token: 'x', logprob: -0.1, bytes: [120], top_logprobs: [] }] };
  const same = chunk({ content: 'x' }, { logprobs });
  t.deepEqual(reveal.push(same), [same]);
  for (const text of ['<PER', 'SON_1>']) {
    const [event = ''] = reveal.push(chunk({ content: text }, { logprobs }));
    t.true(event.includes('"logprobs":null'));
  }
});

test('what a runner may not send is upstream_invalid', (t) => {
  for (const data of [
    '',
    'null',
    '[]',
    '"x"',
    '{"id":',
    '{"choices":{}}',
    '{"choices":[1]}',
    '{"choices":null}',
    '{"choices":[{"index":-1}]}',
    '{"choices":[{"index":1.5}]}',
    '{"choices":[{"index":"0"}]}',
    '{"choices":[{"delta":"x"}]}',
    '{"choices":[{"delta":[]}]}',
    '{"choices":[{"finish_reason":7}]}',
    '{"choices":[],"choices":[]}',
    `{"choices":[{"delta":{"x":${'['.repeat(1000)}`,
    ' [DONE]',
  ]) {
    t.is(
      codeOf(() => open().push(data)),
      'upstream_invalid',
      data,
    );
  }
});

test('nothing comes after the end of the stream', (t) => {
  const reveal = open();
  t.false(reveal.done);
  reveal.push('[DONE]');
  t.true(reveal.done);
  t.is(
    codeOf(() => reveal.push(chunk({ content: 'x' }))),
    'upstream_invalid',
  );
});

test('a runner cannot open texts without end', (t) => {
  const reveal = open();
  t.is(
    codeOf(() => {
      for (let i = 0; i < 10_000; i++) reveal.push(chunk({ [`field${i}`]: '<' }));
    }),
    'upstream_invalid',
  );
});

test('a call that protected nothing passes every event as it came', (t) => {
  const reveal = open(createRevealer(new Map(), []));
  for (const text of ['<', '<PERSON_1', 'PERSON_1>']) {
    t.deepEqual(reveal.push(chunk({ content: text })), [chunk({ content: text })]);
  }
  t.deepEqual(reveal.end(), []);
});

test('however a model cuts its text into tokens, the restored answer is the same', (t) => {
  const said = `Dear <PERSON_1> 😀, "PERSON_2" &lt;email address 1&gt; \\u003cPERSON_1\\u003e <LITERAL_1> <PERSON_9>`;
  const restored = `Dear ${ZOE} 😀, "${TRICK}" ${MAIL} ${ZOE} ${FORGED} <PERSON_9>`;
  const cuts = fc.array(fc.nat(said.length), { maxLength: 30 });
  fc.assert(
    fc.property(
      cuts,
      fc.constantFrom('content', 'refusal', 'reasoning', 'reasoning_content'),
      (at, field) => {
        const reveal = open();
        const ends = [0, ...at.sort((a, b) => a - b), said.length];
        const events = ends
          .slice(1)
          // A cut inside a character leaves half of it in each event, as some runners send it.
          .flatMap((end, i) => reveal.push(chunk({ [field]: said.slice(ends[i], end) })));
        events.push(...reveal.push(chunk({}, { finish_reason: 'stop' })), ...reveal.end());
        t.deepEqual(assembled(events), { [`0.${field}`]: restored });
      },
    ),
    { numRuns: 1000 },
  );
});
