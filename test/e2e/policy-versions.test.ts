import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { errorOf, postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import {
  type AdminCaller,
  policyDenying,
  type PolicyPair,
  putInForce,
  startPolicyPair,
} from '../support/policy-pair.ts';

let pair: PolicyPair;
let author: AdminCaller;
let reviewer: AdminCaller;
let onCall: AdminCaller;

test.before(async () => {
  pair = await startPolicyPair();
  author = await pair.admin('ana', ['policy-author']);
  reviewer = await pair.admin('rob', ['policy-reviewer']);
  onCall = await pair.admin('olga', ['on-call']);
});
test.after.always(() => pair.stop());

const tokenOf = (cordon: TestCordon, subject: string): Promise<string> =>
  cordon.issueDevToken({ subject, tenant: 'acme', roles: ['user'] });

async function statusOf(cordon: TestCordon, subject: string, headers = {}): Promise<number> {
  const response = await postChat(cordon, await tokenOf(cordon, subject), userMessage('hello'), { headers });
  await response.text();
  return response.status;
}

/** Waits until both processes answer so; resolves with how long that took. */
async function bothAnswer(subject: string, status: number): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < 400; i++) {
    const got = await Promise.all(pair.both.map((cordon) => statusOf(cordon, subject)));
    if (got.every((one) => one === status)) return performance.now() - began;
    await sleep(10);
  }
  throw new Error(`not both answered ${status}`);
}

async function enforced(): Promise<readonly { readonly number: number; readonly policy: string }[]> {
  const { body } = await author('GET', '/policy');
  return body['receipts'] as { number: number; policy: string }[];
}

const typesNoted = async (
  type: 'POLICY_ACTIVATED' | 'POLICY_EMERGENCY' | 'POLICY_SUBMITTED',
): Promise<number> => (await pair.both[0].audit.list({ types: [type] }, 100)).items.length;

test.serial('the configured file is the first version, once, however many processes start', async (t) => {
  const { body } = await author('GET', '/policy/versions');
  const items = body['items'] as { name: string; state: string; author: unknown }[];
  t.is(items.length, 1);
  t.like(items[0], { name: 'first', state: 'active', author: null });
  t.is(await statusOf(pair.both[0], 'alice'), 200);
  t.is(await statusOf(pair.both[1], 'mallory'), 403);
});

test.serial(
  'what one person submits and another approves is in force in both processes, with receipts',
  async (t) => {
    t.is(await statusOf(pair.both[0], 'eve'), 200);
    const before = await typesNoted('POLICY_ACTIVATED');
    const version = await putInForce(author, reviewer, policyDenying('second', ['mallory', 'eve']));
    const ms = await bothAnswer('eve', 403);
    t.log(`both enforced it ${Math.round(ms)} ms after the approval was answered`);
    for (let i = 0; i < 100 && (await enforced()).some(({ number }) => number !== 2); i++) await sleep(20);
    t.deepEqual(
      (await enforced()).map(({ number, policy }) => [number, policy]),
      [
        [2, version],
        [2, version],
      ],
    );
    t.is(await typesNoted('POLICY_ACTIVATED'), before + 1);
    const answer = await postChat(pair.both[1], await tokenOf(pair.both[1], 'eve'), userMessage('hello'));
    t.is(answer.headers.get('cordon-policy-version'), version, 'a refusal says by which version too');
    t.is(answer.headers.get('cordon-policy-number'), '2');
  },
);

test.serial('a set that is refused is told with line and column, and nothing of it is kept', async (t) => {
  const text = policyDenying('bad', []).replace('effect: allow', 'effect: perhaps');
  const { status, body } = await author('POST', '/policy/versions', {
    bundle: { text, included: {} },
    note: 'x',
  });
  t.is(status, 400);
  t.regex(
    (body['error'] as { message: string }).message,
    /policy\.yaml:5:\d+: rules\.0\.effect: write one of allow/,
  );
  const failing = policyDenying(
    'case',
    ['eve'],
    'cases:\n  - { name: c, given: { subject: eve, roles: [user], operation: chat, model: m, runner: r }, expect: { allow: true } }\n',
  );
  const failed = await author('POST', '/policy/versions', {
    bundle: { text: failing, included: {} },
    note: 'x',
  });
  t.regex((failed.body['error'] as { message: string }).message, /policy\.yaml:10:\d+.*this case failed/);
});

test.serial(
  'an author can neither approve their own version nor, by another proposer, have it approved',
  async (t) => {
    const both = await pair.admin('ana', ['policy-author', 'policy-reviewer']);
    const other = await pair.admin('otto', ['policy-author']);
    const text = policyDenying('own', []);
    const { body: submitted } = await both('POST', '/policy/versions', {
      bundle: { text, included: {} },
      note: 'x',
    });
    const { version } = submitted;
    const { body: own } = await both('POST', '/policy/activations', { version, note: 'x' });
    const refused = await both('POST', `/proposals/${String(own['id'])}/approve`, { hash: own['hash'] });
    t.is(refused.status, 403);
    const { body: others } = await other('POST', '/policy/activations', { version, note: 'x' });
    const failed = await both('POST', `/proposals/${String(others['id'])}/approve`, { hash: others['hash'] });
    t.is(failed.body['state'], 'failed');
    t.is((failed.body['result'] as { code: string }).code, 'self_approval');
    t.is(await statusOf(pair.both[0], 'eve'), 403, 'nothing changed');
  },
);

test.serial('a version may begin later and end by itself; then the one before holds again', async (t) => {
  const from = new Date(Date.now() + 1_500).toISOString();
  const until = new Date(Date.now() + 4_500).toISOString();
  await putInForce(author, reviewer, policyDenying('later', ['mallory', 'eve', 'bob']), { from, until });
  t.is(await statusOf(pair.both[0], 'bob'), 200);
  t.is(((await author('GET', '/policy')).body['scheduled'] as unknown[]).length, 1);
  await bothAnswer('bob', 403);
  await bothAnswer('bob', 200);
  t.is(await statusOf(pair.both[0], 'eve'), 403);
  const { body } = await author('GET', '/policy/versions');
  t.is(
    (body['items'] as { name: string; state: string }[]).find(({ name }) => name === 'later')?.state,
    'expired',
  );
});

test.serial('what is scheduled can be taken back until it begins', async (t) => {
  const from = new Date(Date.now() + 3_600_000).toISOString();
  await putInForce(author, reviewer, policyDenying('never', ['alice']), { from });
  const { body } = await author('GET', '/policy');
  const [scheduled] = body['scheduled'] as { id: string }[];
  t.is((await author('DELETE', `/policy/activations/${scheduled?.id ?? ''}`)).status, 200);
  t.deepEqual((await author('GET', '/policy')).body['scheduled'], []);
  t.is((await author('DELETE', `/policy/activations/${scheduled?.id ?? ''}`)).status, 404);
});

test.serial('a rollback goes to what was in force, and takes a second person too', async (t) => {
  const { body } = await author('GET', '/policy/versions');
  const items = body['items'] as { name: string; version: string }[];
  const never = items.find(({ name }) => name === 'never')?.version;
  const first = items.find(({ name }) => name === 'first')?.version;
  t.is((await author('POST', '/policy/rollbacks', { version: never, note: 'x' })).status, 409);
  const proposed = await author('POST', '/policy/rollbacks', { version: first, note: 'back' });
  t.is(await statusOf(pair.both[0], 'eve'), 403, 'proposed is not in force');
  const { id, hash } = proposed.body;
  t.is((await reviewer('POST', `/proposals/${String(id)}/approve`, { hash })).body['state'], 'executed');
  await bothAnswer('eve', 200);
});

test.serial('a minimum version is waited for: older is refused until this process enforces it', async (t) => {
  const { body } = await author('GET', '/policy');
  const { number, policy } = body['in_force'] as { number: number; policy: string };
  const [cordon] = pair.both;
  const asking = (minimum: string) => statusOf(cordon, 'alice', { 'cordon-policy-minimum': minimum });
  t.is(await asking(String(number)), 200);
  t.is(await asking('1'), 200);
  t.is(await asking(policy), 200);
  t.is(await asking('x'), 400);
  const response = await postChat(cordon, await tokenOf(cordon, 'alice'), userMessage('hello'), {
    headers: { 'cordon-policy-minimum': String(number + 1) },
  });
  t.is(response.status, 503);
  t.is(response.headers.get('retry-after'), '1');
  t.is((await errorOf(response)).code, 'policy_stale');
  t.is(await asking('ab'.repeat(32)), 503);
});

test.serial(
  'an emergency denial holds at once and by one person, and waits for a review by another',
  async (t) => {
    const asked = { who: 'subject:alice', note: 'her token leaked', ticket: 'INC-7' };
    t.is((await onCall('POST', '/policy/emergency-denies', { note: 'all' })).status, 400);
    t.is((await onCall('POST', '/policy/emergency-denies', { ...asked, who: 'role:usr' })).status, 400);
    t.is((await onCall('POST', '/policy/emergency-denies', { ...asked, minutes: 1_441 })).status, 400);
    const { body } = await onCall('POST', '/policy/emergency-denies', asked);
    await bothAnswer('alice', 403);
    t.is(await statusOf(pair.both[1], 'bob'), 200);
    const exception = String(body['exception']);
    t.is((await author('GET', '/policy')).body['reviews_outstanding'], 1);
    const own = await pair.admin('olga', ['policy-reviewer']);
    t.is((await own('DELETE', `/policy/exceptions/${exception}`)).status, 403, 'not by who denied it');
    t.is(
      (await own('POST', `/policy/exceptions/${exception}/review`, { verdict: 'upheld', note: 'x' })).status,
      403,
    );
    t.is(
      (await reviewer('POST', `/policy/exceptions/${exception}/review`, { verdict: 'upheld', note: 'right' }))
        .status,
      200,
    );
    t.is((await author('GET', '/policy')).body['reviews_outstanding'], 0);
    t.is((await reviewer('DELETE', `/policy/exceptions/${exception}`)).status, 200);
    await bothAnswer('alice', 200);
    t.true((await typesNoted('POLICY_EMERGENCY')) >= 3);
  },
);

test.serial('broken glass lets one subject through for a while, but not past a denial', async (t) => {
  const guest = await pair.both[0].issueDevToken({ subject: 'gil', tenant: 'acme', roles: ['guest'] });
  const ask = async (): Promise<number> => (await postChat(pair.both[0], guest, userMessage('hello'))).status;
  t.is(await ask(), 403);
  const asked = { purpose: 'restore the ward', ticket: 'INC-8', minutes: 5 };
  t.is((await onCall('POST', '/policy/break-glasses', asked)).status, 400, 'for somebody, not for all');
  t.is((await author('POST', '/policy/break-glasses', { ...asked, who: 'subject:gil' })).status, 403);
  const { body } = await onCall('POST', '/policy/break-glasses', { ...asked, who: 'subject:gil' });
  t.is(await ask(), 200);
  await onCall('POST', '/policy/break-glasses', { ...asked, who: 'subject:mallory' });
  t.is(await statusOf(pair.both[0], 'mallory'), 403);
  t.is((await reviewer('DELETE', `/policy/exceptions/${String(body['exception'])}`)).status, 200);
  t.is(await ask(), 403);
});
