import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type TestCordon, errorOf, startTestCordon, temporaryDirectory } from '../support/cordon.ts';
import { type CapturingUpstream, sendJson, startUpstream } from '../support/upstream.ts';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: chat, effect: allow, subjects: ['role:user'], operations: [chat, models], models: ['*'], runners: ['*'] }
handling:
  - { id: rest, entities: ['*'], handling: pseudonymise }
`;

/** Runners fail here in test after test. */
const PATIENT = 'breaker: { consecutive_failures: 1000, window: 1000, minimum_calls: 1000 }';

let first: CapturingUpstream;
let second: CapturingUpstream;
let cordon: TestCordon;
let token: string;

function lists(upstream: CapturingUpstream, ...ids: readonly string[]): void {
  upstream.respond((_, response) => {
    sendJson(response, { object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });
  });
}

test.before(async () => {
  first = await startUpstream();
  second = await startUpstream();
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'policy.yaml'), POLICY);
  writeFileSync(
    path.join(directory, 'cordon.yaml'),
    `policy: { file: policy.yaml }
runners:
  - { id: first, base_url: '${first.url}', models: ['a-*', 'org/*'], ${PATIENT} }
  - { id: second, base_url: '${second.url}', models: ['*'], ${PATIENT} }
`,
  );
  cordon = await startTestCordon({ env: { CORDON_CONFIG: path.join(directory, 'cordon.yaml') } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme', purposes: ['care', 'billing'] });
});

test.after.always(async () => {
  await cordon.dispose();
  await first.close();
  await second.close();
});

async function get(id = '', headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${cordon.url}/v1/models${id}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

async function listed(): Promise<readonly string[]> {
  const response = await get();
  const { data } = (await response.json()) as { data: readonly { id: string; owned_by: string }[] };
  return data.map(({ id, owned_by: owner }) => `${owner}:${id}`);
}

test.serial('a model is listed once, under the runner that a call for it would reach', async (t) => {
  lists(first, 'a-1', 'a-1', 'org/x', 'b-1');
  lists(second, 'a-1', 'b-1', 'b-1');
  t.deepEqual(await listed(), ['first:a-1', 'first:org/x', 'second:b-1']);
});

test.serial('an id with a slash is found, encoded or not', async (t) => {
  lists(first, 'org/x');
  lists(second);
  for (const id of ['/org/x', '/org%2Fx']) t.is((await get(id)).status, 200, id);
  t.is((await get('/org/y')).status, 404);
});

test.serial('a runner that is down hides its own models only, and the record says so', async (t) => {
  lists(first, 'a-1');
  second.respond((_, response) => {
    response.destroy();
  });
  t.deepEqual(await listed(), ['first:a-1']);
  const { items } = await cordon.audit.list({ types: ['COMPLETION'] }, 1);
  t.is(items[0]?.record.data['outcome'], 'complete');
  t.is(items[0]?.record.data['error'], 'upstream_error');
});

test.serial('with no runner left the list is refused', async (t) => {
  for (const upstream of [first, second])
    upstream.respond((_, response) => {
      response.destroy();
    });
  const response = await get();
  t.is(response.status, 502);
  t.is((await errorOf(response)).code, 'upstream_error');
});

test.serial('what a lying runner lists is not passed on', async (t) => {
  lists(second);
  lists(first, 'a-<script>', 'a-\u0000', 'a- maria', `a-${'x'.repeat(300)}`, 'a-fine');
  t.deepEqual(await listed(), ['first:a-fine']);
  first.respond((_, response) => {
    sendJson(response, { data: [{ id: `a-${'x'.repeat(10 * 1024 * 1024)}` }] });
  });
  t.deepEqual(await listed(), []);
  for (const body of [{ data: [null, 1, [], { id: 1 }, {}] }, { data: {} }, [], null]) {
    first.respond((_, response) => {
      sendJson(response, body);
    });
    t.deepEqual(await listed(), []);
  }
});

test.serial('a list of more models than anybody serves is refused', async (t) => {
  lists(second, 'b-1');
  lists(first, ...Array.from({ length: 20_000 }, (_, i) => `a-${i}`));
  t.deepEqual(await listed(), ['second:b-1']);
});

test.serial(
  'a purpose that the token does not grant: 403, and its text stays out of the clear record',
  async (t) => {
    lists(first, 'a-1');
    lists(second, 'b-1');
    t.is((await get('', { 'cordon-purpose': 'care' })).status, 200);
    const before = first.received.length;
    const response = await get('', { 'cordon-purpose': '536-90-4399' });
    t.is(response.status, 403);
    t.is(first.received.length, before);
    const { items } = await cordon.audit.list({ types: ['DECISION'] }, 1);
    t.is(items[0]?.record.data['allow'], false);
    t.false(JSON.stringify(items[0]?.record).includes('536-90-4399'));
  },
);
