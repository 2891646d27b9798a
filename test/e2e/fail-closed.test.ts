import test from 'ava';
import {
  type TestCordon,
  errorOf,
  postChat,
  startTestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import { PLANTED, plantedIn } from '../support/planted.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: chat, effect: allow, subjects: ['role:user'], operations: [chat, models], models: ['*'], runners: ['*'] }
  - { id: no-mallory, effect: deny, subjects: ['subject:mallory'], operations: ['*'], models: ['*'], runners: ['*'] }
handling:
  - { id: cards, entities: [CREDIT_CARD], handling: block }
  - { id: rest, entities: ['*'], handling: pseudonymise }
`;

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let breakDetector = false;

test.before(async () => {
  const policy = path.join(temporaryDirectory(), 'policy.yaml');
  writeFileSync(policy, POLICY);
  const config = path.join(path.dirname(policy), 'cordon.yaml');
  writeFileSync(config, `policy: { file: ${policy} }\ndetection: { timeout_ms: 2000 }\n`);
  upstream = await startUpstream();
  cordon = await startTestCordon({
    runnerUrl: upstream.url,
    env: { CORDON_CONFIG: config },
    replace: {
      detector: (real) => ({
        version: real.version,
        detect: (requests, signal) =>
          breakDetector ? Promise.reject(new Error('gone')) : real.detect(requests, signal),
      }),
    },
  });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

test.serial('no token or a bad one: 401, all alike', async (t) => {
  const answers = await Promise.all(
    [undefined, 'nonsense', `${token}x`, token.split('.').slice(0, 2).join('.') + '.'].map(async (bad) => {
      const response = await postChat(cordon, bad, userMessage('hello'));
      const { message, type, code, param } = await errorOf(response);
      return { status: response.status, error: { message, type, code, param } };
    }),
  );
  for (const answer of answers) t.deepEqual(answer, answers[0]);
  t.is(answers[0]?.status, 401);
  t.is(answers[0]?.error.code, 'unauthenticated');
  t.is(upstream.received.length, 0);
});

test.serial('no matching allow, or a deny: 403', async (t) => {
  const guest = await cordon.issueDevToken({ subject: 'bob', tenant: 'acme', roles: ['guest'] });
  const none = await postChat(cordon, guest, userMessage('hello'));
  t.is(none.status, 403);
  t.is((await errorOf(none)).code, 'no_matching_allow');
  const mallory = await cordon.issueDevToken({ subject: 'mallory', tenant: 'acme' });
  const denied = await postChat(cordon, mallory, userMessage('hello'));
  t.is(denied.status, 403);
  t.is((await errorOf(denied)).code, 'matched_deny');
  const purpose = await postChat(cordon, token, userMessage('hello'), {
    headers: { 'cordon-purpose': 'marketing' },
  });
  t.is(purpose.status, 403);
  t.is(upstream.received.length, 0);
});

test.serial('what is not served is refused with a record, and without the words of its path', async (t) => {
  for (const [method, at, status, code] of [
    ['POST', '/v1/audio/speech', 501, 'endpoint_not_inspected'],
    ['DELETE', '/v1/chat/completions', 405, 'method_not_allowed'],
    ['POST', `/of/${PLANTED.email}`, 404, 'not_found'],
  ] as const) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${cordon.url}${at}`, { method, headers });
    t.is(response.status, status);
    t.is((await errorOf(response)).code, code);
    const shown = await cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
    t.like(shown?.decision?.data, { operation: 'unrouted', allow: false, reason: code }, at);
    t.like(shown?.completion?.data, { outcome: 'denied', error: code });
    t.deepEqual(plantedIn(JSON.stringify(shown)), []);
  }
  t.is((await fetch(`${cordon.url}/v1/audio/speech`, { method: 'POST' })).status, 401);
  t.is(upstream.received.length, 0);
});

test.serial('a blocked entity: 403 that names types and pointers only', async (t) => {
  const response = await postChat(cordon, token, userMessage(`pay with ${PLANTED.card}`));
  t.is(response.status, 403);
  const error = await errorOf(response);
  t.is(error.code, 'entity_blocked');
  t.is(error.param, '/messages/0/content');
  t.regex(error.message, /CREDIT_CARD at \/messages\/0\/content/);
  t.deepEqual(plantedIn(JSON.stringify(error)), []);
  t.is(upstream.received.length, 0);
});

test.serial(
  'personal data where nothing can be rewritten: 403, and the pointer does not repeat it',
  async (t) => {
    const args = JSON.stringify({ [PLANTED.email]: 1 });
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: args } }];
    const body = {
      model: 'demo',
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: null, tool_calls: calls },
        { role: 'tool', tool_call_id: 'call_1', content: 'y' },
      ],
    };
    const response = await postChat(cordon, token, body);
    t.is(response.status, 403);
    const text = await response.text();
    t.regex(text, /EMAIL_ADDRESS/);
    t.deepEqual(plantedIn(text), []);
    t.is(upstream.received.length, 0);
  },
);

test.serial('the detector is down: 503, nothing forwarded', async (t) => {
  breakDetector = true;
  const response = await postChat(cordon, token, userMessage('hello'));
  breakDetector = false;
  t.is(response.status, 503);
  t.is((await errorOf(response)).code, 'detector_unavailable');
  t.is(upstream.received.length, 0);
});

test.serial('an unknown shape: 422 with its pointer', async (t) => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{ ...userMessage('x'), surprise: 'text' }, '/surprise'],
    [
      { model: 'demo', messages: [{ role: 'user', content: [{ type: 'hologram', data: 'x' }] }] },
      '/messages/0/content/0',
    ],
    [{ model: 'demo', messages: 'x' }, '/messages'],
    [
      {
        model: 'demo',
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
          },
        ],
      },
      '/messages/0/content/0',
    ],
  ];
  for (const [body, pointer] of cases) {
    const response = await postChat(cordon, token, body);
    t.is(response.status, 422, pointer);
    t.true((await errorOf(response)).param?.startsWith(pointer));
  }
  t.is(upstream.received.length, 0);
});

test.serial('other paths under /v1: 501 behind authentication, 401 before it', async (t) => {
  for (const other of [
    '/v1/images/generations',
    '/v1/files',
    '/v1/chat/completions/',
    '/v1/Chat/completions',
    '/v1',
  ]) {
    t.is((await postChat(cordon, token, userMessage('x'), { path: other })).status, 501, other);
    t.is((await postChat(cordon, undefined, userMessage('x'), { path: other })).status, 401, other);
  }
  const wrongMethod = await fetch(`${cordon.url}/v1/chat/completions`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  t.is(wrongMethod.status, 405);
  t.is(upstream.received.length, 0);
});

test.serial('a body that is not what it says it is: refused before anything else looks at it', async (t) => {
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    fetch(`${cordon.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
    });
  const json = { 'content-type': 'application/json' };
  t.is((await send('{"model":', json)).status, 400);
  t.is((await send('{"model":"demo","model":"other","messages":[]}', json)).status, 400);
  t.is((await send(new Uint8Array([0x22, 0xff, 0x22]), json)).status, 400);
  t.is((await send('{}', { 'content-type': 'text/plain' })).status, 415);
  t.is((await send('{}', { ...json, 'content-encoding': 'gzip' })).status, 415);
  t.is((await send(`"${'x'.repeat(11 * 1024 * 1024)}"`, json).catch(() => ({ status: 413 }))).status, 413);
  t.is((await send('['.repeat(1000) + ']'.repeat(1000), json)).status, 422);
  t.is((await send('{}', { ...json, 'cordon-data-subject': 'x'.repeat(300) })).status, 400);
  t.is(upstream.received.length, 0);
});

test.serial('health says alive and ready, and metrics count', async (t) => {
  t.is((await fetch(`${cordon.url}/healthz`)).status, 200);
  const ready = await fetch(`${cordon.url}/readyz`);
  t.is(ready.status, 200);
  t.deepEqual(await ready.json(), {
    status: 'ready',
    checks: { database: true, model: true, policy: true },
    runners: { default: 'closed' },
  });
  const metrics = await (await fetch(`${cordon.adminUrl}/metrics`)).text();
  t.regex(metrics, /cordon_refusals_total\{code="entity_blocked"\} \d/);
});
