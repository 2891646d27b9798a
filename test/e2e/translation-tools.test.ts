import test from 'ava';
import {
  echoMessage,
  messageOf,
  parseMessages,
  streamMessage,
  textBlock,
} from '../support/anthropic-upstream.ts';
import { PLANTED, plantedIn } from '../support/planted.ts';
import { lastText, startTwoKinds, type TwoKinds } from '../support/two-kinds.ts';
import { chunk, completion, sendJson, startStream } from '../support/upstream.ts';

let two: TwoKinds;

test.before(async () => {
  two = await startTwoKinds();
});

test.beforeEach(() => {
  two.reset();
});

test.after.always(async () => {
  await two.dispose();
});

const BIG = '12345678901234567890.10';

test.serial("a tool round trip of OpenAI's client with Anthropic's API, JSON and stream", async (t) => {
  for (const stream of [false, true]) {
    two.claude.received.length = 0;
    two.claude.respond((request, response) => {
      const to = /<EMAIL_ADDRESS_\w+>/.exec(request.body)?.[0] ?? 'nobody';
      if (lastText(request).includes('tool_result')) {
        echoMessage(request, response, { said: () => `Sent to ${to}.` });
        return;
      }
      const input = `{"to":"${to}","n":${BIG}}`;
      if (stream && parseMessages(request).stream === true) {
        streamMessage(
          response,
          [
            textBlock('Sending.'),
            {
              begin: { type: 'tool_use', id: 'toolu_1', name: 'send_mail', input: {} },
              delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
              text: input,
            },
            {
              begin: { type: 'tool_use', id: 'toolu_2', name: 'wait', input: {} },
              delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
              text: '',
            },
          ],
          4,
        );
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          messageOf(
            [
              { type: 'text', text: 'Sending.' },
              { type: 'tool_use', id: 'toolu_1', name: 'send_mail', input: 'INPUT' },
              { type: 'tool_use', id: 'toolu_2', name: 'wait', input: {} },
            ],
            'tool_use',
          ),
        ).replace('"INPUT"', input),
      );
    });
    const tools = ['send_mail', 'wait'].map((name) => ({
      type: 'function' as const,
      function: { name, description: `for ${PLANTED.email}`, parameters: { type: 'object', properties: {} } },
    }));
    const ask = {
      model: 'claude-test',
      messages: [{ role: 'user' as const, content: `Mail ${PLANTED.email}` }],
      tools,
      tool_choice: 'required' as const,
      parallel_tool_calls: false,
    };
    const first = stream
      ? await two.openai().chat.completions.stream(ask).finalChatCompletion()
      : await two.openai().chat.completions.create(ask);
    const said = first.choices[0]?.message;
    t.deepEqual(
      said?.tool_calls?.map(
        (call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments],
      ),
      [
        ['toolu_1', 'send_mail', `{"to":"${PLANTED.email}","n":${BIG}}`],
        ['toolu_2', 'wait', '{}'],
      ],
    );
    if (said === undefined) return;
    const second = await two.openai().chat.completions.create({
      ...ask,
      tool_choice: 'auto',
      messages: [
        ...ask.messages,
        {
          role: 'assistant',
          content: said.content,
          tool_calls: said.tool_calls?.filter((call) => call.type === 'function') ?? [],
        },
        { role: 'tool', tool_call_id: 'toolu_1', content: `sent to ${PLANTED.email}` },
        { role: 'tool', tool_call_id: 'toolu_2', content: 'waited' },
        { role: 'user', content: 'Well?' },
      ],
    });
    t.is(second.choices[0]?.message.content, `Sent to ${PLANTED.email}.`);
    const body = two.claude.received[1]?.body ?? '';
    t.true(body.includes(BIG), 'no digit was rounded on the way');
    const { messages, tool_choice: choice } = JSON.parse(body) as {
      messages: { role: string; content: { type: string }[] }[];
      tool_choice: unknown;
    };
    t.deepEqual(choice, { type: 'auto', disable_parallel_tool_use: true });
    t.deepEqual(
      messages.map(({ role, content }) => [
        role,
        typeof content === 'string' ? 'text' : content.map(({ type }) => type),
      ]),
      [
        ['user', 'text'],
        ['assistant', ['text', 'tool_use', 'tool_use']],
        ['user', ['tool_result', 'tool_result', 'text']],
      ],
    );
    t.deepEqual(plantedIn(two.claude.bytes()), []);
  }
});

test.serial("a tool round trip of Anthropic's client with OpenAI's API, JSON and stream", async (t) => {
  for (const stream of [false, true]) {
    two.gpt.received.length = 0;
    two.gpt.respond((request, response) => {
      const to = /<EMAIL_ADDRESS_\w+>/.exec(request.body)?.[0] ?? 'nobody';
      const calls = [
        { id: 'call_1', type: 'function', function: { name: 'send_mail', arguments: `{"to":"${to}"}` } },
        { id: 'call_2', type: 'function', function: { name: 'wait', arguments: '' } },
      ];
      if (request.body.includes('"role":"tool"'))
        sendJson(response, completion({ content: `Sent to ${to}.` }));
      else if (!request.body.includes('"stream":true')) {
        sendJson(response, completion({ tool_calls: calls }, { finish_reason: 'tool_calls' }));
      } else {
        startStream(response);
        response.write(chunk({ role: 'assistant', content: null }));
        for (const [index, call] of calls.entries()) {
          const { arguments: said, name } = call.function;
          response.write(chunk({ tool_calls: [{ ...call, index, function: { name, arguments: '' } }] }));
          for (const piece of said.match(/.{1,3}/g) ?? []) {
            response.write(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
          }
        }
        response.write(chunk({}, 'tool_calls'));
        response.end('data: [DONE]\n\n');
      }
    });
    const ask = {
      model: 'gpt-test',
      max_tokens: 99,
      messages: [{ role: 'user' as const, content: `Mail ${PLANTED.email}` }],
      tools: ['send_mail', 'wait'].map((name) => ({ name, input_schema: { type: 'object' as const } })),
      tool_choice: { type: 'any' as const, disable_parallel_tool_use: true },
    };
    const first = stream
      ? await two.anthropic().messages.stream(ask).finalMessage()
      : await two.anthropic().messages.create(ask);
    t.is(first.stop_reason, 'tool_use');
    t.deepEqual(
      first.content.map((block) => block.type === 'tool_use' && [block.id, block.name, block.input]),
      [
        ['call_1', 'send_mail', { to: PLANTED.email }],
        ['call_2', 'wait', {}],
      ],
    );
    const second = await two.anthropic().messages.create({
      ...ask,
      messages: [
        ...ask.messages,
        { role: 'assistant', content: first.content.filter((block) => block.type === 'tool_use') },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'call_1',
              content: [{ type: 'text', text: `sent to ${PLANTED.email}` }],
            },
            { type: 'tool_result', tool_use_id: 'call_2', content: 'too late', is_error: true },
            { type: 'text', text: 'Well?' },
          ],
        },
      ],
    });
    t.deepEqual(second.content, [{ type: 'text', text: `Sent to ${PLANTED.email}.` }]);
    const body = JSON.parse(two.gpt.received[1]?.body ?? '') as Record<string, unknown> & {
      messages: { role: string; content: unknown }[];
    };
    t.is(body['tool_choice'], 'required');
    t.is(body['parallel_tool_calls'], false);
    t.deepEqual(
      body.messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'tool', 'user'],
    );
    t.is(body.messages[3]?.content, 'Error: too late');
    t.deepEqual(plantedIn(two.gpt.bytes()), []);
  }
});
