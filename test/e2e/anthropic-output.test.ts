import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import { messageOf } from '../support/anthropic-upstream.ts';
import { startTestCordon, temporaryDirectory } from '../support/cordon.ts';
import { ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import { sendJson, startUpstream } from '../support/upstream.ts';

test('structured output is parsed to the caller’s own values by Anthropic’s client', async (t) => {
  const upstream = await startUpstream((request, response) => {
    const email = /<EMAIL_ADDRESS_\d+>/.exec(request.body)?.[0] ?? 'none';
    sendJson(response, messageOf([{ type: 'text', text: JSON.stringify({ email }) }]));
  });
  t.teardown(() => upstream.close());
  const dataDirectory = temporaryDirectory();
  const file = path.join(dataDirectory, 'cordon.yaml');
  writeFileSync(file, `runners: [{ id: default, kind: anthropic, base_url: '${upstream.url}' }]\n`);
  const cordon = await startTestCordon({ dataDirectory, env: { CORDON_CONFIG: file } });
  t.teardown(() => cordon.dispose());
  const apiKey = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const client = new Anthropic({ baseURL: cordon.url, apiKey, maxRetries: 0 });
  const schema = {
    type: 'object' as const,
    properties: { email: { type: 'string' as const } },
    required: ['email'],
    additionalProperties: false,
  };
  const answer = await client.messages.parse({
    model: 'claude-test',
    max_tokens: 100,
    messages: [{ role: 'user', content: ENGLISH_PROMPT }],
    output_config: { format: { type: 'json_schema', schema } },
  });
  t.like(answer.content[0], { type: 'text', text: JSON.stringify({ email: PLANTED.email }) });
  t.true(upstream.received[0]?.body.includes('json_schema'));
  t.deepEqual(plantedIn(upstream.bytes()), []);
});
