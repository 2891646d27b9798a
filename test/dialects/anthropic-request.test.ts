import test from 'ava';
import fc from 'fast-check';
import { anthropicCountTokens, anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { block, FULL_COUNT, FULL_MESSAGE, messages, parsed, refusalBy, SEAL } from './anthropic-requests.ts';

const FULL = JSON.stringify(FULL_MESSAGE, null, 2);

test('a request with every parameter, block and tool of the Anthropic reference is accepted', (t) => {
  const request = parsed(FULL);
  t.is(request.model, 'claude-sonnet-5');
  t.true(request.stream);
  t.is(request.answer, 'json');
  t.is(parsed(messages({})).answer, 'text');
});

test('a count of tokens takes what a request takes, but for what only an answer needs', (t) => {
  const request = anthropicCountTokens.parseRequest(JSON.stringify(FULL_COUNT));
  t.false(request.stream);
  t.true(request.slots.length > 50);
  for (const key of ['stream', 'max_tokens', 'metadata']) {
    const source = JSON.stringify({ ...FULL_COUNT, [key]: true });
    t.is(refusalBy(anthropicCountTokens, source), `shape_unknown /${key}`);
  }
});

test('every mention of a person in a message request is in a slot, wherever it stands', (t) => {
  const { slots } = parsed(FULL);
  const mentions = (text: string) => text.split('Ada Lovelace').length - 1;
  t.true(mentions(FULL) > 50);
  t.is(
    slots.reduce((sum, slot) => sum + mentions(slot.text), 0),
    mentions(FULL),
  );
  t.deepEqual(
    slots.filter((slot) => slot.kind === 'fixed' && slot.text.includes('Ada')).map((slot) => slot.pointer),
    [],
  );
});

test('rewriting every text of a message request leaves no trace of what it said', (t) => {
  const request = parsed(FULL);
  const body = request.build(request.slots.map((slot) => (slot.kind === 'fixed' ? slot.text : '<X_1>')));
  t.false(/Ada|ada@/.test(body));
  const rewritten = JSON.parse(body) as typeof FULL_MESSAGE;
  t.deepEqual(rewritten.tools[0]?.type, 'custom');
  t.true(body.includes(SEAL));
});

test('an untouched message request is built byte for byte as it came', (t) => {
  const text = fc.string({ unit: 'binary' }).filter((value) => !/\p{Surrogate}/u.test(value));
  const body = fc.record({
    model: fc.constant('m'),
    system: text,
    messages: fc.array(
      fc.record({
        role: fc.constantFrom('user', 'assistant'),
        content: fc.array(
          fc.oneof(
            fc.record({ type: fc.constant('text'), text }),
            fc.record({ type: fc.constant('tool_use'), input: fc.jsonValue({ stringUnit: 'grapheme' }) }),
          ),
        ),
      }),
    ),
  });
  fc.assert(
    fc.property(body, fc.constantFrom(undefined, 1), (value, indent) => {
      const source = JSON.stringify(value, null, indent);
      const request = parsed(source);
      t.is(request.build(request.slots.map((slot) => slot.text)), source);
    }),
    { numRuns: 300 },
  );
});

test('what a tool is called with is text, and its names are looked at', (t) => {
  const { slots } = parsed(
    block({ type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 'Ada', n: 4155550100 } }),
  );
  t.deepEqual(
    slots.map(({ pointer, kind, text }) => [pointer.replace('/messages/0/content/0', ''), kind, text]),
    [
      ['/model', 'fixed', 'm'],
      ['/id', 'fixed', 'toolu_1'],
      ['/name', 'fixed', 'f'],
      ['/input/a', 'fixed', 'a'],
      ['/input/a', 'text', 'Ada'],
      ['/input/n', 'fixed', 'n'],
      ['/input/n', 'fixed', '4155550100'],
    ],
  );
});

test('input given as JSON text is read as JSON, and one that hides what it says is refused', (t) => {
  const use = (input: string) => block({ type: 'tool_use', id: 't', name: 'f', input });
  const { slots } = parsed(use('{"to":"\\u0041da"}'));
  t.deepEqual(slots.at(-1), { pointer: '/messages/0/content/0/input#/to', kind: 'text', text: 'Ada' });
  t.is(refusalBy(anthropicMessages, use('{"to":"\\u0041da')), 'content_opaque /messages/0/content/0/input');
});

test('the id of a person is an identifier', (t) => {
  const { slots } = parsed(messages({ metadata: { user_id: 'ada' } }));
  t.deepEqual(slots.at(-1), { pointer: '/metadata/user_id', text: 'ada', kind: 'identifier' });
});

test('what the vendor signed passes unread, and what only pretends to be signed is looked at', (t) => {
  const slotsOf = (signature: string) =>
    parsed(block({ type: 'thinking', thinking: 'x', signature })).slots.filter((slot) =>
      slot.pointer.endsWith('/signature'),
    );
  t.deepEqual(slotsOf(SEAL), []);
  t.deepEqual(slotsOf(''), []);
  for (const pretended of ['ada@example.com', `${SEAL} Ada`, 'QWRhIExvdmVsYWNl', `${SEAL}4111111111111111`]) {
    t.deepEqual(
      slotsOf(pretended).map(({ kind, text }) => [kind, text]),
      [['fixed', pretended]],
    );
  }
});

for (const [title, source, refusal] of [
  ['text in the model', messages({ model: 'Ada Lovelace' }), 'shape_unknown /model'],
  ['an unknown parameter', messages({ secret_note: 'Ada' }), 'shape_unknown /secret_note'],
  ['no messages', '{"model":"m"}', 'shape_unknown /messages'],
  ['an unknown role', messages({ messages: [{ role: 'Ada' }] }), 'shape_unknown /messages/0/role'],
  ['a block of an unknown type', block({ type: 'Ada' }), 'shape_unknown /messages/0/content/0/type'],
  ['a block without a type', block({ text: 'Ada' }), 'shape_unknown /messages/0/content/0/type'],
  ['an unknown member', block({ type: 'text', note: 'Ada' }), 'shape_unknown /messages/0/content/0/note'],
  [
    'an image',
    block({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }),
    'content_opaque /messages/0/content/0/source/data',
  ],
  [
    'an image elsewhere',
    block({ type: 'image', source: { type: 'url', url: 'https://example.com/ada.png' } }),
    'content_opaque /messages/0/content/0/source/url',
  ],
  [
    'a PDF, whatever comes first',
    block({ type: 'document', source: { data: 'AAAA', type: 'base64' } }),
    'content_opaque /messages/0/content/0/source/data',
  ],
  [
    'a file',
    block({ type: 'document', source: { type: 'file', file_id: 'file_1' } }),
    'content_opaque /messages/0/content/0/source/file_id',
  ],
  [
    'a file behind a text',
    block({ type: 'document', source: { type: 'text', data: 'x', file_id: 'file_1' } }),
    'shape_unknown /messages/0/content/0/source/file_id',
  ],
  [
    'a file for the container',
    block({ type: 'container_upload', file_id: 'file_1' }),
    'content_opaque /messages/0/content/0/file_id',
  ],
  [
    'an image in a tool result',
    block({
      type: 'tool_result',
      tool_use_id: 't',
      content: [{ type: 'image', source: { type: 'base64' } }],
    }),
    'shape_unknown /messages/0/content/0/content/0/source/data',
  ],
  [
    'a server behind the proxy',
    messages({ mcp_servers: [{ type: 'url', url: 'https://mcp.example.com', name: 'x' }] }),
    'content_opaque /mcp_servers/0/type',
  ],
  ['a key given twice', '{"model":"m","messages":[],"model":"n"}', 'invalid_json '],
  ['a polluting key', '{"model":"m","messages":[],"__proto__":{"stream":true}}', 'shape_unknown /__proto__'],
  [
    'content without end',
    `{"model":"m","messages":[{"role":"user","content":${'['.repeat(9)}`,
    'shape_unknown /messages/0/content/0',
  ],
] as const) {
  test(`in a message request ${title} is refused`, (t) => {
    t.is(refusalBy(anthropicMessages, source), refusal);
  });
}

test('content nested without end is refused', (t) => {
  const open = '[{"type":"tool_result","content":'.repeat(1000);
  const source = `{"model":"m","messages":[{"role":"user","content":${open}"x"`;
  t.is(refusalBy(anthropicMessages, source), 'invalid_json ');
});
