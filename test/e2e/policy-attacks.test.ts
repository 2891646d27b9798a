import test from 'ava';
import { postChat, userMessage } from '../support/cordon.ts';
import {
  type AdminCaller,
  adminCaller,
  approveProposal,
  policyDenying,
  type PolicyPair,
  proposeActivation,
  startPolicyPair,
  submitVersion,
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

const codeOf = (body: Readonly<Record<string, unknown>>): unknown =>
  (body['error'] as { code?: string } | undefined)?.code;
const ofTenant = async (tenant: string, subject: string, roles: string[]): Promise<AdminCaller> =>
  adminCaller(pair.both[0].adminUrl, await pair.both[0].issueDevToken({ subject, tenant, roles }));
const mayChat = async (tenant: string, subject: string): Promise<number> => {
  const token = await pair.both[0].issueDevToken({ subject, tenant, roles: ['guest'] });
  const response = await postChat(pair.both[0], token, userMessage('hello'));
  await response.text();
  return response.status;
};

test.serial('an approval counts once, for what was seen, by whom may approve at that moment', async (t) => {
  const version = await submitVersion(author, policyDenying('second', ['eve']));
  const proposal = await proposeActivation(author, version);
  const other = await proposeActivation(author, version, { until: new Date(Date.now() + 9e6).toISOString() });
  const approve = `/proposals/${proposal.id}/approve`;
  const swapped = await reviewer('POST', approve, { hash: other.hash });
  t.deepEqual([swapped.status, codeOf(swapped.body)], [409, 'conflict'], 'the hash of another proposal');
  // The same person, whose token does not name the role any more.
  const former = await pair.admin('rob', ['auditor']);
  t.is((await former('POST', approve, { hash: proposal.hash })).status, 403);
  t.is((await author('POST', approve, { hash: proposal.hash })).status, 403);
  await approveProposal(reviewer, proposal);
  const again = await reviewer('POST', approve, { hash: proposal.hash });
  t.deepEqual([again.status, codeOf(again.body)], [409, 'conflict']);
  const { body } = await author('GET', '/policy/versions');
  const items = body['items'] as { version: string; activations: unknown[] }[];
  t.is(items.find((one) => one.version === version)?.activations.length, 1);
});

test.serial('two approvals of one proposal at one time activate once', async (t) => {
  const version = await submitVersion(author, policyDenying('raced', ['eve']));
  const proposal = await proposeActivation(author, version);
  const others = await Promise.all(['rob', 'rita', 'ron'].map((one) => pair.admin(one, ['policy-reviewer'])));
  const answers = await Promise.all(
    others.map((one) => one('POST', `/proposals/${proposal.id}/approve`, { hash: proposal.hash })),
  );
  t.is(answers.filter(({ status }) => status === 200).length, 1);
  t.is(answers.filter(({ status }) => status === 409).length, 2);
});

test.serial('another tenant sees no proposal and decides none', async (t) => {
  const foreign = await ofTenant('other', 'rob', ['policy-reviewer', 'policy-author']);
  const version = await submitVersion(author, policyDenying('third', ['eve']));
  const { id, hash } = await proposeActivation(author, version);
  t.is((await foreign('GET', `/proposals/${id}`)).status, 404);
  t.is((await foreign('POST', `/proposals/${id}/approve`, { hash })).status, 404);
  t.is((await foreign('POST', `/proposals/${id}/reject`, { reason: 'x' })).status, 404);
  t.deepEqual((await foreign('GET', '/proposals')).body['items'], []);
});

test.serial('who wrote a version in one tenant cannot approve it in another', async (t) => {
  const here = await ofTenant('acme', 'mona', ['policy-author']);
  const version = await submitVersion(here, policyDenying('fourth', ['eve']));
  const there = await ofTenant('other', 'mona', ['policy-reviewer']);
  const proposal = await proposeActivation(await ofTenant('other', 'otto', ['policy-author']), version);
  const { body } = await there('POST', `/proposals/${proposal.id}/approve`, { hash: proposal.hash });
  t.is(body['state'], 'failed');
  t.is((body['result'] as { code: string }).code, 'self_approval');
});

test.serial('whom an emergency is about is no judge of it', async (t) => {
  const { body: denied } = await onCall('POST', '/policy/emergency-denies', {
    who: 'subject:rob',
    note: 'x',
  });
  const at = `/policy/exceptions/${String(denied['exception'])}`;
  const lifted = await reviewer('DELETE', at);
  t.deepEqual([lifted.status, codeOf(lifted.body)], [403, 'self_approval']);
  const { body: opened } = await onCall('POST', '/policy/break-glasses', {
    ...{ who: 'subject:rob', purpose: 'x', ticket: 'T' },
  });
  const review = { verdict: 'upheld', note: 'x' };
  t.is(
    (await reviewer('POST', `/policy/exceptions/${String(opened['exception'])}/review`, review)).status,
    403,
  );
  const rita = await pair.admin('rita', ['policy-reviewer']);
  t.is((await rita('POST', `/policy/exceptions/${String(opened['exception'])}/review`, review)).status, 200);
  t.is((await rita('DELETE', at)).status, 200);
});

test.serial('broken glass is of one tenant, short, and not for who keeps breaking it', async (t) => {
  const asked = { who: 'subject:gil', purpose: 'ward', ticket: 'T', minutes: 5 };
  const olaf = await pair.admin('olaf', ['on-call']);
  t.is((await olaf('POST', '/policy/break-glasses', { ...asked, minutes: 241 })).status, 400);
  t.is((await olaf('POST', '/policy/break-glasses', { ...asked, who: 'any' })).status, 400);
  t.is((await olaf('POST', '/policy/break-glasses', { ...asked, tenant: 'a b' })).status, 400);
  t.is((await olaf('POST', '/policy/break-glasses', asked)).status, 200);
  t.is(await mayChat('acme', 'gil'), 200);
  t.is(await mayChat('other', 'gil'), 403, 'another tenant may have a gil of its own');
  t.is((await olaf('POST', '/policy/break-glasses', { ...asked, tenant: 'other' })).status, 200);
  t.is(await mayChat('other', 'gil'), 200);
  t.is((await olaf('POST', '/policy/break-glasses', asked)).status, 200);
  const fourth = await olaf('POST', '/policy/break-glasses', asked);
  t.deepEqual([fourth.status, codeOf(fourth.body)], [403, 'self_approval'], 'until somebody has reviewed');
});

test.serial('hostile bundles are refused in time, by name and without being kept', async (t) => {
  const submit = (text: string, included: object = {}): ReturnType<AdminCaller> =>
    author('POST', '/policy/versions', { bundle: { text, included }, note: 'x' });
  const sound = policyDenying('sound', []);
  const before = ((await author('GET', '/policy/versions')).body['items'] as unknown[]).length;
  const bomb = `a: &a [x, x]\n${Array.from(
    { length: 26 },
    (_, n) =>
      `b${n}: &b${n} [${Array(9)
        .fill(n === 0 ? '*a' : `*b${n - 1}`)
        .join(', ')}]`,
  ).join('\n')}`;
  const hostile = [
    [bomb, {}],
    [`version: 1\nname: ${'['.repeat(20_000)}`, {}],
    [`version: 1\nrules: ${'{a: '.repeat(20_000)}`, {}],
    [`${sound}__proto__: { rules: [] }\n`, {}],
    [sound, { './.git/config': '[core]\n  fsmonitor = "touch /tmp/x"' }],
    [sound, { './unused.yaml': 'x' }],
    [sound.replace("models: ['*']", `models: ['^(a+)+$']`), {}],
    [sound.replace("models: ['*']", `models: ['${'*a'.repeat(200)}']`), {}],
  ] as const;
  for (const [text, included] of hostile) {
    const { status, body } = await submit(text, included);
    t.is(status, 400, JSON.stringify(body).slice(0, 300));
    t.is(codeOf(body), 'invalid_request');
  }
  const huge = await submit('#'.repeat(33 * 1024 * 1024)).catch(() => ({ status: 413, body: {} }));
  t.is(huge.status, 413);
  t.is(((await author('GET', '/policy/versions')).body['items'] as unknown[]).length, before);
});
