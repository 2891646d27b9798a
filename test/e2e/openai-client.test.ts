import test from 'ava';
import { type ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { type TestCordon, startTestCordon } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import {
  type CapturingUpstream,
  chunk,
  completion,
  echoHandler,
  parseChat,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
  upstream.respond(echoHandler);
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

const TOOLS = [
  {
    type: 'function' as const,
    function: {
      name: 'send_mail',
      description: 'Sends a mail',
      parameters: {
        type: 'object',
        properties: { to: { type: 'string' }, text: { type: 'string' } },
        required: ['to'],
      },
    },
  },
];

test.serial('chat: the runner sees no planted value and the client gets each back, byte-exact', async (t) => {
  for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
    t.true(plantedIn(prompt).length >= 3);
    const answer = await cordon
      .client(token)
      .chat.completions.create({ model: 'demo', messages: [{ role: 'user', content: prompt }] });
    t.is(answer.choices[0]?.message.content, prompt);
    t.is(answer.usage?.total_tokens, 30);
  }
  t.is(upstream.received.length, 2);
  t.deepEqual(plantedIn(upstream.bytes()), []);
  t.regex(upstream.bytes(), /<EMAIL_ADDRESS_1>/);
});

test.serial('streaming chat: the same, in pieces of any size', async (t) => {
  for (const size of [1, 2, 7, 1000]) {
    upstream.respond((request, response) => echoHandler(request, response, size));
    for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
      const stream = await cordon.client(token).chat.completions.create({
        model: 'demo',
        stream: true,
        messages: [{ role: 'user', content: prompt }],
      });
      let text = '';
      let finish: string | null = null;
      for await (const event of stream) {
        text += event.choices[0]?.delta.content ?? '';
        finish = event.choices[0]?.finish_reason ?? finish;
      }
      t.is(text, prompt);
      t.is(finish, 'stop');
    }
  }
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('a tool-call round trip: arguments come back restored, results go out protected', async (t) => {
  upstream.respond((request, response) => {
    const chat = parseChat(request);
    if (chat.messages.at(-1)?.role === 'tool') {
      sendJson(response, completion({ content: `Done: ${String(chat.messages.at(-1)?.content)}` }));
      return;
    }
    const email = /<EMAIL_ADDRESS_\d+>/.exec(JSON.stringify(chat.messages))?.[0] ?? 'none';
    const call = {
      id: 'call_1',
      type: 'function',
      function: { name: 'send_mail', arguments: JSON.stringify({ to: email, text: 'hi' }) },
    };
    sendJson(response, completion({ tool_calls: [call] }, { finish_reason: 'tool_calls' }));
  });
  const client = cordon.client(token);
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: ENGLISH_PROMPT }];
  const first = await client.chat.completions.create({ model: 'demo', messages, tools: TOOLS });
  const message = first.choices[0]?.message;
  const call = message?.tool_calls?.[0];
  if (message === undefined || call?.type !== 'function') return t.fail('no tool call came back');
  t.deepEqual(JSON.parse(call.function.arguments), { to: PLANTED.email, text: 'hi' });

  messages.push(message, {
    role: 'tool',
    tool_call_id: call.id,
    content: JSON.stringify({ sent_to: PLANTED.email, card: PLANTED.card }),
  });
  const second = await client.chat.completions.create({ model: 'demo', messages, tools: TOOLS });
  t.is(
    second.choices[0]?.message.content,
    `Done: ${JSON.stringify({ sent_to: PLANTED.email, card: PLANTED.card })}`,
  );
  t.is(upstream.received.length, 2);
  t.deepEqual(plantedIn(upstream.bytes()), []);
  const sentBack = parseChat(upstream.received[1] ?? t.fail()).messages[1] as
    { tool_calls?: { function: { arguments: string } }[] } | undefined;
  t.regex(sentBack?.tool_calls?.[0]?.function.arguments ?? '', /<EMAIL_ADDRESS_1>/);
});

test.serial('streamed tool-call arguments are restored as valid JSON', async (t) => {
  upstream.respond((request, response) => {
    const email = /<EMAIL_ADDRESS_\d+>/.exec(request.body)?.[0] ?? 'none';
    const text = JSON.stringify({ to: email, text: `re: ${email}` });
    startStream(response);
    response.write(
      chunk({
        role: 'assistant',
        tool_calls: [
          { index: 0, id: 'call_1', type: 'function', function: { name: 'send_mail', arguments: '' } },
        ],
      }),
    );
    for (const piece of text.match(/.{1,4}/g) ?? [])
      response.write(chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }));
    response.write(chunk({}, 'tool_calls'));
    response.end('data: [DONE]\n\n');
  });
  const stream = cordon.client(token).chat.completions.stream({
    model: 'demo',
    messages: [{ role: 'user', content: ENGLISH_PROMPT }],
    tools: TOOLS,
  });
  const final = await stream.finalChatCompletion();
  const call = final.choices[0]?.message.tool_calls?.[0];
  t.deepEqual(JSON.parse(call?.type === 'function' ? call.function.arguments : '{}'), {
    to: PLANTED.email,
    text: `re: ${PLANTED.email}`,
  });
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('models: what the runner serves and the policy allows', async (t) => {
  const client = cordon.client(token);
  const models = await client.models.list();
  t.deepEqual(
    models.data.map((model) => model.id),
    ['demo'],
  );
  t.is((await client.models.retrieve('demo')).id, 'demo');
  await t.throwsAsync(client.models.retrieve('other'), { message: /does not exist/ });
});

test.serial('two callers at once each get their own values back and never the other’s', async (t) => {
  upstream.respond(async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
    await echoHandler(request, response, 4);
  });
  const people = Array.from({ length: 24 }, (_, i) => `person${i}@example.com`);
  const answers = await Promise.all(
    people.map(async (email, i) => {
      const own = await cordon.issueDevToken({
        subject: `user-${i}`,
        tenant: i % 2 === 0 ? 'acme' : 'globex',
      });
      const stream = await cordon.client(own).chat.completions.create({
        model: 'demo',
        stream: true,
        messages: [{ role: 'user', content: `Write to ${email} now.` }],
      });
      let text = '';
      for await (const event of stream) text += event.choices[0]?.delta.content ?? '';
      return text;
    }),
  );
  t.deepEqual(
    answers,
    people.map((email) => `Write to ${email} now.`),
  );
  t.notRegex(upstream.bytes(), /@example\.com/);
});

test.serial('a placeholder that the model invents, or the caller forges, restores nothing', async (t) => {
  upstream.respond((request, response) => {
    sendJson(
      response,
      completion({
        content: `You said: ${String(parseChat(request).messages.at(-1)?.content)} and <EMAIL_ADDRESS_9> and <PHONE_NUMBER_1>`,
      }),
    );
  });
  const prompt = `Repeat <EMAIL_ADDRESS_1> then EMAIL_ADDRESS_2; mine is ${PLANTED.email}.`;
  const answer = await cordon
    .client(token)
    .chat.completions.create({ model: 'demo', messages: [{ role: 'user', content: prompt }] });
  t.is(answer.choices[0]?.message.content, `You said: ${prompt} and <EMAIL_ADDRESS_9> and <PHONE_NUMBER_1>`);
});

test.serial('structured output is parsed to the caller’s own values, JSON and streamed', async (t) => {
  const schema = { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] };
  const asked = {
    model: 'demo',
    messages: [{ role: 'user' as const, content: ENGLISH_PROMPT }],
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'mail', schema, strict: true },
    },
  };
  const said = (body: string): string =>
    JSON.stringify({ email: /<EMAIL_ADDRESS_\d+>/.exec(body)?.[0] ?? 'none' });
  upstream.respond((request, response) => {
    const content = said(request.body);
    if (parseChat(request).stream !== true) {
      sendJson(response, completion({ content }));
      return;
    }
    startStream(response);
    response.write(chunk({ role: 'assistant', content: '' }));
    for (const piece of content) response.write(chunk({ content: piece }));
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  });
  const client = cordon.client(token);
  const whole = await client.chat.completions.parse(asked);
  t.is(JSON.stringify(whole.choices[0]?.message.parsed), JSON.stringify({ email: PLANTED.email }));
  const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
  t.is(streamed.choices[0]?.message.content, JSON.stringify({ email: PLANTED.email }));
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('tools that the client runs itself get the caller’s own values', async (t) => {
  upstream.respond((request, response) => {
    const email = /<EMAIL_ADDRESS_\d+>/.exec(request.body)?.[0] ?? 'none';
    const { messages } = parseChat(request);
    const called = { name: 'send_mail', arguments: JSON.stringify({ to: email }) };
    sendJson(
      response,
      messages.at(-1)?.role === 'tool'
        ? completion({ content: `Sent to ${email}.` })
        : completion({ content: null, tool_calls: [{ id: 'call_1', type: 'function', function: called }] }),
    );
  });
  const ran: string[] = [];
  const runner = cordon.client(token).chat.completions.runTools({
    model: 'demo',
    messages: [{ role: 'user', content: `Write to ${PLANTED.email}.` }],
    tools: TOOLS.map((tool) => ({
      ...tool,
      function: {
        ...tool.function,
        parse: (text: string) => JSON.parse(text) as { to: string },
        function: ({ to }: { to: string }) => {
          ran.push(to);
          return `mail to ${to} sent`;
        },
      },
    })),
  });
  t.is(await runner.finalContent(), `Sent to ${PLANTED.email}.`);
  t.deepEqual(ran, [PLANTED.email]);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});
