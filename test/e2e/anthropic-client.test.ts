import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Anthropic, { AuthenticationError, PermissionDeniedError } from '@anthropic-ai/sdk';
import { type MessageParam, type Tool } from '@anthropic-ai/sdk/resources/messages/messages';
import test from 'ava';
import { CordonError } from '../../src/domain/errors.ts';
import {
  echoMessage,
  messageOf,
  parseMessages,
  streamMessage,
  textBlock,
  writeEvent,
} from '../support/anthropic-upstream.ts';
import { postChat, startTestCordon, temporaryDirectory, type TestCordon } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import { type CapturingUpstream, sendJson, startStream, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let breakFinish = false;

test.before(async () => {
  upstream = await startUpstream();
  const dataDirectory = temporaryDirectory();
  const file = path.join(dataDirectory, 'cordon.yaml');
  writeFileSync(
    file,
    `runners: [{ id: default, kind: anthropic, base_url: '${upstream.url}', models: ['claude-*'], api_key_env: CLAUDE_KEY }]\n`,
  );
  cordon = await startTestCordon({
    dataDirectory,
    env: { CORDON_CONFIG: file, CLAUDE_KEY: 'sk-ant-ours' },
    replace: {
      ledger: (real) => ({
        begin: (record) => real.begin(record),
        note: (record) => real.note(record),
        finish: (record) =>
          breakFinish
            ? Promise.reject(new CordonError('audit_unavailable', 'The audit cannot be written.'))
            : real.finish(record),
      }),
    },
  });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
  upstream.respond((request, response) => {
    echoMessage(request, response);
  });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

function client(apiKey: string | null = token): Anthropic {
  return new Anthropic({ baseURL: cordon.url, apiKey, authToken: null, maxRetries: 0 });
}

function ask(content: string): { model: string; max_tokens: number; messages: MessageParam[] } {
  return { model: 'claude-test', max_tokens: 100, messages: [{ role: 'user', content }] };
}

const TOOL: Tool = {
  name: 'send_mail',
  description: 'Sends a mail',
  input_schema: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
};

test.serial(
  'messages: the vendor sees no planted value and our key only, the client gets each value back',
  async (t) => {
    for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
      const answer = await client().messages.create(ask(prompt));
      t.deepEqual(
        answer.content.map((block) => (block.type === 'text' ? block.text : block.type)),
        [prompt],
      );
      t.is(answer.usage.output_tokens, 20);
    }
    t.is(upstream.received.length, 2);
    t.deepEqual(plantedIn(upstream.bytes()), []);
    t.regex(upstream.bytes(), /<EMAIL_ADDRESS_1>/);
    const [first] = upstream.received;
    t.is(first?.path, '/v1/messages');
    t.is(first?.headers['x-api-key'], 'sk-ant-ours');
    t.is(first?.headers['anthropic-version'], '2023-06-01');
    t.is(first?.headers.authorization, undefined);
    t.false(upstream.bytes().includes(token));
  },
);

test.serial('streaming messages: the same, in pieces of any size', async (t) => {
  for (const size of [1, 2, 7, 1000]) {
    upstream.respond((request, response) => {
      echoMessage(request, response, { size });
    });
    for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
      const stream = client().messages.stream(ask(prompt));
      let heard = '';
      stream.on('text', (text) => (heard += text));
      const final = await stream.finalMessage();
      t.is(heard, prompt);
      t.is(await stream.finalText(), prompt);
      t.is(final.stop_reason, 'end_turn');
      t.is(final.usage.output_tokens, 20);
    }
  }
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial(
  'a tool round trip with signed thinking: input restored, results protected, thinking sent back as it was signed',
  async (t) => {
    const signature = 'EqQBCgIYAhIkMGFmOGQ3'.repeat(5);
    for (const streaming of [false, true]) {
      upstream.received.length = 0;
      upstream.respond((request, response) => {
        const { messages } = parseMessages(request);
        if (messages.length > 1) {
          const last = JSON.stringify(messages.at(-1)?.content);
          sendJson(response, messageOf([{ type: 'text', text: `Done: ${last}` }]));
          return;
        }
        const email = /<EMAIL_ADDRESS_\d+>/.exec(request.body)?.[0] ?? 'none';
        const thinking = `I should write to ${email}.`;
        const input = { to: email, note: [`re: ${email}`] };
        const use = { type: 'tool_use', id: 'toolu_1', name: 'send_mail' };
        if (!streaming) {
          sendJson(
            response,
            messageOf(
              [
                { type: 'thinking', thinking, signature },
                { ...use, input },
              ],
              'tool_use',
            ),
          );
          return;
        }
        streamMessage(
          response,
          [
            {
              begin: { type: 'thinking', thinking: '', signature: '' },
              delta: (piece) => ({ type: 'thinking_delta', thinking: piece }),
              text: thinking,
              last: { type: 'signature_delta', signature },
            },
            {
              begin: { ...use, input: {} },
              delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
              text: JSON.stringify(input),
            },
          ],
          4,
        );
      });
      const first = { ...ask(ENGLISH_PROMPT), tools: [TOOL], thinking: { type: 'adaptive' as const } };
      const answer = streaming
        ? await client().messages.stream(first).finalMessage()
        : await client().messages.create(first);
      t.deepEqual(answer.content[0], {
        type: 'thinking',
        thinking: `I should write to ${PLANTED.email}.`,
        signature,
      });
      const call = answer.content[1];
      if (call?.type !== 'tool_use') return t.fail('no tool call came back');
      t.deepEqual(call.input, { to: PLANTED.email, note: [`re: ${PLANTED.email}`] });

      const result = `Sent to ${PLANTED.email}, paid with ${PLANTED.card}.`;
      const second = await client().messages.create({
        ...first,
        messages: [
          ...first.messages,
          { role: 'assistant', content: answer.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: result }] },
        ],
      });
      t.true(JSON.stringify(second.content).includes(result));
      t.is(upstream.received.length, 2);
      t.deepEqual(plantedIn(upstream.bytes()), []);
      const [, repeated] = upstream.received;
      const sent = parseMessages(repeated ?? t.fail()).messages[1]?.content as {
        thinking?: string;
        signature?: string;
      }[];
      t.regex(sent[0]?.thinking ?? '', /^I should write to <EMAIL_ADDRESS_1>\.$/);
      t.is(sent[0]?.signature, signature);
    }
  },
);

test.serial('a count of tokens is of the protected text', async (t) => {
  const { model, messages } = ask(ENGLISH_PROMPT);
  const count = await client().messages.countTokens({ model, messages, system: PLANTED.email });
  t.is(upstream.received[0]?.path, '/v1/messages/count_tokens');
  t.is(upstream.received[0]?.body.length, count.input_tokens);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

interface AnthropicErrorBody {
  readonly type: string;
  readonly error: { readonly type: string; readonly code: string; readonly param: string | null };
  readonly request_id: string;
}

test.serial('refusals have the shape that the client knows, with our code and place', async (t) => {
  const noKey = await t.throwsAsync(client('none').messages.create(ask('hello')), {
    instanceOf: AuthenticationError,
  });
  t.is(noKey.type, 'authentication_error');
  const mallory = await cordon.issueDevToken({ subject: 'mallory', tenant: 'acme', roles: ['nobody'] });
  const denied = await t.throwsAsync(client(mallory).messages.create(ask('hello')), {
    instanceOf: PermissionDeniedError,
  });
  t.is(denied.type, 'permission_error');
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  for (const [at, body, status, type, code, param] of [
    ['/v1/messages', { ...ask('x'), note: 'x' }, 422, 'invalid_request_error', 'shape_unknown', '/note'],
    [
      '/v1/messages',
      { ...ask('x'), messages: [{ role: 'user', content: [image] }] },
      422,
      'invalid_request_error',
      'content_opaque',
      '/messages/0/content/0/source/data',
    ],
    ['/v1/messages', { ...ask('x'), model: 'gpt' }, 404, 'not_found_error', 'not_found', '/model'],
    ['/v1/messages', `"${'x'.repeat(11_000_000)}"`, 413, 'request_too_large', 'payload_too_large', null],
    ['/v1/messages/batches', ask('x'), 501, 'api_error', 'endpoint_not_inspected', null],
    ['/v1/messages/count_tokens', ask('x'), 422, 'invalid_request_error', 'shape_unknown', '/max_tokens'],
  ] as const) {
    const response = await postChat(cordon, token, body, { path: at });
    t.is(response.status, status);
    const { type: kind, error, request_id: id } = (await response.json()) as AnthropicErrorBody;
    t.is(kind, 'error');
    t.like(error, { type, code, param });
    t.is(response.headers.get('cordon-request-id'), id);
  }
  t.is(upstream.received.length, 0);
});

test.serial('a key in x-api-key counts on Anthropic’s paths, and only without a bearer token', async (t) => {
  const send = async (at: string, headers: Record<string, string>) =>
    (await postChat(cordon, undefined, ask('hello'), { path: at, headers })).status;
  t.is(await send('/v1/messages', { 'x-api-key': token }), 200);
  t.is(await send('/v1/messages', { 'x-api-key': token, authorization: 'Bearer x' }), 401);
  t.is(await send('/v1/messages', { 'x-api-key': 'x', authorization: `Bearer ${token}` }), 200);
  t.is(await send('/v1/messagesx', { 'x-api-key': token }), 401);
  t.is(await send('/v1/chat/completions', { 'x-api-key': token }), 401);
  t.false(upstream.bytes().includes(token));
});

test.serial(
  'an overloaded vendor is told apart from a failing one, and its words are not passed on',
  async (t) => {
    for (const [status, type, told] of [
      [529, 'overloaded_error', 'overloaded_error'],
      [500, 'api_error', 'api_error'],
      [429, 'rate_limit_error', 'rate_limit_error'],
      [400, 'invalid_request_error', 'invalid_request_error'],
    ] as const) {
      upstream.respond((_, response) => {
        sendJson(response, { type: 'error', error: { type, message: PLANTED.email } }, status);
      });
      const response = await postChat(cordon, token, ask('hello'), { path: '/v1/messages' });
      const text = await response.text();
      t.is((JSON.parse(text) as AnthropicErrorBody).error.type, told);
      t.false(text.includes(PLANTED.email));
    }
  },
);

test.serial('what goes wrong inside a stream reaches the client as an error of its kind', async (t) => {
  upstream.respond((_, response) => {
    startStream(response);
    writeEvent(response, { type: 'message_start', message: { content: [], usage: { input_tokens: 1 } } });
    writeEvent(response, { type: 'error', error: { type: 'overloaded_error', message: PLANTED.email } });
  });
  const overloaded = await t.throwsAsync(client().messages.stream(ask('hello')).finalMessage());
  t.regex(overloaded.message, /overloaded/);
  t.false(overloaded.message.includes(PLANTED.email));
  upstream.respond((_, response) => {
    startStream(response);
    writeEvent(response, { type: 'message_start', message: { content: [], usage: { input_tokens: 1 } } });
    response.end();
  });
  const early = await t.throwsAsync(client().messages.stream(ask('hello')).finalMessage());
  t.regex(early.message, /ended the stream early/);
});

test.serial('the last event is not released when the call’s record cannot be written', async (t) => {
  upstream.respond((_, response) => {
    streamMessage(response, [textBlock('hello')], 2);
  });
  breakFinish = true;
  const response = await postChat(cordon, token, { ...ask('hello'), stream: true }, { path: '/v1/messages' });
  const heard = await response.text();
  breakFinish = false;
  t.regex(heard, /^event: message_start\ndata: \{"type":"message_start"/);
  t.notRegex(heard, /message_stop/);
  t.regex(
    heard,
    /event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error".*audit_unavailable/,
  );
  const whole = await postChat(cordon, token, { ...ask('hello'), stream: true }, { path: '/v1/messages' });
  t.true((await whole.text()).endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n'));
});
