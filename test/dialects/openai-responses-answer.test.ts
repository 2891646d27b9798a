import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../src/domain/errors.ts';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { MAIL, recordedRevealer, TRICK, ZOE } from './recorded-streams.ts';
import { responseOf } from './recorded-responses.ts';
import { asked, parsed } from './responses-requests.ts';
import { itemList } from './responses-saying.ts';

const REQUEST = parsed(asked({ stream: true }));
const JSON_REQUEST = parsed(asked({ text: { format: { type: 'json_object' } } }));
const SAID = '<PERSON_2> PERSON_2';
const MEANT = `${TRICK} ${TRICK}`;

function revealed(source: string, request = REQUEST): string {
  return openaiResponses.revealBody(source, recordedRevealer(), request).body;
}

function open() {
  return openaiResponses.createStreamReveal(recordedRevealer(), REQUEST);
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof CordonError ? error.code : String(error);
  }
}

test('values are restored in every type of item, wherever it says text, and nowhere else', (t) => {
  const echoes = (text: string) => ({
    instructions: [{ type: 'message', role: 'system', content: [{ type: 'input_text', text }] }],
    error: { code: 'server_error', message: text },
    tools: [{ type: 'function', name: 'f', description: text }],
    text: { format: { type: 'json_schema', name: 'x', schema: { description: text } } },
    prompt: { id: 'p', variables: { name: text } },
    previous_response_id: 'PERSON_1',
    new_field: { deep: [text] },
  });
  t.deepEqual(
    JSON.parse(revealed(JSON.stringify(responseOf(itemList(SAID), echoes(SAID))))),
    JSON.parse(JSON.stringify(responseOf(itemList(MEANT), echoes(MEANT)))),
  );
});

const PLACE = { sequence_number: 7, item_id: 'PERSON_1', output_index: 0 };
test('what a text held back leaves before its end, in an event of the same place, and numbers move on', (t) => {
  const reveal = open();
  const at = { item_id: 'msg_1', output_index: 1, content_index: 2 };
  const delta = (text: string, n: number) => ({
    type: 'response.output_text.delta',
    sequence_number: n,
    ...at,
    delta: text,
    logprobs: [],
  });
  const done = {
    type: 'response.output_text.done',
    sequence_number: 5,
    ...at,
    text: 'x <PERSON_1',
    logprobs: [],
  };
  t.deepEqual(reveal.push(JSON.stringify(delta('x <PERSON_1', 4))), [JSON.stringify(delta('x ', 4))]);
  t.deepEqual(
    reveal.push(JSON.stringify(done)).map((event) => JSON.parse(event) as unknown),
    [delta(`<${ZOE}`, 5), { ...done, sequence_number: 6, text: `x <${ZOE}` }],
  );
  t.deepEqual(reveal.push('{"type":"x","sequence_number":6}'), ['{"type":"x","sequence_number":7}']);
});

test('a text that another closes is left open', (t) => {
  const reveal = open();
  const delta = (index: number) =>
    JSON.stringify({ type: 'response.refusal.delta', output_index: 0, content_index: index, delta: '<PER' });
  reveal.push(delta(0));
  reveal.push(delta(1));
  const done = '{"type":"response.refusal.done","output_index":0,"content_index":1}';
  t.is(reveal.push(done).length, 2);
  t.is(reveal.push('{"type":"response.output_item.done","output_index":1}').length, 1);
  t.is(reveal.end().length, 1);
  t.is(reveal.end().length, 0);
});

test('the last event is kept to be sent once the record is durable, and nothing comes after it', (t) => {
  for (const type of ['response.completed', 'response.incomplete', 'response.failed']) {
    const reveal = open();
    reveal.push(JSON.stringify({ type: 'response.output_text.delta', ...PLACE, delta: 'PERSON_1' }));
    t.false(reveal.done);
    const data = JSON.stringify({ type, sequence_number: 8, response: responseOf([]) });
    const [held = ''] = reveal.push(data);
    t.is((JSON.parse(held) as { delta: string }).delta, ZOE);
    t.true(reveal.done);
    t.is(reveal.terminator, data.replace('"sequence_number":8', '"sequence_number":9'));
    t.deepEqual(reveal.usage, { promptTokens: 12, completionTokens: 34 });
    t.deepEqual(reveal.end(), []);
    t.is(
      codeOf(() => reveal.push(data)),
      'upstream_invalid',
    );
  }
});

test('log probabilities survive beside the text they are of, and no other', (t) => {
  const logprobs = [{ token: 'x', logprob: -0.1, bytes: [120], top_logprobs: [] }];
  const event = (text: string) =>
    JSON.stringify({ type: 'response.output_text.delta', ...PLACE, delta: text, logprobs });
  const reveal = open();
  t.deepEqual(reveal.push(event('x')), [event('x')]);
  t.true(reveal.push(event('<PERSON_1>'))[0]?.includes('"logprobs":[]'));
  const body = (text: string) =>
    JSON.stringify(responseOf([{ type: 'message', content: [{ type: 'output_text', logprobs, text }] }]));
  t.is(revealed(body('x')), body('x'));
  t.deepEqual(
    JSON.parse(revealed(body(SAID))),
    responseOf([{ type: 'message', content: [{ type: 'output_text', logprobs: [], text: MEANT }] }]),
  );
});

test('an answer asked for as JSON stays JSON, and what is said beside it is text', (t) => {
  const body = revealed(
    JSON.stringify(
      responseOf([
        { type: 'reasoning', content: [{ text: 'PERSON_1', type: 'reasoning_text' }] },
        { type: 'message', content: [{ text: '{"a":"<PERSON_1>"}', type: 'output_text' }] },
      ]),
    ),
    JSON_REQUEST,
  );
  const { output } = JSON.parse(body) as { output: { content: { text: string }[] }[] };
  t.is(output[0]?.content[0]?.text, ZOE);
  t.deepEqual(JSON.parse(output[1]?.content[0]?.text ?? ''), { a: ZOE });
});

test('an answer without placeholders is the same bytes', (t) => {
  const source =
    '{ "object" : "response","output":[ {"type":"message","content":[{"type":"output_text","text":"caf\\u00e9 <b>","logprobs":null}],"x":1.50e3} ],"usage":null }';
  t.is(revealed(source), source);
  const json = fc
    .json({ stringUnit: 'grapheme', maxDepth: 4 })
    .filter((text) => !/PERSON|EMAIL|LITERAL/i.test(text));
  fc.assert(
    fc.property(json, (value) => {
      const body = `{"output":[ ${value}],"x":${value} }`;
      t.is(revealed(body), body);
      const event = `{"type":"response.new", "x": ${value}}`;
      t.deepEqual(open().push(event), [event]);
    }),
  );
});

test('however a model cuts its text into tokens, the restored answer is the same', (t) => {
  const said =
    'Dear <PERSON_1> 😀, "PERSON_2" &lt;email address 1&gt; \\u003cPERSON_1\\u003e <PERSON_9> PERSON_1';
  const restored = `Dear ${ZOE} 😀, "${TRICK}" ${MAIL} ${ZOE} <PERSON_9> ${ZOE}`;
  const kinds = ['output_text', 'refusal', 'reasoning_text', 'code_interpreter_call_code', 'new_thing'];
  fc.assert(
    fc.property(fc.array(fc.nat(said.length), { maxLength: 30 }), fc.constantFrom(...kinds), (at, kind) => {
      const reveal = open();
      const ends = [0, ...at.sort((a, b) => a - b), said.length];
      const events = ends.slice(1).flatMap((end, i) =>
        reveal.push(
          JSON.stringify({
            type: `response.${kind}.delta`,
            sequence_number: i,
            output_index: 0,
            delta: said.slice(ends[i], end),
          }),
        ),
      );
      const closing = { type: `response.${kind}.done`, sequence_number: ends.length - 1, output_index: 0 };
      events.push(...reveal.push(JSON.stringify(closing)));
      const heard = events.map((event) => JSON.parse(event) as { delta?: string; sequence_number: number });
      t.is(heard.map(({ delta = '' }) => delta).join(''), restored);
      t.deepEqual(
        heard.map((event) => event.sequence_number),
        heard.map((_, i) => i),
      );
    }),
    { numRuns: 500 },
  );
});

test('what a runner may not send is upstream_invalid, and the error does not quote it', (t) => {
  for (const source of [
    '',
    '<html>Ada</html>',
    '"Ada"',
    '[]',
    '{"error":{"message":"Ada"}}',
    '{"output":"Ada"}',
    '{"output":[],"output":[]}',
    '{"output":[],"x":{"a":1,"a":"Ada"}}',
    `{"output":[${'['.repeat(1000)}`,
    `{"output":["Ada"${',""'.repeat(100_000)}]}`,
  ]) {
    const error = t.throws(() => revealed(source), { instanceOf: CordonError });
    t.is(error.code, 'upstream_invalid', source.slice(0, 80));
    t.false(JSON.stringify([error.message, Object.values(error)]).includes('Ada'));
  }
  for (const data of [
    '',
    '[DONE]',
    'null',
    '[]',
    '{"type":"x"',
    '{"type":"x","sequence_number":-1}',
    '{"type":"x","output_index":1.5}',
    '{"type":"x","type":"y"}',
  ]) {
    t.is(
      codeOf(() => open().push(data)),
      'upstream_invalid',
      data,
    );
  }
});

test('a runner cannot open texts without end', (t) => {
  const reveal = open();
  t.is(
    codeOf(() => {
      for (let i = 0; i < 10_000; i++) {
        reveal.push(JSON.stringify({ type: 'response.output_text.delta', output_index: i, delta: '<' }));
      }
    }),
    'upstream_invalid',
  );
});

test('an event that is none has no name', (t) => {
  for (const data of ['', 'x', '[]', '{}', '{"type":1}', '{"type":"a\\nid: 1"}']) {
    t.is(openaiResponses.eventName?.(data), undefined);
  }
});

test('an error event names what the vendor’s type names, and stops the vendor’s client', (t) => {
  const event = openaiResponses.errorEvent(new CordonError('upstream_timeout', 'Too slow.'), 'req-1');
  t.deepEqual(JSON.parse(event), {
    type: 'error',
    code: 'upstream_timeout',
    message: 'Too slow.',
    param: null,
    error: {
      message: 'Too slow.',
      type: 'server_error',
      code: 'upstream_timeout',
      param: null,
      request_id: 'req-1',
    },
  });
});
