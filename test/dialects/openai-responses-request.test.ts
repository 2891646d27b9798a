import test from 'ava';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { ITEMS } from './responses-items.ts';
import { asked, FULL, item, parsed, refusalOf } from './responses-requests.ts';
import { SEALED, TOOLS, WHO } from './responses-tools.ts';

const SOURCE = JSON.stringify(FULL, null, 1);

function countOf(text: string): number {
  return text.split(WHO).length - 1;
}

test('a request with every parameter, item and tool of the OpenAI reference is accepted', (t) => {
  const request = parsed(SOURCE);
  t.is(request.model, 'gpt-5.1');
  t.true(request.stream);
  t.is(request.answer, 'json');
  t.true(request.remembered);
  t.is(request.build(request.slots.map((slot) => slot.text)), SOURCE);
});

for (const [type, variants] of [...Object.entries(ITEMS), ...Object.entries(TOOLS)]) {
  test(`every mention of a person in ${type} is in a slot that can be rewritten`, (t) => {
    for (const variant of variants) {
      const source = type in ITEMS ? item(variant) : asked({ tools: [variant] });
      const request = parsed(source);
      const { slots } = request;
      const found = slots.filter((slot) => slot.kind !== 'fixed');
      t.is(
        found.reduce((sum, slot) => sum + countOf(slot.text), 0),
        countOf(source),
      );
      t.is(countOf(request.build(slots.map((slot) => (slot.kind === 'fixed' ? slot.text : '<X_1>')))), 0);
    }
  });
}

test('every mention of a person at the top is in a slot too', (t) => {
  const request = parsed(SOURCE);
  t.is(
    request.slots.reduce((sum, slot) => sum + countOf(slot.text), 0),
    countOf(SOURCE),
  );
  const body = request.build(request.slots.map((slot) => (slot.kind === 'fixed' ? slot.text : '<X_1>')));
  t.false(/Ada|ada@|ada-/.test(body));
});

test('arguments are read as JSON, and ids of people are identifiers', (t) => {
  const kinds = new Map(parsed(SOURCE).slots.map((slot) => [slot.pointer, `${slot.kind}:${slot.text}`]));
  const at = FULL.input.findIndex((one) => 'type' in one && one.type === 'function_call');
  t.is(kinds.get(`/input/${at}/arguments#/to`), `text:${WHO}`);
  t.is(kinds.get('/metadata/customer'), `identifier:${WHO}`);
  for (const key of ['user', 'safety_identifier', 'prompt_cache_key'] as const) {
    t.is(kinds.get(`/${key}`), `identifier:${FULL[key]}`);
  }
});

test('a request says whether its answer must be JSON', (t) => {
  t.is(parsed(asked()).answer, 'text');
  t.is(parsed(asked({ text: { format: { type: 'text' } } })).answer, 'text');
  t.is(parsed(asked({ text: { format: { type: 'json_object' } } })).answer, 'json');
});

test('a call counts as forgotten only when the runner neither keeps it nor reads an earlier one', (t) => {
  const answered = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
  for (const [members, remembered] of [
    [{}, true],
    [{ store: null }, true],
    [{ store: true }, true],
    [{ store: false }, false],
    [{ store: false, previous_response_id: null, conversation: null }, false],
    [{ store: false, input: [answered] }, false],
    [{ store: false, include: ['message.output_text.logprobs'] }, false],
    [{ store: false, previous_response_id: 'resp_1' }, true],
    [{ store: false, conversation: 'conv_1' }, true],
    [{ store: false, conversation: { id: 'conv_1' } }, true],
    [{ store: false, input: [{ type: 'item_reference', id: 'msg_1' }] }, true],
    [{ store: false, input: [{ id: 'msg_1', type: null }] }, true],
    [
      { store: false, input: [{ type: 'reasoning', id: 'rs', summary: [], encrypted_content: SEALED }] },
      true,
    ],
    [{ store: false, input: [{ type: 'compaction', encrypted_content: SEALED }] }, true],
    [{ store: false, include: ['reasoning.encrypted_content'] }, true],
  ] as const) {
    t.is(parsed(asked(members)).remembered, remembered, JSON.stringify(members));
  }
});

test('the type of an item may stand behind what it decides', (t) => {
  const source = item({
    output: [{ text: WHO, type: 'input_text' }],
    call_id: 'c',
    type: 'function_call_output',
  });
  t.true(parsed(source).slots.some((slot) => slot.pointer === '/input/0/output/0/text' && slot.text === WHO));
});

const PNG = 'data:image/png;base64,AAAA';
for (const [title, source, refusal] of [
  ['no model', '{"input":"x"}', 'shape_unknown /model'],
  ['an unknown parameter', asked({ note: 'x' }), 'shape_unknown /note'],
  ['an item of an unknown type', item({ type: 'new_call', text: WHO }), 'shape_unknown /input/0/type'],
  ['a tool of an unknown type', asked({ tools: [{ type: 'new' }] }), 'shape_unknown /tools/0/type'],
  ['a tool without a type', asked({ tools: [{ name: 'f' }] }), 'shape_unknown /tools/0/type'],
  ['a type given twice', '{"model":"m","input":[{"type":"reasoning","type":"message"}]}', 'invalid_json '],
  [
    'a key given twice behind its type',
    '{"model":"m","input":[{"type":"reasoning","id":"a","id":"b"}]}',
    'invalid_json ',
  ],
  ['another type’s key', item({ type: 'item_reference', id: 'a', text: WHO }), 'shape_unknown /input/0/text'],
  [
    'a part of an unknown type',
    item({ role: 'user', content: [{ type: 'input_video', text: 'x' }] }),
    'shape_unknown /input/0/content/0/type',
  ],
  [
    'an image',
    item({ role: 'user', content: [{ type: 'input_image', image_url: PNG, detail: 'auto' }] }),
    'content_opaque /input/0/content/0/image_url',
  ],
  [
    'an image by its id',
    item({ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }),
    'content_opaque /input/0/content/0/file_id',
  ],
  [
    'a file',
    item({ role: 'user', content: [{ type: 'input_file', file_data: 'data:application/pdf;base64,QWRh' }] }),
    'content_opaque /input/0/content/0/file_data',
  ],
  [
    'a recording',
    item({ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] }),
    'content_opaque /input/0/content/0/input_audio/data',
  ],
  [
    'an image as a tool’s answer',
    item({ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: PNG }] }),
    'content_opaque /input/0/output/0/image_url',
  ],
  [
    'an image in a prompt variable',
    asked({ prompt: { id: 'p', variables: { x: { type: 'input_image', image_url: PNG } } } }),
    'content_opaque /prompt/variables/x/image_url',
  ],
  [
    'a screenshot',
    item({
      type: 'computer_call_output',
      call_id: 'c',
      output: { type: 'computer_screenshot', image_url: PNG },
    }),
    'content_opaque /input/0/output/image_url',
  ],
  [
    'a generated image',
    item({ type: 'image_generation_call', id: 'i', status: 'completed', result: 'AAAA' }),
    'content_opaque /input/0/result',
  ],
  [
    'an image mask',
    asked({ tools: [{ type: 'image_generation', input_image_mask: { image_url: PNG } }] }),
    'content_opaque /tools/0/input_image_mask/image_url',
  ],
  [
    'a plot',
    item({ type: 'code_interpreter_call', id: 'c', outputs: [{ type: 'image', url: PNG }] }),
    'content_opaque /input/0/outputs/0/url',
  ],
  [
    'a text spelled in tokens',
    item({
      role: 'assistant',
      content: [{ type: 'output_text', text: 'x', logprobs: [{ token: 'Ada', logprob: -1, bytes: [65] }] }],
    }),
    'content_opaque /input/0/content/0/logprobs/0/token',
  ],
  [
    'a text spelled in bytes',
    item({ role: 'assistant', content: [{ type: 'output_text', text: 'x', logprobs: [{ bytes: [65] }] }] }),
    'shape_unknown /input/0/content/0/logprobs/0/bytes',
  ],
  [
    'credentials of a server',
    asked({ tools: [{ type: 'mcp', server_label: 'x', headers: { authorization: 'Bearer x' } }] }),
    'content_opaque /tools/0/headers/authorization',
  ],
  [
    'a token of a server',
    asked({ tools: [{ type: 'mcp', server_label: 'x', authorization: 'x' }] }),
    'content_opaque /tools/0/authorization',
  ],
  [
    'a secret of a container',
    asked({
      tools: [
        {
          type: 'shell',
          environment: {
            type: 'container_auto',
            network_policy: {
              type: 'allowlist',
              allowed_domains: [],
              domain_secrets: [{ domain: 'x', name: 'n', value: 'v' }],
            },
          },
        },
      ],
    }),
    'content_opaque /tools/0/environment/network_policy/domain_secrets/0/domain',
  ],
  [
    'text where encrypted content is expected',
    item({ type: 'reasoning', id: 'r', summary: [], encrypted_content: `Dear ${WHO}` }),
    'shape_unknown /input/0/encrypted_content',
  ],
  [
    'a number hidden where encrypted content is expected',
    item({ type: 'compaction', encrypted_content: `4111111111111111${SEALED}` }),
    'shape_unknown /input/0/encrypted_content',
  ],
  ['text in a previous id', asked({ previous_response_id: WHO }), 'shape_unknown /previous_response_id'],
  ['an unknown include', asked({ include: [WHO] }), 'shape_unknown /include/0'],
  ['a polluting type', item({ type: '__proto__' }), 'shape_unknown /input/0/type'],
] as const) {
  test(`${title} is refused`, (t) => {
    t.is(refusalOf(source), refusal);
  });
}

test('what a runner keeps of a call, and what a call refers to, is known from the request', (t) => {
  const of = (members: Record<string, unknown>) => openaiResponses.parseRequest(asked(members));
  t.deepEqual(
    [{}, { store: null }, { store: true }, { store: false }, { store: false, background: true }].map(
      (members) => of(members).keeps,
    ),
    [true, true, true, false, true],
  );
  const references = of({
    previous_response_id: 'resp_1',
    conversation: { id: 'conv_1' },
    input: [
      { type: 'message', id: 'msg_1', role: 'user', content: 'x' },
      { id: 'msg_2', role: 'assistant', content: 'x' },
      { id: 'msg_3' },
      { type: 'item_reference', id: 'msg_4' },
      { type: 'reasoning', id: 'rs_5', summary: [] },
      { type: 'reasoning', id: 'rs_6', summary: [], encrypted_content: SEALED },
      { type: 'function_call', id: 'fc_7', call_id: 'call_1', name: 'f', arguments: '{}' },
    ],
  }).references?.map(({ kind, id, pointer, needed }) => `${kind} ${id} ${pointer} ${needed}`);
  t.deepEqual(references, [
    'response resp_1 /previous_response_id true',
    'conversation conv_1 /conversation/id true',
    'item msg_3 /input/2/id true',
    'item msg_4 /input/3/id true',
    'item rs_5 /input/4/id true',
    'item rs_6 /input/5/id false',
  ]);
});

test('a request of types that come late is read in time linear in its size', (t) => {
  const late = `{"pad":[${'0,'.repeat(50_000)}0],"type":"message"}`;
  t.is(refusalOf(`{"model":"m","input":[${late}]}`), 'shape_unknown /input/0/pad');
  t.is(
    refusalOf(`{"model":"m","input":[${'{"type":"message","content":['.repeat(100_000)}`),
    'shape_unknown /input/0/content/0/type',
  );
});
