import test from 'ava';
import { errorOf, postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import { startRouted } from '../support/routed.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

/** What a security admin would write for people in China: calls, tokens, and where they may go. */
const POLICY = `
version: 1
name: test
includes: [pipl]
disable: [pipl-hashed-in-embeddings]
purposes: { service: { lawful_basis: contract } }
roles: { user: {} }
rules:
  - { id: all, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
  - id: three-a-minute
    effect: oblige
    subjects: ['group:trial']
    operations: [chat]
    models: ['*']
    runners: ['*']
    obligations: { rate_limit: { per: principal, points: 3, seconds: 60 } }
  - id: tokens-abroad
    effect: oblige
    subjects: ['group:frugal']
    operations: [chat]
    models: ['*']
    runners: [abroad]
    obligations: { budget: { per: tenant, tokens: 5, window: month } }
`;

let inside: CapturingUpstream;
let abroad: CapturingUpstream;
let cordon: TestCordon;

test.before(async () => {
  [inside, abroad] = [await startUpstream(), await startUpstream()];
  cordon = await startRouted(
    `runners:
  - { id: inside, base_url: '${inside.url}', models: [local], trust: internal, region: cn-beijing }
  - { id: abroad, base_url: '${abroad.url}', models: [vendor], region: us-east-1, transfer_basis: none, pipia_id: P-1 }
  - { id: assessed, base_url: '${abroad.url}', models: [assessed], region: us-east-1, transfer_basis: pipl-assessment, pipia_id: P-2 }
routes:
  - { models: [either], runners: [{ id: abroad, model: vendor, priority: 1 }, { id: inside, model: local, priority: 2 }] }
`,
    POLICY,
  );
});
test.after.always(async () => {
  await cordon.dispose();
  await Promise.all([inside.close(), abroad.close()]);
});

const tokenFor = (subject: string, groups: readonly string[] = []): Promise<string> =>
  cordon.issueDevToken({ subject, tenant: 'acme', groups, purposes: ['service'] });
const ask = async (token: string, model: string, region?: string): Promise<Response> =>
  postChat(
    cordon,
    token,
    { ...userMessage('hello'), model },
    {
      headers: region === undefined ? {} : { 'Cordon-Data-Subject-Region': region },
    },
  );

test.serial(
  'somebody in China goes abroad only on a ground, and everybody else says where they live',
  async (t) => {
    const token = await tokenFor('li');
    const refused = await ask(token, 'vendor', 'CN');
    t.is(refused.status, 403);
    t.is((await errorOf(refused)).code, 'matched_deny');
    t.is((await errorOf(await ask(token, 'vendor'))).code, 'attribute_missing');
    t.is((await ask(token, 'assessed', 'CN')).status, 200);
    t.is((await ask(token, 'vendor', 'DE')).status, 200);
    t.is((await ask(token, 'local', 'CN')).status, 200);
    t.is((await ask(token, 'local', 'china')).status, 400, 'a region that is none is refused');
    const shown = await cordon.audit.show(
      (await ask(token, 'assessed', 'CN')).headers.get('cordon-request-id') ?? '',
    );
    t.like(shown?.decision?.data, {
      subjectRegion: 'CN',
      retention: ['pipl'],
      destination: { runner: 'assessed', processor: { transferBasis: 'pipl-assessment', pipiaId: 'P-2' } },
    });
  },
);

test.serial('the fourth call of a minute is refused with the time to wait, and recorded', async (t) => {
  const token = await tokenFor('trial', ['trial']);
  for (let n = 0; n < 3; n++) t.is((await ask(token, 'local', 'CN')).status, 200);
  const refused = await ask(token, 'local', 'CN');
  t.is(refused.status, 429);
  t.is((await errorOf(refused)).code, 'too_many_requests');
  const wait = Number(refused.headers.get('retry-after'));
  t.true(wait >= 1 && wait <= 60, String(wait));
  t.is((await ask(await tokenFor('another', ['trial']), 'local', 'CN')).status, 200);
  const shown = await cordon.audit.show(refused.headers.get('cordon-request-id') ?? '');
  t.like(shown?.decision?.data, { allow: false, reason: 'too_many_requests' });
});

test.serial('a runner whose budget is used up is left out as long as another may answer', async (t) => {
  const token = await tokenFor('frugal', ['frugal']);
  t.is((await ask(token, 'vendor', 'DE')).status, 200, 'the first call spends it');
  const refused = await ask(token, 'vendor', 'DE');
  t.is(refused.status, 429);
  t.is((await errorOf(refused)).code, 'budget_exhausted');
  t.true(Number(refused.headers.get('retry-after')) >= 1);
  const before = inside.received.length;
  t.is((await ask(token, 'either', 'DE')).status, 200);
  t.is(inside.received.length, before + 1);
});
