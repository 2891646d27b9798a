import test from 'ava';
import { messageOf } from '../support/anthropic-upstream.ts';
import { errorOf, postChat } from '../support/cordon.ts';
import { ENGLISH_PROMPT, plantedIn } from '../support/planted.ts';
import { attemptsOf } from '../support/routed.ts';
import { startTwoKinds, type TwoKinds } from '../support/two-kinds.ts';
import { sendJson } from '../support/upstream.ts';

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

test.serial("OpenAI's client talks to Anthropic's API: protected there, restored here", async (t) => {
  const answer = await two.openai().chat.completions.create({
    model: 'claude-test',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: ENGLISH_PROMPT },
    ],
    stop: ['END'],
    safety_identifier: 'maria',
  });
  t.is(answer.choices[0]?.message.content, ENGLISH_PROMPT);
  t.is(answer.choices[0]?.finish_reason, 'stop');
  t.deepEqual(
    [answer.usage?.prompt_tokens, answer.usage?.completion_tokens, answer.usage?.total_tokens],
    [10, 20, 30],
  );
  const [sent] = two.claude.received;
  t.is(sent?.path, '/v1/messages');
  t.deepEqual(plantedIn(two.claude.bytes()), []);
  const body = JSON.parse(sent?.body ?? '') as Record<string, unknown>;
  t.deepEqual(body['system'], [{ type: 'text', text: 'Be brief.' }]);
  t.deepEqual(body['stop_sequences'], ['END']);
  t.is(body['max_tokens'], 4096);
  t.notRegex(JSON.stringify(body['metadata']), /maria/);
});

test.serial("OpenAI's client streams from Anthropic's API", async (t) => {
  const stream = two.openai().chat.completions.stream({
    model: 'claude-test',
    messages: [{ role: 'user', content: ENGLISH_PROMPT }],
    stream_options: { include_usage: true },
  });
  const final = await stream.finalChatCompletion();
  t.is(final.choices[0]?.message.content, ENGLISH_PROMPT);
  t.is(final.usage?.total_tokens, 30);
  t.deepEqual(plantedIn(two.claude.bytes()), []);
});

test.serial("Anthropic's client talks to OpenAI's API, and streams from it", async (t) => {
  const ask = {
    model: 'gpt-test',
    max_tokens: 50,
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: ENGLISH_PROMPT }],
  };
  const answer = await two.anthropic().messages.create(ask);
  t.deepEqual(answer.content[0], { type: 'text', text: ENGLISH_PROMPT });
  t.is(answer.stop_reason, 'end_turn');
  t.is(answer.usage.output_tokens, 20);
  const [sent] = two.gpt.received;
  t.is(sent?.path, '/v1/chat/completions');
  t.is((JSON.parse(sent?.body ?? '') as Record<string, unknown>)['max_completion_tokens'], 50);
  const names: string[] = [];
  const stream = two.anthropic().messages.stream(ask);
  stream.on('streamEvent', ({ type }) => {
    if (names.at(-1) !== type) names.push(type);
  });
  t.is(await stream.finalText(), ENGLISH_PROMPT);
  t.deepEqual(names, [
    ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
    ...['message_delta', 'message_stop'],
  ]);
  t.deepEqual(plantedIn(two.gpt.bytes()), []);
});

test.serial('structured output keeps its schema either way', async (t) => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  } as const;
  two.claude.respond((_, response) => {
    sendJson(response, messageOf([{ type: 'text', text: '{"n":1}' }]));
  });
  await two.openai().chat.completions.create({
    model: 'claude-test',
    messages: [{ role: 'user', content: 'one' }],
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } },
  });
  t.deepEqual((JSON.parse(two.claude.received[0]?.body ?? '') as Record<string, unknown>)['output_config'], {
    format: { type: 'json_schema', schema },
  });
  await two.anthropic().messages.create({
    model: 'gpt-test',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'one' }],
    output_config: { format: { type: 'json_schema', schema } },
  });
  t.deepEqual((JSON.parse(two.gpt.received[0]?.body ?? '') as Record<string, unknown>)['response_format'], {
    type: 'json_schema',
    json_schema: { name: 'answer', schema, strict: true },
  });
});

test.serial(
  'what cannot be said to the other vendor is refused with its place, and nothing leaves',
  async (t) => {
    const message = { role: 'user', content: 'x' };
    const refused: readonly (readonly [object, string])[] = [
      [{ n: 2 }, '/n'],
      [{ logit_bias: { 1: 2 } }, '/logit_bias'],
      [{ seed: 1 }, '/seed'],
      [{ temperature: 1.5 }, '/temperature'],
      [{ response_format: { type: 'json_object' } }, '/response_format/type'],
      [{ messages: [message, { role: 'assistant', content: 'so' }] }, '/messages/1'],
      [{ tools: [{ type: 'custom', custom: { name: 'a' } }] }, '/tools/0/type'],
    ];
    for (const [extra, param] of refused) {
      const ask = { model: 'claude-test', messages: [message], ...extra };
      const response = await postChat(two.cordon, two.token, ask);
      t.is(response.status, 422, param);
      const error = await errorOf(response);
      t.deepEqual([error.code, error.param], ['untranslatable', param]);
    }
    const response = await postChat(
      two.cordon,
      two.token,
      { model: 'claude-test', input: 'x' },
      { path: '/v1/embeddings' },
    );
    t.is(response.status, 422);
    t.is(two.claude.received.length, 0);
  },
);

test.serial('a runner of the other kind is a fallback, unless it could not be told', async (t) => {
  two.gpt.respond((_, response) => {
    sendJson(response, {}, 500);
  });
  const answer = await two
    .openai()
    .chat.completions.create({ model: 'either', messages: [{ role: 'user', content: ENGLISH_PROMPT }] })
    .withResponse();
  t.is(answer.data.choices[0]?.message.content, ENGLISH_PROMPT);
  t.deepEqual(await attemptsOf(two.cordon, answer.response.headers.get('cordon-request-id')), [
    'gpt failed 500',
    'claude answered 200',
  ]);
  t.deepEqual([...plantedIn(two.gpt.bytes()), ...plantedIn(two.claude.bytes())], []);
  two.claude.received.length = 0;
  const ask = { model: 'either', seed: 1, messages: [{ role: 'user', content: 'x' }] };
  const response = await postChat(two.cordon, two.token, ask);
  t.is(response.status, 502);
  t.deepEqual(await attemptsOf(two.cordon, response.headers.get('cordon-request-id')), [
    'claude skipped untranslatable',
    'gpt failed 500',
  ]);
  t.is(two.claude.received.length, 0);
});

test.serial('the record holds the body as the runner got it, and the answer as it gave it', async (t) => {
  const ask = { model: 'claude-test', messages: [{ role: 'user', content: ENGLISH_PROMPT }] };
  const response = await postChat(two.cordon, two.token, ask);
  t.is(response.status, 200);
  const shown = await two.cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
  t.true(JSON.stringify(shown?.body).includes(quoted(two.claude.received[0]?.body ?? 'nothing')));
  t.regex(JSON.stringify(shown?.response), /end_turn/);
});
