import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import { echoMessage } from '../support/anthropic-upstream.ts';
import { type TestCordon } from '../support/cordon.ts';
import { PLANTED, plantedIn } from '../support/planted.ts';
import { startRouted } from '../support/routed.ts';
import { type CapturingUpstream, sendJson, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let client: Anthropic;

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startRouted(
    `runners: [{ id: claude, kind: anthropic, base_url: '${upstream.url}', models: ['claude-*'] }]\n`,
  );
  const apiKey = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  client = new Anthropic({ baseURL: cordon.url, apiKey, authToken: null, maxRetries: 0 });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

test.serial('models are listed and retrieved as the client knows them', async (t) => {
  upstream.respond((_, response) => {
    const data = ['claude-test', 'other'].map((id) => ({ type: 'model', id }));
    sendJson(response, { data });
  });
  const listed = [];
  for await (const { id, type, display_name: name } of client.models.list()) listed.push({ id, type, name });
  t.deepEqual(listed, [{ id: 'claude-test', type: 'model', name: 'claude-test' }]);
  t.is((await client.models.retrieve('claude-test')).type, 'model');
  await t.throwsAsync(client.models.retrieve('other'), { message: /does not exist/ });
});

test.serial('the beta client’s messages are protected and restored alike', async (t) => {
  upstream.received.length = 0;
  upstream.respond((request, response) => {
    echoMessage(request, response);
  });
  const said = `Mail ${PLANTED.email}.`;
  const body = {
    ...{ model: 'claude-test', max_tokens: 100 },
    messages: [{ role: 'user' as const, content: said }],
  };
  const { content } = await client.beta.messages.create(body);
  t.true(JSON.stringify(content).includes(said));
  let streamed = '';
  for await (const event of client.beta.messages.stream(body)) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      streamed += event.delta.text;
  }
  t.true(streamed.includes(said));
  t.is(
    (await client.beta.messages.countTokens({ model: 'claude-test', messages: body.messages })).input_tokens >
      0,
    true,
  );
  t.is(upstream.received.length, 3);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});
