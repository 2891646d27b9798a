import test from 'ava';
import { anthropicCountTokens, anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { codeOf, requestFor } from './anthropic-requests.ts';
import { MAIL, recordedRevealer, TRICK, ZOE } from './recorded-streams.ts';

const REQUEST = requestFor('text');

const MESSAGE = {
  id: 'msg_PERSON_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [
    { type: 'thinking', thinking: 'PERSON_1?', signature: '<PERSON_1>' },
    {
      type: 'text',
      text: 'Dear <PERSON_1>',
      citations: [{ type: 'char_location', cited_text: '<PERSON_2>' }],
    },
    {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'send',
      input: { to: '<EMAIL_ADDRESS_1>', id: '<PERSON_1>', '<PERSON_2>': [{ type: 'PERSON_1' }], n: 1 },
    },
  ],
  stop_reason: 'end_turn',
  stop_sequence: '<EMAIL_ADDRESS_1>',
  usage: { input_tokens: 3, output_tokens: 4 },
};

test('messages: a whole answer comes back restored, with signature, ids and names as they came', (t) => {
  const source = JSON.stringify(MESSAGE);
  const { body, usage } = anthropicMessages.revealBody(source, recordedRevealer(), REQUEST);
  t.deepEqual(usage, { promptTokens: 3, completionTokens: 4 });
  t.deepEqual(JSON.parse(body), {
    ...MESSAGE,
    content: [
      { type: 'thinking', thinking: `${ZOE}?`, signature: '<PERSON_1>' },
      { type: 'text', text: `Dear ${ZOE}`, citations: [{ type: 'char_location', cited_text: TRICK }] },
      {
        type: 'tool_use',
        id: 'toolu_1',
        name: 'send',
        input: { to: MAIL, id: ZOE, [TRICK]: [{ type: ZOE }], n: 1 },
      },
    ],
    stop_sequence: MAIL,
  });
});

test('messages: an answer asked for as JSON stays JSON, and so does input given as text', (t) => {
  const content = [
    { type: 'text', text: '{"name": "<PERSON_1>"}' },
    { type: 'tool_use', id: 't', name: 'f', input: '{"name": "<PERSON_1>"}' },
  ];
  const { body } = anthropicMessages.revealBody(
    JSON.stringify({ ...MESSAGE, content }),
    recordedRevealer(),
    requestFor('json'),
  );
  const [said, called] = (JSON.parse(body) as { content: { text?: string; input?: string }[] }).content;
  t.deepEqual(JSON.parse(said?.text ?? ''), { name: ZOE });
  t.deepEqual(JSON.parse(called?.input ?? ''), { name: ZOE });
});

test('messages: what is no message is refused', (t) => {
  for (const source of ['', '{}', '[]', '{"type":"error","error":{}}', '{"content":"x"}', '{"content":[]']) {
    t.is(
      codeOf(() => anthropicMessages.revealBody(source, recordedRevealer(), REQUEST)),
      'upstream_invalid',
      source,
    );
  }
});

test('messages: a count of tokens passes as it came and must be one', (t) => {
  const source = '{"input_tokens": 2095}';
  t.is(anthropicCountTokens.revealBody(source, recordedRevealer(), REQUEST).body, source);
  for (const wrong of ['{}', '{"input_tokens":"x"}', '[]', '5', '{"input_tokens":1']) {
    t.is(
      codeOf(() => anthropicCountTokens.revealBody(wrong, recordedRevealer(), REQUEST)),
      'upstream_invalid',
    );
  }
});
