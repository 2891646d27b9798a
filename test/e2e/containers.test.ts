import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { PLANTED, plantedIn } from '../support/planted.ts';
import { type CapturingUpstream, sendJson, startStream, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let alice: string;
let bob: string;

test.before(async () => {
  upstream = await startUpstream((request, response) => {
    const call = { type: 'code_interpreter_call', id: 'ci_1', status: 'completed', code: '1', outputs: [] };
    if (request.path === '/v1/responses') {
      const output = [{ ...call, container_id: 'cntr_1' }];
      sendJson(response, { id: 'resp_1', object: 'response', status: 'completed', output });
      return;
    }
    const message = {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'demo', stop_reason: 'end_turn' },
      ...{ content: [], usage: { input_tokens: 1, output_tokens: 1 } },
      container: { id: 'container_2', expires_at: '2030-01-01T00:00:00Z' },
    };
    if (!request.body.includes('"stream":true')) {
      sendJson(response, { ...message, container: { ...message.container, id: 'container_1' } });
      return;
    }
    startStream(response);
    response.write(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`);
    response.end('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  });
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  alice = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  bob = await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

const asking = (more: object): object => ({ model: 'demo', input: `I am ${PLANTED.person}.`, ...more });
const inContainer = (id: string): object => asking({ tools: [{ type: 'code_interpreter', container: id }] });

test.serial(
  'a container is the caller’s who was given it, stored answer or not, and nobody else’s',
  async (t) => {
    const ask = async (token: string, body: object): Promise<Response> =>
      postChat(cordon, token, body, { path: '/v1/responses' });
    t.is((await errorOf(await ask(alice, inContainer('cntr_1')))).code, 'content_opaque');
    t.is((await ask(alice, asking({ store: false }))).status, 200);
    t.is((await ask(alice, inContainer('cntr_1'))).status, 200);
    const history = [
      { type: 'code_interpreter_call', id: 'ci_1', code: '1', container_id: 'cntr_1', outputs: [] },
    ];
    t.is((await ask(alice, asking({ input: history }))).status, 200);
    upstream.received.length = 0;
    for (const body of [inContainer('cntr_1'), asking({ input: history })]) {
      const refused = await ask(bob, body);
      t.is(refused.status, 422);
      t.is((await errorOf(refused)).code, 'content_opaque');
    }
    t.is(upstream.received.length, 0);
  },
);

test.serial('a container of Anthropic’s is its caller’s as well, given in JSON or in a stream', async (t) => {
  const ask = (token: string, container?: string): Promise<unknown> =>
    new Anthropic({ baseURL: cordon.url, apiKey: token, authToken: null, maxRetries: 0 }).messages.create({
      ...{ model: 'demo', max_tokens: 9, messages: [{ role: 'user', content: `I am ${PLANTED.person}.` }] },
      ...(container === undefined ? {} : { container }),
    });
  await t.throwsAsync(ask(alice, 'container_1'), { message: /content_opaque/ });
  await ask(alice);
  await t.notThrowsAsync(ask(alice, 'container_1'));
  await t.throwsAsync(ask(bob, 'container_1'), { message: /content_opaque/ });
  const body = { model: 'demo', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hello' }] };
  await (await postChat(cordon, alice, body, { path: '/v1/messages' })).text();
  await t.notThrowsAsync(ask(alice, 'container_2'));
  await t.throwsAsync(ask(bob, 'container_2'), { message: /content_opaque/ });
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('files, vector stores and recordings that a runner holds need a grant', async (t) => {
  upstream.received.length = 0;
  const audio = [{ role: 'assistant', audio: { id: 'audio_1' } }];
  for (const [path, body, param] of [
    [
      '/v1/responses',
      asking({ tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }),
      '/tools/0/vector_store_ids/0',
    ],
    [
      '/v1/responses',
      asking({ tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1'] } }] }),
      '/tools/0/container/file_ids/0',
    ],
    ['/v1/chat/completions', { model: 'demo', messages: audio }, '/messages/0/audio/id'],
  ] as const) {
    const refused = await postChat(cordon, alice, body, { path });
    t.is(refused.status, 422);
    t.like(await errorOf(refused), { code: 'content_opaque', param });
  }
  t.is(upstream.received.length, 0);
});
