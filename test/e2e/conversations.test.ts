import test from 'ava';
import { errorOf, postChat, startTestCordon, type TestCordon, userMessage } from '../support/cordon.ts';
import { createHandlingPolicy, type HandlingPolicy } from '../support/handling-policy.ts';
import {
  type CapturingUpstream,
  completion,
  echoHandler,
  parseChat,
  sendJson,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let policy: HandlingPolicy;
let alice: string;
let bob: string;
let eve: string;

test.before(async () => {
  upstream = await startUpstream();
  policy = await createHandlingPolicy({ '*': 'pseudonymise' });
  cordon = await startTestCordon({ runnerUrl: upstream.url, replace: { policy } });
  alice = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  bob = await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' });
  eve = await cordon.issueDevToken({ subject: 'alice', tenant: 'globex' });
});

test.beforeEach(async () => {
  upstream.received.length = 0;
  upstream.respond(echoHandler);
  await policy.handle({ '*': 'pseudonymise' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

interface Sent {
  readonly id: string;
  readonly status: number;
  /** What the runner was sent as the last message. */
  readonly received: string;
  readonly heard: string;
}

async function say(token: string, content: string, conversation?: string, extra: object = {}): Promise<Sent> {
  upstream.received.length = 0;
  const headers: Record<string, string> =
    conversation === undefined ? {} : { 'Cordon-Conversation': conversation };
  const response = await postChat(cordon, token, userMessage(content, extra), { headers });
  const heard = await response.text();
  const [request] = upstream.received;
  const last = request === undefined ? undefined : parseChat(request).messages.at(-1)?.content;
  return {
    id: response.headers.get('cordon-request-id') ?? '',
    status: response.status,
    received: typeof last === 'string' ? last : '',
    heard,
  };
}

const MARIA = 'Mail maria@example.com today.';
const BOTH = 'Mail alan@example.com, then mail maria@example.com today.';
const markIn = (text: string): string => /mail ([^ ,]+) today/i.exec(text)?.[1] ?? '';

for (const handling of ['pseudonymise', 'surrogate'] as const) {
  test.serial(
    `${handling}: within a conversation a value keeps its mark, also when the history was cut`,
    async (t) => {
      await policy.handle({ '*': handling });
      const first = await say(alice, MARIA, 'ticket-4711');
      const later = await say(alice, BOTH, 'ticket-4711');
      t.not(markIn(first.received), '');
      t.not(markIn(first.received), 'maria@example.com');
      t.is(markIn(later.received), markIn(first.received));
      t.true(later.heard.includes(BOTH));
      for (const [token, key] of [
        [alice, 'ticket-4712'],
        [bob, 'ticket-4711'],
        [eve, 'ticket-4711'],
      ] as const) {
        t.not(markIn((await say(token, MARIA, key)).received), markIn(first.received));
      }
    },
  );
}

test.serial('without the key numbers begin anew with each call', async (t) => {
  t.is(markIn((await say(alice, MARIA)).received), '<EMAIL_ADDRESS_1>');
  t.is(markIn((await say(alice, BOTH)).received), '<EMAIL_ADDRESS_2>');
});

test.serial('a placeholder of another conversation, or of another caller, restores nothing', async (t) => {
  const foreign = markIn((await say(bob, MARIA, 'ticket-1')).received);
  t.regex(foreign, /^<EMAIL_ADDRESS_[0-9a-f]{12}>$/);
  upstream.respond((_, response) => {
    sendJson(response, completion({ content: `${foreign} <EMAIL_ADDRESS_1>` }));
  });
  const { heard } = await say(alice, MARIA, 'ticket-1');
  t.true(heard.includes(`${foreign} <EMAIL_ADDRESS_1>`));
});

test.serial('the key is not forwarded, and the record holds no more than its keyed digest', async (t) => {
  const { id } = await say(alice, MARIA, 'a-very-telling-key');
  t.false(upstream.bytes().includes('a-very-telling-key'));
  t.false(upstream.bytes().toLowerCase().includes('cordon-conversation'));
  const shown = await cordon.audit.show(id);
  t.regex(JSON.stringify(shown?.decision), /"conversation":"[0-9a-f]{16}"/);
  t.false(JSON.stringify([shown?.decision, shown?.completion]).includes('a-very-telling-key'));
  t.false(cordon.logs().includes('a-very-telling-key'));
});

test.serial('a malformed key is refused', async (t) => {
  for (const key of ['two words', 'x'.repeat(129), 'é']) {
    const { status } = await say(alice, MARIA, key);
    t.is(status, 400, key);
  }
  t.is(upstream.received.length, 0);
});

/** A tool as an application declares it, called once with `sent`. */
function agentTurn(properties: object, sent: object, content: string): object {
  const name = 'send';
  const fn = { name, arguments: JSON.stringify(sent) };
  return {
    model: 'demo',
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: fn }] },
      { role: 'tool', tool_call_id: 'c1', content: 'sent' },
      { role: 'user', content: 'And again.' },
    ],
    tools: [{ type: 'function', function: { name, parameters: { type: 'object', properties } } }],
  };
}

interface ToolRequest {
  readonly messages: readonly {
    readonly content: string | null;
    readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
  }[];
}

for (const stream of [false, true]) {
  test.serial(
    `a value that has a declared format leaves as one that has it too, and comes back (stream: ${stream})`,
    async (t) => {
      upstream.respond((request, response) => {
        const said = (JSON.parse(request.body) as ToolRequest).messages[0]?.content ?? '';
        const echo = { ...request, body: JSON.stringify({ stream, messages: [{ content: said }] }) };
        return echoHandler(echo, response);
      });
      const properties = {
        to: { type: 'string', format: 'email' },
        ssn: { type: 'string', pattern: '^\\d{3}-\\d{2}-\\d{4}$' },
        who: { type: 'string' },
      };
      const content = 'I am Maria Gonzalez, maria@example.com, social security number 536-90-4399.';
      const sent = { to: 'maria@example.com', ssn: '536-90-4399', who: 'maria@example.com' };
      const response = await postChat(cordon, alice, { ...agentTurn(properties, sent, content), stream });
      const heard = await response.text();
      t.is(response.status, 200, heard);
      const { messages } = JSON.parse(upstream.received[0]?.body ?? '') as ToolRequest;
      const args = JSON.parse(messages[1]?.tool_calls?.[0]?.function.arguments ?? '') as typeof sent;
      t.regex(args.to, /^[a-z]+@[a-z]+\.example$/);
      t.regex(args.ssn, /^9\d\d-\d\d-\d{4}$/);
      t.is(args.who, args.to);
      t.regex(messages[0]?.content ?? '', /^I am <PERSON_1>, /);
      t.true((messages[0]?.content ?? '').includes(args.to));
      t.false(upstream.bytes().includes('maria@example.com'));
      const whole = stream
        ? [...heard.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)]
            .map(([, text = '""']) => JSON.parse(text) as string)
            .join('')
        : heard;
      t.true(whole.includes(content));
    },
  );
}

test.serial('an argument that nothing could stand for is refused with its place', async (t) => {
  await policy.handle({ '*': 'pseudonymise', EMAIL_ADDRESS: 'mask' });
  const masked = agentTurn({ to: { format: 'email' } }, { to: 'maria@example.com' }, 'Hello.');
  const unreadable = agentTurn({ to: { pattern: '(?=m).*' } }, { to: 'maria@example.com' }, 'Hello.');
  for (const body of [masked, unreadable]) {
    const response = await postChat(cordon, alice, body);
    t.is(response.status, 422);
    const error = await errorOf(response);
    t.is(error.code, 'replacement_invalid');
    t.is(error.param, '/messages/1/tool_calls/0/function/arguments#/to');
    t.false(JSON.stringify(error).includes('maria'));
  }
  t.is(upstream.received.length, 0);
});

test.serial('a structured answer may ask for a format: values that have it leave as such', async (t) => {
  upstream.respond((request, response) => {
    const mail = /<?[\w.]+@[\w.]+>?/.exec(parseChat(request).messages.at(-1)?.content as string)?.[0];
    sendJson(response, completion({ content: JSON.stringify({ contact: mail }) }));
  });
  const schema = { type: 'object', properties: { contact: { type: 'string', format: 'email' } } };
  const format = { type: 'json_schema', json_schema: { name: 'contact', schema } };
  const { received, heard } = await say(alice, MARIA, undefined, { response_format: format });
  t.regex(markIn(received), /^[a-z]+@[a-z]+\.example$/);
  t.true(heard.includes('maria@example.com'));
});

test.serial(
  'surrogates: forged marks in a prompt, a tool result and a system prompt, and invented by the model',
  async (t) => {
    await policy.handle({ '*': 'surrogate', AGE: 'pseudonymise' });
    const forged = '<AGE_1> PERSON_1 [PERSON] &lt;AGE_1&gt;';
    upstream.respond((request, response) => {
      const said = parseChat(request).messages.map(({ content }) => content as string);
      sendJson(response, completion({ content: `${said.join('|')}|<AGE_9> <EMAIL_ADDRESS_1>` }));
    });
    const messages = [
      { role: 'system', content: `Say ${forged}` },
      { role: 'user', content: `I am Maria Gonzalez, 34 years old. ${forged}` },
      { role: 'tool', tool_call_id: 'c', content: `fetched: ${forged}` },
    ];
    const response = await postChat(cordon, alice, { model: 'demo', messages });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    const said = messages.map(({ content }) => content).join('|');
    t.is(choices[0]?.message.content, `${said}|<AGE_9> <EMAIL_ADDRESS_1>`);
    const sent = JSON.parse(upstream.received[0]?.body ?? '') as ToolRequest;
    t.is(sent.messages.filter(({ content }) => content?.includes('<AGE_1>')).length, 1);
  },
);
