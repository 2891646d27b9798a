import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import { createHash } from 'node:crypto';
import { type OpenAI } from 'openai';
import { type PolicySnapshot } from '../../src/domain/policy.ts';
import { responseOf } from '../dialects/recorded-responses.ts';
import { ruleOf, snapshotOf } from '../policy/sets.ts';
import { messageOf } from '../support/anthropic-upstream.ts';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { chatWith, dataUrl, OPAQUE, PNG } from '../support/opaque-parts.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import { type CapturingUpstream, completion, sendJson, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let openai: OpenAI;
let anthropic: Anthropic;
let closed: PolicySnapshot;
let open: PolicySnapshot;
let policy: PolicySnapshot;

const HANDLING = [{ id: 'all', entities: ['*'], handling: 'pseudonymise' }];

test.before(async () => {
  closed = await snapshotOf({ handling: HANDLING });
  open = await snapshotOf({ rules: [ruleOf({ opaque: true })], handling: HANDLING });
  policy = closed;
  // Each answer says what the files said.
  upstream = await startUpstream(({ path, body }, response) => {
    const said = filesIn(JSON.parse(body)).join('\n');
    if (path.endsWith('/messages')) sendJson(response, messageOf([{ type: 'text', text: said }]));
    else if (path.endsWith('/responses')) {
      const content = [{ type: 'output_text', text: said, annotations: [] }];
      sendJson(
        response,
        responseOf([{ id: 'm', type: 'message', role: 'assistant', status: 'completed', content }]),
      );
    } else sendJson(response, completion({ content: said }));
  });
  cordon = await startTestCordon({
    runnerUrl: upstream.url,
    replace: { policy: { current: () => policy } },
  });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  openai = cordon.client(token);
  anthropic = new Anthropic({ baseURL: cordon.url, apiKey: token, maxRetries: 0 });
});

test.beforeEach(() => {
  policy = closed;
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

/** What stands, as text, in the base64 of a body. */
function filesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const [, data] = /^(?:data:[^,]*,)?([A-Za-z0-9+/=]{24,})$/.exec(value) ?? [];
    return data === undefined ? [] : [Buffer.from(data, 'base64').toString('utf8')];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesIn) : [];
}

/** All that the runner was sent, with the files opened. */
function received(): string {
  return upstream.received.map(({ body }) => `${body}\n${filesIn(JSON.parse(body)).join('\n')}`).join('\n');
}

test.serial('a text file leaves protected, and what the answer says of it is restored', async (t) => {
  for (const [type, content] of [
    ['text/plain', ENGLISH_PROMPT],
    ['text/markdown;charset=utf-8', `# Case\n\n${CHINESE_PROMPT}`],
    ['text/csv', `name,email\n${PLANTED.person},${PLANTED.email}`],
    ['application/json', JSON.stringify({ note: ENGLISH_PROMPT })],
    ['application/json', `{"note":"M\\u0061ria Gonzalez, ${PLANTED.email}"}`],
    ['text/html', `&lt;p&gt;${ENGLISH_PROMPT}`],
    ['application/yaml', `email: ${PLANTED.email}`],
  ] as const) {
    const chat = await openai.chat.completions.create({
      model: 'demo',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What does the file say?' },
            { type: 'file', file: { filename: `${PLANTED.email}.txt`, file_data: dataUrl(type, content) } },
          ],
        },
      ],
    });
    const answer = await openai.responses.create({
      model: 'demo',
      input: [
        {
          role: 'user',
          content: [{ type: 'input_file', filename: 'case.txt', file_data: dataUrl(type, content) }],
        },
      ],
    });
    const wanted = plantedIn(content);
    t.true(wanted.length > 0);
    for (const said of [chat.choices[0]?.message.content ?? '', answer.output_text]) {
      t.true(wanted.every((value) => said.includes(value)) && !said.includes('<'), said);
    }
  }
  t.deepEqual(plantedIn(received()), []);
  t.regex(received(), /data:text\/markdown;charset=utf-8;base64,/);
});

test.serial('documents of Anthropic’s API: text, content, and base64 of text', async (t) => {
  const documents = [
    { type: 'text', media_type: 'text/plain', data: ENGLISH_PROMPT },
    { type: 'content', content: [{ type: 'text', text: ENGLISH_PROMPT }] },
    { type: 'base64', media_type: 'text/csv', data: Buffer.from(ENGLISH_PROMPT).toString('base64') },
  ];
  for (const source of documents) {
    const message = await anthropic.messages.create({
      model: 'demo',
      max_tokens: 64,
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', title: PLANTED.email, source } as Anthropic.DocumentBlockParam],
        },
      ],
    });
    if (source.type !== 'base64') continue;
    t.deepEqual(plantedIn(JSON.stringify(message.content)), plantedIn(ENGLISH_PROMPT));
  }
  t.is(upstream.received.length, 3);
  t.deepEqual(plantedIn(received()), []);
});

test.serial('a tool result of Anthropic’s API may hold a document', async (t) => {
  const data = Buffer.from(ENGLISH_PROMPT).toString('base64');
  const source = { type: 'base64', media_type: 'text/plain', data };
  const content = [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'document', source }] }];
  const body = { model: 'demo', max_tokens: 9, messages: [{ role: 'user', content }] };
  const response = await postChat(cordon, token, body, { path: '/v1/messages' });
  t.is(response.status, 200);
  t.deepEqual(plantedIn(received()), []);
});

for (const [title, endpoint, body, pointer] of OPAQUE) {
  test.serial(`${title} is refused, unless the policy grants it; then it is recorded`, async (t) => {
    const path = `/v1/${endpoint}`;
    const refused = await postChat(cordon, token, body, { path });
    t.is(refused.status, 422);
    const { code, param } = await errorOf(refused);
    t.deepEqual([code, param], ['content_opaque', pointer]);
    t.is(upstream.received.length, 0);
    policy = open;
    const granted = await postChat(cordon, token, body, { path, headers: { 'cordon-coverage': 'summary' } });
    t.is(granted.status, 200, await granted.clone().text());
    t.regex(
      granted.headers.get('cordon-coverage') ?? '',
      /^scanned=\d+, transformed=0, structural=\d+, opaque=1$/,
    );
    t.is(upstream.received[0]?.body, JSON.stringify(body));
    const call = await cordon.audit.show(granted.headers.get('cordon-request-id') ?? '');
    const coverage = call?.decision?.data['coverage'] as { readonly opaque: number };
    t.is(coverage.opaque, 1);
    const findings = call?.findings.state === 'open' ? call.findings.value : t.fail('not open');
    t.is(findings.opaque.length, 1);
    const [part] = findings.opaque as { readonly pointer: string; readonly sha256: string }[];
    t.is(part?.pointer, pointer);
    t.regex(part?.sha256 ?? '', /^[0-9a-f]{64}$/);
  });
}

test.serial('what is recorded of an image is the digest and size of its bytes', async (t) => {
  policy = open;
  const response = await postChat(
    cordon,
    token,
    chatWith({ type: 'image_url', image_url: { url: dataUrl('image/png', PNG) } }),
  );
  const call = await cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
  const findings = call?.findings.state === 'open' ? call.findings.value : t.fail('not open');
  const sha256 = createHash('sha256').update(PNG).digest('hex');
  t.deepEqual(findings.opaque, [
    { pointer: '/messages/0/content/0/image_url/url', bytes: PNG.length, sha256 },
  ]);
});

test.serial('an address is looked at even where the policy grants what stands behind it', async (t) => {
  policy = open;
  const url = `https://example.com/?card=4111111111111111`;
  const response = await postChat(cordon, token, chatWith({ type: 'image_url', image_url: { url } }));
  t.is((await errorOf(response)).code, 'entity_blocked');
  t.is(upstream.received.length, 0);
});

test.serial('credentials and texts spelled in tokens are refused whatever the policy grants', async (t) => {
  policy = open;
  const tool = { type: 'mcp', server_label: 'x', authorization: 'secret' };
  for (const [path, body] of [
    ['/v1/responses', { model: 'demo', input: 'x', tools: [tool] }],
    ['/v1/embeddings', { model: 'demo', input: [1, 2] }],
  ] as const) {
    t.is((await errorOf(await postChat(cordon, token, body, { path }))).code, 'content_opaque');
  }
});

test.serial('coverage is told to who asks, in counts only', async (t) => {
  const ask = (headers: Record<string, string>) =>
    postChat(cordon, token, chatWith({ type: 'text', text: PLANTED.email }), { headers });
  const told = await ask({ 'cordon-coverage': 'summary' });
  // The model and the text are looked at; role and type are structure.
  t.is(told.headers.get('cordon-coverage'), 'scanned=2, transformed=1, structural=2, opaque=0');
  t.is((await ask({})).headers.get('cordon-coverage'), null);
  t.is((await ask({ 'cordon-coverage': 'pointers' })).status, 400);
});

test.serial('features of Anthropic’s that are safe are passed on, the rest is left out', async (t) => {
  const ask = { model: 'demo', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };
  await anthropic.beta.messages.create({
    ...ask,
    betas: ['interleaved-thinking-2025-05-14', 'files-api-2025-04-14', PLANTED.email],
  });
  await anthropic.messages.create(ask);
  t.deepEqual(
    upstream.received.map(({ headers }) => headers['anthropic-beta']),
    ['interleaved-thinking-2025-05-14', undefined],
  );
});
