import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import OpenAI from 'openai';
import { writeEvent } from '../support/anthropic-upstream.ts';
import { errorOf, postChat } from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { startTwoKinds, type TwoKinds } from '../support/two-kinds.ts';
import { sendJson, startStream } from '../support/upstream.ts';

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

const HEAD = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

test.serial('errors of the one vendor are told in the shape of the other', async (t) => {
  for (const [status, type, expected] of [
    [401, 'authentication_error', 502],
    [429, 'rate_limit_error', 429],
    [500, 'api_error', 502],
    [529, 'overloaded_error', 503],
    [400, 'invalid_request_error', 400],
  ] as const) {
    two.claude.respond((request, response) => {
      sendJson(response, { type: 'error', error: { type, message: request.body } }, status);
    });
    const failed = await t.throwsAsync<InstanceType<typeof OpenAI.APIError>>(
      two.openai().chat.completions.create({
        model: 'claude-test',
        messages: [{ role: 'user', content: PLANTED.email }],
      }),
      { instanceOf: OpenAI.APIError },
    );
    t.is(failed.status, expected);
    t.notRegex(failed.message, /EMAIL|example/);
  }
  for (const [status, expected] of [
    [401, 502],
    [429, 429],
    [500, 502],
  ] as const) {
    two.gpt.respond((request, response) => {
      sendJson(response, { error: { message: request.body, type: 'x', code: 'y' } }, status);
    });
    const failed = await t.throwsAsync<InstanceType<typeof Anthropic.APIError>>(
      two.anthropic().messages.create({
        model: 'gpt-test',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'x' }],
      }),
      { instanceOf: Anthropic.APIError },
    );
    t.is(failed.status, expected);
  }
});

test.serial(
  'a stream that is cut, lies or fails ends in a well-formed error of the caller’s dialect',
  async (t) => {
    const lies: readonly ((response: Parameters<typeof startStream>[0]) => void)[] = [
      (response) => {
        writeEvent(response, { type: 'message_start', message: HEAD });
        response.destroy();
      },
      (response) => {
        writeEvent(response, { type: 'message_start', message: HEAD });
        response.end();
      },
      (response) => {
        writeEvent(response, { type: 'message_start', message: HEAD });
        writeEvent(response, { type: 'error', error: { type: 'overloaded_error', message: 'secret words' } });
        response.end();
      },
      (response) => {
        writeEvent(response, {
          type: 'content_block_delta',
          index: 7,
          delta: { type: 'text_delta', text: 'x' },
        });
        response.end();
      },
      (response) => {
        writeEvent(response, { type: 'message_stop' });
        response.end();
      },
      (response) => response.end('data: [1,2]\n\n'),
      (response) => response.end(`data: {"type":"${'x'.repeat(10 * 1024 * 1024)}"}\n\n`),
    ];
    for (const [i, lie] of lies.entries()) {
      two.claude.respond((_, response) => {
        startStream(response);
        lie(response);
      });
      const ask = { model: 'claude-test', stream: true, messages: [{ role: 'user', content: 'x' }] };
      const response = await postChat(two.cordon, two.token, ask);
      const last = (await response.text()).split('\n\n').filter(Boolean).at(-1) ?? '';
      const { error } = JSON.parse(last.replace(/^data: /, '')) as {
        error: { code: string; message: string };
      };
      t.regex(error.code, /^upstream_/, String(i));
      t.notRegex(error.message, /secret/);
    }
    for (const body of ['{"choices":[{},{}]}', '{"id":1,"choices":[{"delta":{}}]}', '[DONE]', '"x"']) {
      two.gpt.respond((_, response) => {
        startStream(response);
        response.end(`data: ${body}\n\n`);
      });
      const ask = {
        model: 'gpt-test',
        max_tokens: 9,
        stream: true,
        messages: [{ role: 'user', content: 'x' }],
      };
      const response = await postChat(two.cordon, two.token, ask, { path: '/v1/messages' });
      t.regex(await response.text(), /event: error\ndata: \{"type":"error","error":\{.*"upstream_/, body);
    }
  },
);

test.serial('answers of a wrong shape are a clear error', async (t) => {
  for (const body of [
    '{}',
    '{"content":[{"type":"video"}]}',
    '{"content":[{"type":"text"}]}',
    '{nonsense',
    '[]',
  ]) {
    two.claude.respond((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const ask = { model: 'claude-test', messages: [{ role: 'user', content: 'x' }] };
    const response = await postChat(two.cordon, two.token, ask);
    t.is(response.status, 502, body);
    t.is((await errorOf(response)).code, 'upstream_invalid');
  }
  for (const body of [
    '{}',
    '{"choices":[]}',
    '{"id":"a","model":"m","choices":[{"message":{"content":1},"finish_reason":"stop"}]}',
  ]) {
    two.gpt.respond((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const ask = { model: 'gpt-test', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] };
    const response = await postChat(two.cordon, two.token, ask, { path: '/v1/messages' });
    t.is(response.status, 502, body);
    t.is((await errorOf(response)).code, 'upstream_invalid');
  }
});
