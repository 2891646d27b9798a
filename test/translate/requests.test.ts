import test from 'ava';
import fc from 'fast-check';
import { type CordonError } from '../../src/domain/errors.ts';
import { chatToMessages } from '../../src/translate/chat-to-messages.ts';
import { messagesToChat } from '../../src/translate/messages-to-chat.ts';
import { renameModel } from '../../src/translate/rename-model.ts';

const CONTEXT = { model: 'm', nowS: 1 };
const TEXT = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const ARGUMENTS = fc
  .tuple(TEXT, fc.bigInt({ min: 0n, max: 10n ** 30n }))
  .map(([text, number]) => `{"a": ${JSON.stringify(text)},"n":${number}.00}`);

/** A turn of the assistant with the results of what it called, then one of the user. */
const EXCHANGE = fc
  .record({ text: fc.option(TEXT), calls: fc.array(ARGUMENTS, { maxLength: 3 }), results: TEXT, next: TEXT })
  .filter(({ text, calls }) => text !== null || calls.length > 0)
  .map(({ text, calls, results, next }, i = 0) => [
    {
      role: 'assistant',
      content: text,
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map((source, j) => ({
              id: `call_${i}_${j}`,
              type: 'function',
              function: { name: 'f', arguments: source },
            })),
          }),
    },
    ...calls.map((_, j) => ({ role: 'tool', tool_call_id: `call_${i}_${j}`, content: results })),
    { role: 'user', content: next },
  ]);

const REQUEST = fc
  .record({
    system: fc.option(TEXT),
    first: TEXT,
    exchanges: fc.array(EXCHANGE, { maxLength: 3 }),
    settings: fc.record(
      {
        max_completion_tokens: fc.integer({ min: 1, max: 9999 }),
        temperature: fc.double({ min: 0, max: 1, noNaN: true }),
        top_p: fc.constantFrom(0.5, 1),
        stop: fc.array(TEXT, { minLength: 1, maxLength: 3 }),
        tool_choice: fc.constantFrom('auto', 'required', 'none'),
        reasoning_effort: fc.constantFrom('low', 'high'),
        user: fc.constant('u'),
      },
      { requiredKeys: ['max_completion_tokens'] },
    ),
  })
  .map(({ system, first, exchanges, settings }) => ({
    model: 'm',
    messages: [
      ...(system === null ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: first },
      ...exchanges.flat(),
    ],
    tools: [
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', x: 1.5 } } },
    ],
    ...settings,
  }));

test('a request translated there and back says the same', (t) => {
  fc.assert(
    fc.property(REQUEST, (request) => {
      const there = chatToMessages(JSON.stringify(request), CONTEXT);
      const back = messagesToChat(there.body, CONTEXT);
      t.deepEqual(JSON.parse(back.body), request);
    }),
    { numRuns: 300 },
  );
});

test('arguments are passed on as they were written', (t) => {
  const source = '{"n": 12345678901234567890.10, "é":1e400}';
  const { body } = chatToMessages(
    JSON.stringify({
      model: 'm',
      messages: [
        { role: 'user', content: 'x' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: source } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'y' },
      ],
    }),
    CONTEXT,
  );
  t.true(body.includes(`"input":${source}`));
  const parsed = JSON.parse(messagesToChat(body, CONTEXT).body) as {
    messages: { tool_calls?: { function: { arguments: string } }[] }[];
  };
  t.is(parsed.messages[1]?.tool_calls?.[0]?.function.arguments, source);
});

function refusal(t: { throws: (run: () => unknown) => unknown }, run: () => unknown): string {
  const { code, param } = t.throws(run) as CordonError;
  return `${code} ${param ?? ''}`;
}

const user = { role: 'user', content: 'x' };
const called = (source: string): object => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: source } }],
});

test('what Anthropic cannot be told is refused with its place', (t) => {
  const cases: readonly (readonly [object, string])[] = [
    [{ messages: [user, called('{"a":1,"a":2}'), user] }, '/messages/1/tool_calls/0/function/arguments'],
    [{ messages: [user, called('[1]'), user] }, '/messages/1/tool_calls/0/function/arguments'],
    [{ messages: [user, called('{"cut'), user] }, '/messages/1/tool_calls/0/function/arguments'],
    [{ messages: [{ ...user, name: 'n' }] }, '/messages/0/name'],
    [
      { messages: [{ role: 'assistant', content: 'a', reasoning_content: 'r' }, user] },
      '/messages/0/reasoning_content',
    ],
    [{ messages: [{ role: 'function', content: 'a' }] }, '/messages/0/role'],
    [{ messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }, '/messages/0/content/0/type'],
    [{ max_tokens: 1, max_completion_tokens: 2 }, '/max_tokens'],
    [{ store: true }, '/store'],
    [{ functions: [] }, '/functions'],
    [{ stream_options: { continuous_usage_stats: true } }, '/stream_options/continuous_usage_stats'],
    [
      { tool_choice: { type: 'allowed_tools' }, tools: [{ type: 'function', function: { name: 'f' } }] },
      '/tool_choice',
    ],
    [{ min_p: 0.1 }, '/min_p'],
    [{ __proto__x: 1 }, '/*'],
  ];
  for (const [extra, param] of cases) {
    const source = JSON.stringify({ model: 'm', messages: [user], ...extra });
    t.is(
      refusal(t, () => chatToMessages(source, CONTEXT)),
      `untranslatable ${param}`,
      param,
    );
  }
});

test('what OpenAI cannot be told is refused with its place', (t) => {
  const blocks = (role: string, ...content: readonly object[]): object => ({
    messages: [{ role, content }, user],
  });
  const cases: readonly (readonly [object, string])[] = [
    [{ thinking: { type: 'enabled', budget_tokens: 9 } }, '/thinking'],
    [{ messages: [user, { role: 'assistant', content: 'so' }] }, '/messages/1'],
    [blocks('assistant', { type: 'thinking', thinking: 't', signature: 's' }), '/messages/0/content/0'],
    [blocks('assistant', { type: 'redacted_thinking', data: 'd' }), '/messages/0/content/0/type'],
    [
      blocks('assistant', { type: 'tool_use', id: 'i', name: 'f', input: {} }, { type: 'text', text: 't' }),
      '/messages/0/content/1',
    ],
    [blocks('user', { type: 'document', source: {} }), '/messages/0/content/0/type'],
    [
      blocks('user', { type: 'text', text: 't' }, { type: 'tool_result', tool_use_id: 'i' }),
      '/messages/0/content/1',
    ],
    [{ tools: [{ type: 'web_search_20250305', name: 'w' }] }, '/tools/0/type'],
    [{ container: 'c' }, '/container'],
    [{ inference_geo: 'us' }, '/inference_geo'],
    [{ mcp_servers: [{}] }, '/mcp_servers'],
    [{ speed: 'fast' }, '/speed'],
  ];
  for (const [extra, param] of cases) {
    const source = JSON.stringify({ model: 'm', max_tokens: 9, messages: [user], ...extra });
    t.is(
      refusal(t, () => messagesToChat(source, CONTEXT)),
      `untranslatable ${param}`,
      param,
    );
  }
});

test('images are mapped where they were let through', (t) => {
  const urls = ['data:image/png;base64,AAAA', 'https://example.com/a.png'];
  const content = urls.map((url) => ({ type: 'image_url', image_url: { url } }));
  const there = chatToMessages(
    JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
    CONTEXT,
  );
  t.regex(there.body, /"source":\{"type":"base64","media_type":"image\/png","data":"AAAA"\}/);
  const back = JSON.parse(messagesToChat(there.body, CONTEXT).body) as { messages: unknown };
  t.deepEqual(back.messages, [{ role: 'user', content }]);
});

test('thoughts of a runner without signatures go back to it', (t) => {
  const content = [
    { type: 'thinking', thinking: 'hm', signature: '' },
    { type: 'text', text: 'so' },
  ];
  const { body } = messagesToChat(
    JSON.stringify({ model: 'm', max_tokens: 9, messages: [user, { role: 'assistant', content }, user] }),
    CONTEXT,
  );
  t.regex(body, /\{"role":"assistant","reasoning_content":"hm","content":"so"\}/);
});

test('another name for the model changes no other byte', (t) => {
  const source = '{ "n": 1.0, "model" : "a", "x": {"model":"a"}, "big": 12345678901234567890 }';
  t.is(renameModel(source, 'b/"c'), source.replace('"a"', '"b/\\"c"'));
});
