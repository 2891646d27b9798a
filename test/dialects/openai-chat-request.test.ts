import test from 'ava';
import fc from 'fast-check';
import { LIMITS } from '../../src/domain/limits.ts';
import { chat, FULL_REQUEST, message, parsed, refusalOf } from './requests.ts';

const FULL = JSON.stringify(FULL_REQUEST, null, 2);

function slotAt(source: string, pointer: string): string[] {
  return parsed(source)
    .slots.filter((slot) => slot.pointer === pointer)
    .map((slot) => `${slot.kind}:${slot.text}`);
}

test('a request with every parameter of the OpenAI reference is accepted', (t) => {
  const request = parsed(FULL);
  t.is(request.model, 'gpt-5.1');
  t.true(request.stream);
  t.is(request.answer, 'json');
});

test('a request says whether its answer must be JSON, in the words of any runner', (t) => {
  for (const [members, answer] of [
    [{}, 'text'],
    [{ response_format: { type: 'text' } }, 'text'],
    [{ response_format: { type: 'json_object' } }, 'json'],
    [{ guided_json: { type: 'object' } }, 'json'],
    [{ format: 'json' }, 'json'],
    [{ format: { type: 'object', properties: {} } }, 'json'],
  ] as const) {
    t.is(parsed(chat(members)).answer, answer);
  }
});

test('every mention of a person is in a slot, wherever it stands', (t) => {
  const { slots } = parsed(FULL);
  const inSource = FULL.split('Ada Lovelace').length - 1;
  const inSlots = slots.reduce((sum, slot) => sum + slot.text.split('Ada Lovelace').length - 1, 0);
  t.true(inSource > 25);
  t.is(inSlots, inSource);
});

test('rewriting every text leaves no trace of what it said', (t) => {
  const request = parsed(FULL);
  const body = request.build(request.slots.map((slot) => (slot.kind === 'fixed' ? slot.text : '<X_1>')));
  t.false(/Ada|ada@|ada-|London/.test(body));
  const rewritten = JSON.parse(body) as typeof FULL_REQUEST;
  t.is(rewritten.messages[3]?.tool_calls?.[0]?.function?.arguments, '{"to": "<X_1>", "copies": 1.0}');
  t.deepEqual(rewritten.tools[0]?.function?.parameters.required, ['recipient', 'when']);
});

test('an untouched request is built byte for byte as it came', (t) => {
  const key = fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text));
  const body = fc.record({
    model: fc.constant('m'),
    messages: fc.array(fc.record({ role: fc.constant('user'), content: key })),
    documents: fc.jsonValue({ stringUnit: 'grapheme' }),
    chat_template_kwargs: fc.dictionary(key, fc.jsonValue({ stringUnit: 'grapheme' })),
  });
  const layout = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(body, layout, fc.boolean(), (value, indent, ascii) => {
      const json = JSON.stringify(value, null, indent);
      const source = ascii
        ? json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : json;
      const request = parsed(source);
      t.is(request.build(request.slots.map((slot) => slot.text)), source);
      // What the slots say is what a JSON reader sees.
      const contents = request.slots.filter((slot) => /^\/messages\/\d+\/content$/.test(slot.pointer));
      t.deepEqual(
        contents.map((slot) => slot.text),
        value.messages.map(({ content }) => content),
      );
    }),
    { numRuns: 500 },
  );
});

test('changing one text leaves numbers, key order, blanks and escapes around it alone', (t) => {
  const source =
    '{ "temperature" : 1.0,"seed":12345678901234567890 ,"model":"m",\n\t"messages":[{"content":"\\u0041da \\/ \\"x\\"","role":"user"}, {"role":"user","content":"Ada"}],"top_p":1E0 }';
  const request = parsed(source);
  const texts = request.slots.map((slot) => (slot.text === 'Ada' ? 'say "<P_1>"\n' : slot.text));
  t.is(request.build(texts), source.replace('"content":"Ada"', String.raw`"content":"say \"<P_1>\"\n"`));
});

test('a text inside arguments is replaced inside them, and they stay valid JSON', (t) => {
  const source = chat({
    messages: [
      {
        role: 'assistant',
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'f', arguments: '{ "a":["Ada"],"n":1.50 }' } },
        ],
      },
    ],
  });
  const request = parsed(source);
  const pointer = '/messages/0/tool_calls/0/function/arguments#/a/0';
  t.deepEqual(slotAt(source, pointer), ['text:Ada']);
  const body = request.build(
    request.slots.map((slot) => (slot.pointer === pointer ? 'a "quoted" \\ <P_1>' : slot.text)),
  );
  const { messages } = JSON.parse(body) as typeof FULL_REQUEST;
  const call = messages[0]?.tool_calls?.[0]?.function?.arguments ?? '';
  t.is(call, String.raw`{ "a":["a \"quoted\" \\ <P_1>"],"n":1.50 }`);
});

test('arguments that are no JSON are one text, unless escapes hide what they say', (t) => {
  const call = (text: string) =>
    chat({ messages: [{ role: 'assistant', function_call: { name: 'f', arguments: text } }] });
  const pointer = '/messages/0/function_call/arguments';
  t.deepEqual(slotAt(call('{"to": "Ada Lov'), pointer), ['text:{"to": "Ada Lov']);
  t.deepEqual(slotAt(call(''), pointer), ['text:']);
  t.is(parsed(call('{"to": "Ada Lov')).slots.filter((slot) => slot.kind === 'text').length, 1);
  t.is(refusalOf(call('{"to": "\\u0041da Lov')), `content_opaque ${pointer}`);
  t.is(refusalOf(call('{"to":1,"to":"\\u0041da"}')), `content_opaque ${pointer}`);
  t.is(refusalOf(call('{"to":"\\ud800 Ada"}')), `content_opaque ${pointer}`);
});

test('a tool result that is JSON with escaped letters is read as JSON, names and numbers included', (t) => {
  const source = message({ content: String.raw`{"Jos\u00e9": 4155550100, "x": "Zo\u00eb"}` });
  const request = parsed(source);
  t.deepEqual(
    request.slots.map((slot) => slot.text),
    [request.model, 'José', '4155550100', 'x', 'Zoë'],
  );
  const body = JSON.parse(
    request.build([request.model, '<A_1>', '<B_1>', 'x', 'Zoë']),
  ) as typeof FULL_REQUEST;
  t.is(body.messages[0]?.content, String.raw`{"<A_1>": "<B_1>", "x": "Zo\u00eb"}`);
});

test('names and long numbers of free-form objects are looked at and cannot be rewritten', (t) => {
  const source = '{"model":"m","messages":[],"options":{"ada@example.com":[4111111111111111,12,-1.5e3]}}';
  const request = parsed(source);
  t.deepEqual(
    request.slots.map((slot) => [slot.pointer, slot.text, slot.kind]),
    [
      ['/model', 'm', 'fixed'],
      ['/options/ada@example.com', 'ada@example.com', 'fixed'],
      ['/options/ada@example.com/0', '4111111111111111', 'fixed'],
    ],
  );
  t.throws(() => request.build(['<EMAIL_ADDRESS_1>', '4111111111111111']), { instanceOf: TypeError });
  t.throws(() => request.build([]), { instanceOf: TypeError });
});

test('a long number is looked at in a structural place too', (t) => {
  t.deepEqual(slotAt('{"model":"m","messages":[],"seed":4111111111111111}', '/seed'), [
    'fixed:4111111111111111',
  ]);
});

test('ids of people are identifiers', (t) => {
  for (const key of ['user', 'safety_identifier', 'prompt_cache_key']) {
    t.deepEqual(slotAt(chat({ [key]: 'ada' }), `/${key}`), ['identifier:ada']);
  }
  t.deepEqual(slotAt(chat({ metadata: { who: 'ada' } }), '/metadata/who'), ['fixed:who', 'identifier:ada']);
  t.deepEqual(slotAt(message({ content: 'x', name: 'ada' }), '/messages/0/name'), ['identifier:ada']);
});

test('in a schema what must match stays and what people write is text', (t) => {
  const { slots } = parsed(FULL);
  const kinds = new Map(
    slots
      .filter((slot) => slot.pointer.startsWith('/tools/0'))
      .map((slot) => [slot.pointer.replace('/tools/0/function/parameters', ''), slot.kind]),
  );
  t.is(kinds.get('/title'), 'text');
  t.is(kinds.get('/properties/recipient/enum/0'), 'text');
  t.is(kinds.get('/properties/recipient/description'), 'text');
  t.is(kinds.get('/properties/when/pattern'), 'text');
  t.is(kinds.get('/properties/when/default'), 'text');
  t.is(kinds.get('/properties/type/const'), 'text');
  t.is(kinds.get('/properties/type/examples/0'), 'text');
  t.is(kinds.get('/properties/recipient'), 'fixed');
  t.is(kinds.get('/required/0'), 'fixed');
  t.is(kinds.get('/properties/lines/items/$ref'), 'fixed');
  t.is(kinds.get('/properties/when/type/0'), undefined);
});

for (const [title, source, refusal] of [
  ['text in the model', chat({ model: 'Ada Lovelace' }), 'shape_unknown /model'],
  ['no model', '{"messages":[]}', 'shape_unknown /model'],
  ['no messages', '{"model":"m"}', 'shape_unknown /messages'],
  ['a body that is no object', '[1]', 'shape_unknown '],
  ['an unknown parameter', chat({ secret_note: 'Ada' }), 'shape_unknown /secret_note'],
  ['an unknown parameter with a telling name', chat({ 'ada@example.com': 1 }), 'shape_unknown '],
  ['an unknown message key', message({ content: 'x', note: 'Ada' }), 'shape_unknown /messages/0/note'],
  ['an unknown role', chat({ messages: [{ role: 'Ada' }] }), 'shape_unknown /messages/0/role'],
  ['a message without role', chat({ messages: [{ content: 'x' }] }), 'shape_unknown /messages/0/role'],
  ['text in a call id', message({ tool_call_id: 'Ada Lovelace' }), 'shape_unknown /messages/0/tool_call_id'],
  [
    'text in a function name',
    chat({ tools: [{ type: 'function', function: { name: 'Ada Lovelace' } }] }),
    'shape_unknown /tools/0/function/name',
  ],
  ['a number for content', message({ content: 5 }), 'shape_unknown /messages/0/content'],
  ['an object for content', message({ content: { text: 'x' } }), 'shape_unknown /messages/0/content'],
  ['a string for a temperature', chat({ temperature: 'Ada' }), 'shape_unknown /temperature'],
  ['a string for stream', chat({ stream: 'Ada' }), 'shape_unknown /stream'],
  ['a name for a bias', chat({ logit_bias: { Ada: 1 } }), 'shape_unknown /logit_bias/Ada'],
  [
    'a part of an unknown type',
    message({ content: [{ type: 'Ada' }] }),
    'shape_unknown /messages/0/content/0/type',
  ],
  [
    'an unknown part',
    message({ content: [{ type: 'text', video: 'x' }] }),
    'shape_unknown /messages/0/content/0/video',
  ],
  [
    'an image',
    message({ content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] }),
    'content_opaque /messages/0/content/0/image_url/url',
  ],
  [
    'an image behind a text part',
    message({ content: [{ type: 'text', text: 'x', image_url: 'https://example.com/ada.png' }] }),
    'content_opaque /messages/0/content/0/image_url',
  ],
  [
    'a recording',
    message({ content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] }),
    'content_opaque /messages/0/content/0/input_audio/data',
  ],
  [
    'a file',
    message({ content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,QWRh' } }] }),
    'content_opaque /messages/0/content/0/file/file_data',
  ],
  ['a key given twice', '{"model":"m","messages":[],"model":"n"}', 'invalid_json '],
  [
    'a thousand levels',
    chat({}).replace('"Hi"', '['.repeat(1000) + ']'.repeat(1000)),
    'shape_unknown /messages/0/content/0',
  ],
  ['a thousand free levels', `{"model":"m","options":${'['.repeat(1000)}`, 'invalid_json '],
  ['half a character', '{"model":"m","messages":[{"role":"user","content":"\\ud800"}]}', 'invalid_json '],
  ['a tail', `${chat({})}x`, 'invalid_json '],
  ['a polluting key', '{"model":"m","messages":[],"__proto__":{"stream":true}}', 'shape_unknown /__proto__'],
] as const) {
  test(`${title} is refused`, (t) => {
    t.is(refusalOf(source), refusal);
  });
}

test('a request with more texts than a call may have is refused', (t) => {
  const many = (count: number) => chat({ messages: [], stop: Array.from({ length: count }, () => 'x') });
  // The model's name is one of them.
  t.is(refusalOf(many(LIMITS.slotsPerCall - 1)), undefined);
  t.is(refusalOf(many(LIMITS.slotsPerCall)), 'payload_too_large ');
});

test('a name that the caller chooses is looked at although it is structure, and enumerated words are not', (t) => {
  const call = { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{}' } };
  const source = chat({
    messages: [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'x' },
    ],
  });
  const request = parsed(source);
  t.deepEqual(
    request.slots.filter((slot) => slot.kind === 'fixed').map((slot) => slot.text),
    [request.model, 'call_1', 'look_up', 'call_1'],
  );
  // Two roles, a type, and arguments without a text; every string counts once.
  t.is(request.structural, 4);
  t.is(request.build(request.slots.map((slot) => slot.text)), source);
});

test('a request of countless tiny values is refused, whether they are text or not', (t) => {
  const many = (value: string) => `{"model":"m","messages":[],"options":[${`${value},`.repeat(500_000)}0]}`;
  for (const value of ['0', '[]', 'null', '""', '{"a":1}'])
    t.is(refusalOf(many(value)), 'payload_too_large ');
});

test('a refusal never repeats what the caller wrote', (t) => {
  for (const source of [
    chat({ model: 'Ada Lovelace' }),
    '{"Ada Lovelace',
    chat({ metadata: { 'Ada Lovelace': 1 } }),
  ]) {
    const error = t.throws(() => parsed(source));
    t.false(JSON.stringify([error.message, Object.values(error)]).includes('Ada'));
  }
});
