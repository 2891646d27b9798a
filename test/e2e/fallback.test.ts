import { type AddressInfo, createServer } from 'node:net';
import test from 'ava';
import { errorOf, postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import { PLANTED, plantedIn } from '../support/planted.ts';
import { attemptsOf, startRouted } from '../support/routed.ts';
import {
  type CapturingUpstream,
  chunk,
  echoHandler,
  sendJson,
  startStream,
  startUpstream,
  type UpstreamHandler,
} from '../support/upstream.ts';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: all, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
  - { id: not-secret, effect: deny, subjects: ['role:user'], operations: ['*'], models: ['secret-model'], runners: ['*'] }
  - { id: not-denied, effect: deny, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['denied'] }
handling:
  - { id: rest, entities: ['*'], handling: disclose }
  - { id: cautious, entities: [EMAIL_ADDRESS], handling: pseudonymise, destinations: { runner: [cautious] } }
  - { id: blocks, entities: [EMAIL_ADDRESS], handling: block, destinations: { runner: [blocks] } }
`;

const NAMES = ['open', 'cautious', 'blocks', 'denied', 'other'] as const;
type Name = (typeof NAMES)[number];
let upstreams: Readonly<Record<Name, CapturingUpstream>>;
let cordon: TestCordon;
let token: string;
let deadPort: number;

test.before(async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  deadPort = (gone.address() as AddressInfo).port;
  await new Promise((resolve) => gone.close(resolve));
  upstreams = {
    open: await startUpstream(),
    cautious: await startUpstream(),
    blocks: await startUpstream(),
    denied: await startUpstream(),
    other: await startUpstream(),
  };
  // Breakers that never open: each test says itself what fails.
  const settings =
    'retry: { first_delay_ms: 5, budget_ms: 2000 }, breaker: { consecutive_failures: 1000, window: 1000, minimum_calls: 1000 }';
  const runner = (id: string, url: string): string =>
    `  - { id: ${id}, base_url: '${url}', models: ['${id}'], ${settings} }\n`;
  cordon = await startRouted(
    `runners:
${NAMES.map((name) => runner(name, upstreams[name].url)).join('')}
${runner('dead', `http://127.0.0.1:${deadPort}/v1`)}
routes:
  - { models: [chain], runners: [{ id: open }, { id: other, priority: 2, model: renamed }] }
  - { models: [careful], runners: [{ id: open }, { id: cautious, priority: 2 }] }
  - { models: [blocked], runners: [{ id: open }, { id: blocks, priority: 2 }] }
  - { models: [refused], runners: [{ id: denied }, { id: open, priority: 2 }] }
  - { models: [alias], runners: [{ id: open, model: secret-model }] }
  - { models: [nobody], runners: [{ id: denied }, { id: blocks, priority: 2 }] }
  - { models: [shared], runners: [{ id: open, weight: 3 }, { id: other, weight: 1 }] }
  - { models: [unreachable], runners: [{ id: dead }, { id: open, priority: 2 }] }
`,
    POLICY,
  );
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  for (const upstream of Object.values(upstreams)) {
    upstream.received.length = 0;
    upstream.respond(echoHandler);
  }
});

test.after.always(async () => {
  await cordon.dispose();
  await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()));
});

function ask(model: string, content = 'hello', extra: object = {}): Promise<Response> {
  return postChat(cordon, token, { ...userMessage(content), model, ...extra });
}

/** Fails with each status in turn, then answers. */
function failing(...statuses: readonly number[]): UpstreamHandler {
  const left = [...statuses];
  return (request, response) => {
    const status = left.shift();
    if (status === undefined) return echoHandler(request, response);
    if (status === 0) response.destroy();
    else sendJson(response, { error: { message: request.body, type: 'x' } }, status);
    return undefined;
  };
}

async function triesOf(response: Response): Promise<readonly string[]> {
  return attemptsOf(cordon, response.headers.get('cordon-request-id'));
}

test.serial('a retry sends the protected body again, byte for byte, and each try is recorded', async (t) => {
  for (const [status, told] of [
    [503, 'cautious failed 503'],
    [502, 'cautious failed 502'],
    [504, 'cautious failed 504'],
    [429, 'cautious failed 429'],
    [0, 'cautious failed upstream_error'],
  ] as const) {
    upstreams.cautious.received.length = 0;
    upstreams.cautious.respond(failing(status));
    const response = await ask('cautious', `write to ${PLANTED.email}`);
    t.is(response.status, 200);
    t.regex(await response.text(), new RegExp(PLANTED.email));
    const [first, second, ...more] = upstreams.cautious.received;
    t.truthy(first);
    t.is(first?.body, second?.body);
    t.is(more.length, 0);
    t.deepEqual(plantedIn(upstreams.cautious.bytes()), []);
    t.deepEqual(await triesOf(response), [told, 'cautious answered 200']);
  }
});

test.serial('what is not known to be safe is not tried again', async (t) => {
  for (const status of [400, 401, 404, 500]) {
    upstreams.open.received.length = 0;
    upstreams.open.respond(failing(status));
    const response = await ask('open');
    t.not(response.status, 200);
    t.is(upstreams.open.received.length, 1, String(status));
  }
});

test.serial('tries are counted, and the last failure is told', async (t) => {
  upstreams.open.respond(failing(503, 503, 503, 503, 503));
  const response = await ask('open');
  t.is(response.status, 503);
  t.is((await errorOf(response)).code, 'upstream_unavailable');
  t.is(upstreams.open.received.length, 3);
});

test.serial('a Retry-After within the budget is waited for, a longer one is passed on', async (t) => {
  const times: number[] = [];
  const limited =
    (after: string): UpstreamHandler =>
    (request, response) => {
      times.push(performance.now());
      if (times.length > 1) return echoHandler(request, response);
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': after });
      response.end('{}');
      return undefined;
    };
  upstreams.open.respond(limited('0.3'));
  t.is((await ask('open')).status, 200);
  t.true((times[1] ?? 0) - (times[0] ?? 0) >= 290);
  times.length = 0;
  upstreams.open.respond(limited('60'));
  const response = await ask('open');
  t.is(response.status, 429);
  t.is(response.headers.get('retry-after'), '60');
  t.is(times.length, 1);
});

test.serial('nothing is tried again once a byte of the stream was delivered', async (t) => {
  upstreams.open.respond((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }), () => response.destroy());
  });
  const response = await ask('chain', 'hello', { stream: true });
  const text = await response.text();
  t.regex(text, /upstream_error/);
  t.is(upstreams.open.received.length, 1);
  t.is(upstreams.other.received.length, 0);
});

test.serial('a caller who leaves during the wait is not called for again', async (t) => {
  upstreams.open.respond((_, response) => {
    response.writeHead(503, { 'retry-after': '1' });
    response.end();
  });
  const controller = new AbortController();
  const asked = postChat(
    cordon,
    token,
    { ...userMessage('hello'), model: 'chain' },
    { signal: controller.signal },
  );
  while (upstreams.open.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await t.throwsAsync(asked, { any: true });
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  t.is(upstreams.open.received.length, 1);
  t.is(upstreams.other.received.length, 0);
});

test.serial('a runner that fails is followed by the next, under the name the model has there', async (t) => {
  upstreams.open.respond(failing(500));
  const response = await ask('chain', 'héllo 12345678901234567890');
  t.is(response.status, 200);
  t.deepEqual(await triesOf(response), ['open failed 500', 'other answered 200']);
  const [sent] = upstreams.open.received;
  const [again] = upstreams.other.received;
  t.is(again?.body, sent?.body.replace('"chain"', '"renamed"'));
  const shown = await cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
  t.deepEqual(shown?.decision?.data['alternatives'], [
    { runner: 'other', trust: 'external', region: 'unknown', model: 'renamed' },
  ]);
});

test.serial('a runner that cannot be reached is followed by the next, also for a stream', async (t) => {
  const response = await ask('unreachable', 'hello', { stream: true });
  t.is(response.status, 200);
  t.regex(await response.text(), /\[DONE\]/);
  const tries = await triesOf(response);
  t.deepEqual(tries, [
    ...Array.from({ length: 3 }, () => 'dead failed upstream_unavailable'),
    'open answered 200',
  ]);
});

test.serial('when all fail the last failure is told', async (t) => {
  upstreams.open.respond(failing(500));
  upstreams.other.respond(failing(503, 503, 503));
  const response = await ask('chain');
  t.is(response.status, 503);
  t.is((await errorOf(response)).code, 'upstream_unavailable');
});

test.serial('a request that the runner refuses is not shown to another', async (t) => {
  upstreams.open.respond(failing(400));
  t.is((await ask('chain')).status, 400);
  t.is(upstreams.other.received.length, 0);
});

test.serial('each candidate is judged: one that the policy denies is skipped and recorded', async (t) => {
  const response = await ask('refused');
  t.is(response.status, 200);
  t.is(upstreams.denied.received.length, 0);
  t.deepEqual(await triesOf(response), ['denied skipped matched_deny', 'open answered 200']);
});

test.serial('an alias opens no way to a model that the policy denies', async (t) => {
  const response = await ask('alias');
  t.is(response.status, 403);
  t.is((await errorOf(response)).code, 'matched_deny');
  t.is(upstreams.open.received.length, 0);
});

test.serial('the body is protected under the strictest handling of those that may answer', async (t) => {
  const prompt = `write to ${PLANTED.email}`;
  await ask('open', prompt);
  t.true(upstreams.open.bytes().includes(PLANTED.email), 'alone, the first discloses');
  upstreams.open.received.length = 0;
  upstreams.open.respond(failing(500));
  const response = await ask('careful', prompt);
  t.is(response.status, 200);
  t.deepEqual(plantedIn(upstreams.open.bytes()), []);
  t.deepEqual(plantedIn(upstreams.cautious.bytes()), []);
  t.is(upstreams.open.received[0]?.body, upstreams.cautious.received[0]?.body);
  t.true((await response.text()).includes(PLANTED.email));
});

test.serial(
  'a fallback where an entity is blocked never gets the call that the first may have',
  async (t) => {
    const prompt = `write to ${PLANTED.email}`;
    const fine = await ask('blocked', prompt);
    t.is(fine.status, 200);
    t.true(upstreams.open.bytes().includes(PLANTED.email));
    t.deepEqual(await triesOf(fine), ['blocks skipped entity_blocked', 'open answered 200']);
    upstreams.open.respond(failing(500));
    t.is((await ask('blocked', prompt)).status, 502);
    t.is(upstreams.blocks.received.length, 0);
    upstreams.open.respond(failing(500));
    t.is((await ask('blocked', 'nothing to find here')).status, 200);
    t.is(upstreams.blocks.received.length, 1);
  },
);

test.serial('when nobody may have the call it is refused, and nothing leaves', async (t) => {
  const response = await ask('nobody', `write to ${PLANTED.email}`);
  t.is(response.status, 403);
  for (const upstream of Object.values(upstreams)) t.is(upstream.received.length, 0);
});

test.serial(
  'calls are shared by weight, and what one caller has remembered stays at one runner',
  async (t) => {
    for (let i = 0; i < 60; i++) t.is((await ask('shared')).status, 200);
    const first = upstreams.open.received.length;
    t.is(first + upstreams.other.received.length, 60);
    // 45 expected; outside 25 … 58 fewer than one run in ten million.
    t.true(first >= 25 && first <= 58, String(first));
    for (const upstream of Object.values(upstreams)) {
      upstream.received.length = 0;
      upstream.respond((_, response) => {
        sendJson(response, { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [] });
      });
    }
    for (let i = 0; i < 8; i++) {
      const body = { model: 'shared', input: 'hello', store: true };
      t.is((await postChat(cordon, token, body, { path: '/v1/responses' })).status, 200);
    }
    t.deepEqual(
      [upstreams.open.received.length, upstreams.other.received.length].sort((a, b) => a - b),
      [0, 8],
    );
  },
);

test.serial('a model that a route names is listed', async (t) => {
  const response = await fetch(`${cordon.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await response.json()) as { data: readonly { id: string }[] };
  const ids = data.map(({ id }) => id);
  t.true(ids.includes('chain'));
  t.is(new Set(ids).size, ids.length);
  t.false(ids.includes('nobody-else'));
});
