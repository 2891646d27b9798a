import test from 'ava';
import { Secret } from '../../src/domain/secret.ts';
import { createAnthropicRunner } from '../../src/runners/anthropic.ts';
import { sendJson, startUpstream } from '../support/upstream.ts';

test('the vendor gets the body as it is, our key in its own header, and its version', async (t) => {
  const upstream = await startUpstream((_, response) => {
    sendJson(response, { ok: true });
  });
  for (const apiKey of [new Secret('sk-ant-ours'), undefined]) {
    const runner = createAnthropicRunner({
      destination: { runner: 'r', trust: 'external', region: 'us' },
      baseUrl: upstream.url,
      models: ['claude-*'],
      speaks: ['anthropic'],
      apiKey,
      connectTimeoutMs: 1_000,
      responseTimeoutMs: 5_000,
      idleTimeoutMs: 5_000,
      connections: 4,
    });
    const response = await runner.send(
      { path: '/messages', method: 'POST', body: '{"a":1}', requestId: 'id-1' },
      new AbortController().signal,
    );
    t.is(response.status, 200);
    response.discard();
    await runner.close();
  }
  const [withKey, without] = upstream.received;
  t.is(withKey?.path, '/v1/messages');
  t.is(withKey?.body, '{"a":1}');
  t.is(withKey?.headers['x-api-key'], 'sk-ant-ours');
  t.is(withKey?.headers['anthropic-version'], '2023-06-01');
  t.is(withKey?.headers.authorization, undefined);
  t.is(without?.headers['x-api-key'], undefined);
  await upstream.close();
});
