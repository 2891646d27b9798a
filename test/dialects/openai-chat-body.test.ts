import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../src/domain/errors.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { MAIL, recordedRevealer, TRICK, ZOE } from './recorded-streams.ts';
import { chat } from './requests.ts';

const REQUEST = openaiChat.parseRequest(chat({}));
const JSON_REQUEST = openaiChat.parseRequest(
  chat({ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }),
);

function answer(message: object, rest: object = {}): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...rest }],
    usage: { prompt_tokens: 5, completion_tokens: 7 },
  });
}

function revealed(source: string, request = REQUEST): string {
  return openaiChat.revealBody(source, recordedRevealer(), request).body;
}

test('values are restored wherever a model writes text', (t) => {
  const said = '<PERSON_1>, <PERSON_2>';
  const meant = `${ZOE}, ${TRICK}`;
  const message = (text: string) => ({
    content: text,
    refusal: text,
    reasoning: text,
    reasoning_content: text,
    audio: { id: 'a', data: 'AAAA', transcript: text },
    annotations: [{ type: 'url_citation', url_citation: { title: text, url: text } }],
    tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: text } }],
    new_field: { deep: [text] },
  });
  t.deepEqual(JSON.parse(revealed(answer(message(said)))), JSON.parse(answer(message(meant))));
});

test('arguments stay valid JSON, whatever the value holds', (t) => {
  const source = answer({
    function_call: { name: 'f', arguments: '{"a": "<PERSON_1>"}' },
    tool_calls: [
      {
        id: 'c',
        type: 'function',
        function: { name: 'f', arguments: '{"a": "\\u003cPERSON_1\\u003e", "n": 1.0}' },
      },
    ],
  });
  const { choices } = JSON.parse(revealed(source)) as {
    choices: {
      message: { function_call: { arguments: string }; tool_calls: { function: { arguments: string } }[] };
    }[];
  };
  const message = choices[0]?.message;
  t.deepEqual(JSON.parse(message?.function_call.arguments ?? ''), { a: ZOE });
  t.deepEqual(JSON.parse(message?.tool_calls[0]?.function.arguments ?? ''), { a: ZOE, n: 1 });
  t.true(message?.tool_calls[0]?.function.arguments.includes('"n": 1.0'));
});

test('an answer asked for as JSON stays JSON, and one asked for as text is text', (t) => {
  const source = answer({ content: '{"name": "<PERSON_1>"}' });
  const content = (body: string) =>
    (JSON.parse(body) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '';
  t.deepEqual(JSON.parse(content(revealed(source, JSON_REQUEST))), { name: ZOE });
  t.is(content(revealed(source)), `{"name": "${ZOE}"}`);
  const parts = revealed(
    answer({ content: [{ type: 'text', text: '{"name": "<PERSON_1>"}' }] }),
    JSON_REQUEST,
  );
  const { choices } = JSON.parse(parts) as { choices: { message: { content: { text: string }[] } }[] };
  t.deepEqual(JSON.parse(choices[0]?.message.content[0]?.text ?? ''), { name: ZOE });
});

test('structure and everything around the choices stays byte for byte', (t) => {
  const source =
    '{ "id" : "<PERSON_1>", "choices":[ {"message":{"role":"<PERSON_1>","content":"<EMAIL_ADDRESS_1>" , "x":1.0}} ], "model":"<PERSON_1>" }';
  t.is(revealed(source), source.replace('"<EMAIL_ADDRESS_1>"', JSON.stringify(MAIL)));
});

test('an answer without placeholders is the same bytes', (t) => {
  const json = fc
    .json({ stringUnit: 'grapheme', maxDepth: 4 })
    .filter((text) => !/[<[]?(?:PERSON|LITERAL)/i.test(text));
  fc.assert(
    fc.property(json, json, fc.boolean(), (a, b, ascii) => {
      const plain = `{"a":${a},"choices":[{"index":0,"message":{"content":"x","more":${b}}} ]}`;
      const source = ascii
        ? plain.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : plain;
      t.is(revealed(source), source);
    }),
  );
});

test('log probabilities go when their text changed and stay when it did not', (t) => {
  const logprobs = { content: [{ token: 'x', logprob: -0.1 }] };
  t.true(revealed(answer({ content: 'x' }, { logprobs })).includes('"logprob":-0.1'));
  const changed = revealed(answer({ content: '<PERSON_1>' }, { logprobs }));
  t.true(changed.includes('"logprobs":null'));
  // Also when they stand before the message.
  const early = `{"choices":[{"logprobs":{"content":[]},"message":{"content":"<EMAIL_ADDRESS_1>"}}]}`;
  t.is(revealed(early), `{"choices":[{"logprobs":null,"message":{"content":"${MAIL}"}}]}`);
});

test('placeholders the model invented stay as they are', (t) => {
  const source = answer({ content: '<PERSON_3> <LOCATION_1> [PERSON] <PERSON_#00ff>' });
  t.is(revealed(source), source);
});

test('usage is read, and missing usage is no error', (t) => {
  const usageOf = (source: string) => openaiChat.revealBody(source, recordedRevealer(), REQUEST).usage;
  t.deepEqual(usageOf(answer({ content: 'x' })), { promptTokens: 5, completionTokens: 7 });
  const none = { promptTokens: undefined, completionTokens: undefined };
  t.deepEqual(usageOf('{"choices":[]}'), none);
  t.deepEqual(usageOf('{"choices":[],"usage":null}'), none);
  t.deepEqual(usageOf('{"choices":[],"usage":{"prompt_tokens":"many"}}'), none);
  t.deepEqual(usageOf('{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1e999}}'), none);
});

test('what is no chat completion is upstream_invalid, and the error does not quote it', (t) => {
  for (const source of [
    '',
    '<html>Ada</html>',
    '"Ada"',
    '{"error":{"message":"Ada"}}',
    '{"choices":"Ada"}',
    '{"choices":[{"text":"Ada"}]}',
    '{"choices":[{"message":null}]}',
    '{"choices":[{"message":{"content":"Ada","content":"b"}}]}',
    `{"choices":[{"message":{"content":["Ada"${',""'.repeat(100_000)}]}}]}`,
    `{"choices":[{"message":{"content":"Ada"}}${',{"message":{"content":"Ada"}}'.repeat(100_000)}]}`,
    `{"choices":[{"message":{"content":${'['.repeat(1000)}Ada`,
  ]) {
    const error = t.throws(() => revealed(source), { instanceOf: CordonError });
    t.is(error.code, 'upstream_invalid', source);
    t.false(JSON.stringify([error.message, Object.values(error)]).includes('Ada'));
  }
});

test('an error event has the shape of the dialect', (t) => {
  const event = openaiChat.errorEvent(new CordonError('upstream_timeout', 'Too slow.'), 'req-1');
  t.deepEqual(JSON.parse(event), {
    error: {
      message: 'Too slow.',
      type: 'server_error',
      code: 'upstream_timeout',
      param: null,
      request_id: 'req-1',
    },
  });
  const refused = openaiChat.errorEvent(
    new CordonError('entity_blocked', 'No.', { param: '/messages/0' }),
    'r',
  );
  t.deepEqual(JSON.parse(refused), {
    error: {
      message: 'No.',
      type: 'permission_error',
      code: 'entity_blocked',
      param: '/messages/0',
      request_id: 'r',
    },
  });
});
