import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  postChat,
  startTestCordon,
  type TestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import { adminCaller, type AdminCaller, approveProposal } from '../support/policy-pair.ts';
import { runCli } from '../support/process.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const TEAM = `version: 1
name: support-team
roles: { agent: {} }
rules:
  - { id: agents, effect: allow, subjects: ['role:agent'], operations: ['*'], models: ['*'], runners: ['*'] }
  - { id: no-huge, effect: deny, subjects: [any], operations: ['*'], models: ['huge-*'], runners: ['*'] }
`;
const setOf = (extra: string): string => `version: 1
name: desk
includes: [gdpr, ./teams/support.yaml]
purposes: { support: { lawful_basis: contract } }
rules:
  - { id: not-eve, effect: deny, subjects: ['subject:eve'], operations: ['*'], models: ['*'], runners: ['*'] }
${extra}`;
const RATE = `  - { id: rate, effect: oblige, subjects: [any], operations: ['*'], models: ['*'], runners: ['*'], obligations: { rate_limit: { per: tenant, points: 1000, seconds: 60 } } }
`;

const directory = temporaryDirectory();
const folder = path.join(directory, 'desk');
const out = path.join(directory, 'out');
let upstream: CapturingUpstream;
let cordon: TestCordon;
let author: AdminCaller;
let reviewer: AdminCaller;
let env: Readonly<Record<string, string>>;

test.before(async () => {
  upstream = await startUpstream();
  mkdirSync(path.join(folder, 'teams'), { recursive: true });
  writeFileSync(path.join(folder, 'teams', 'support.yaml'), TEAM);
  writeFileSync(path.join(folder, 'policy.yaml'), setOf(''));
  const config = path.join(directory, 'cordon.yaml');
  const facts =
    "region: US, dpa: { signed: '2026-01-31', ref: C-17 }, retention_days: 0, transfer_basis: scc";
  writeFileSync(
    config,
    `policy: { source: database, file: desk/policy.yaml }
database: { deadline_ms: 20000 }
runners:
  - { id: vendor, base_url: '${upstream.url}', models: [demo, 'huge-*'], ${facts} }
routes:
  - { models: [assistant], runners: [{ id: vendor, model: huge-9 }] }
`,
  );
  cordon = await startTestCordon({ env: { CORDON_CONFIG: config } });
  const tokenOf = (subject: string, roles: string[]): Promise<string> =>
    cordon.issueDevToken({ subject, tenant: 'acme', roles });
  const ana = await tokenOf('ana', ['policy-author', 'on-call']);
  author = adminCaller(cordon.adminUrl, ana);
  reviewer = adminCaller(cordon.adminUrl, await tokenOf('rob', ['policy-reviewer']));
  env = { CORDON_ADMIN_URL: cordon.adminUrl, CORDON_TOKEN: ana, CORDON_CONFIG: config };
});
test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
  rmSync(directory, { recursive: true, force: true });
});

async function run(t: ExecutionContext, args: readonly string[], expected = 0): Promise<string> {
  const { code, stdout, stderr } = await runCli(['policy', ...args], env);
  t.is(code, expected, `${args.join(' ')}\n${stdout}${stderr}`);
  return stdout + stderr;
}

async function call(
  subject: string,
  parts: { readonly purpose?: string; readonly model?: string; readonly content?: string } = {},
): Promise<{ readonly status: number; readonly id: string }> {
  const { purpose = 'support', model = 'demo', content = 'mail me at a@example.com' } = parts;
  const token = await cordon.issueDevToken({
    ...{ subject, tenant: 'acme', roles: ['agent'] },
    purposes: ['support', 'none'],
  });
  const headers = {
    ...(purpose === '' ? {} : { 'cordon-purpose': purpose }),
    'cordon-data-subject-region': 'DE',
  };
  const response = await postChat(cordon, token, userMessage(content, { model }), { headers });
  await response.text();
  return { status: response.status, id: response.headers.get('cordon-request-id') ?? '' };
}

async function decisionOf(id: string): Promise<Readonly<Record<string, unknown>>> {
  return (await author('GET', `/policy/decisions/${id}`)).body;
}

test.serial(
  'each decision of a set with packs is made again to the same, with the rule that made it',
  async (t) => {
    for (const [subject, parts, status, rule] of [
      ['alice', {}, 200, 'agents'],
      ['eve', {}, 403, 'not-eve'],
      ['alice', { purpose: '' }, 403, 'gdpr-purpose-and-basis'],
      ['alice', { purpose: 'none' }, 403, 'undeclared_purpose'],
      ['alice', { model: 'assistant' }, 403, 'no-huge'],
    ] as const) {
      const made = await call(subject, parts);
      t.is(made.status, status, rule);
      const told = await decisionOf(made.id);
      t.is(told['same'], true, JSON.stringify(told));
      t.is((told['recorded'] as { rules: string[] }).rules[0], rule);
    }
  },
);

test.serial('what is in force is linted, tested, printed and explained like a file', async (t) => {
  t.regex(await run(t, ['lint', 'active']), /^active:6:\d+: .*\[info unowned\]$[^]*no problems, 1 warning/m);
  t.regex(await run(t, ['test', 'active']), /0 failed, version/);
  const printed = await run(t, ['show', '--casbin', 'active']);
  t.regex(printed, /p, any, \*, \*, \*, \*, gdpr-processor-contract, deny, gdpr-processor-contract/);
  const question = ['--subject', 'alice', '--tenant', 'acme', '--role', 'agent', '--operation', 'chat'];
  const asked = ['explain', 'active', ...question, '--model', 'demo', '--runner', 'vendor'];
  t.regex(await run(t, [...asked, '--purpose', 'support']), /^allowed: matched_allow:agents$/m);
  t.regex(await run(t, asked, 2), /^denied: attribute_missing:purpose$|gdpr-purpose-and-basis/m);
  const { body } = await author('POST', '/policy/emergency-denies', { who: 'subject:alice', note: 'x' });
  const now = await run(t, [...asked, '--purpose', 'support'], 2);
  t.regex(
    now,
    new RegExp(`^denied: matched_deny:${String(body['rule'])}$`, 'm'),
    'and what stands beside it',
  );
  t.is((await reviewer('DELETE', `/policy/exceptions/${String(body['exception'])}`)).status, 200);
  const { body: status } = await author('GET', '/policy');
  const version = (status['in_force'] as { version: string }).version.slice(0, 12);
  t.regex(await run(t, ['show', version]), /includes: \[gdpr, \.\/teams\/support\.yaml\]/);
});

test.serial(
  'a set with packs and files is exported whole, and applied again is the same version',
  async (t) => {
    await run(t, ['export', out]);
    for (const file of ['policy.yaml', 'teams/support.yaml'])
      t.is(readFileSync(path.join(out, file), 'utf8'), readFileSync(path.join(folder, file), 'utf8'));
    t.is(
      readFileSync(path.join(out, 'packs/gdpr.yaml'), 'utf8'),
      readFileSync('policies/packs/gdpr.yaml', 'utf8'),
    );
    t.regex(await run(t, ['apply', out, '--note', 'again']), /in force already/);
    t.regex(await run(t, ['diff', path.join(out, 'policy.yaml')]), /No difference/);
  },
);

test.serial(
  'a draft is simulated with its packs, with what was known of runner and purpose, and what it owes',
  async (t) => {
    const draft = path.join(folder, 'draft.yaml');
    writeFileSync(draft, setOf(`${RATE}disable: [gdpr-purpose-and-basis]\n`));
    const told = await run(t, ['simulate', draft]);
    t.regex(told, /1 newly allowed\n[^]*attribute_missing → matched_allow \(agents\) 1/);
    t.regex(told, /^0 newly denied$/m);
    t.regex(
      told,
      /allowed as before, but owing something else\n[^]*rate: nothing → 1000 calls in 60 s per tenant/,
    );
    const changed = await run(t, ['diff', draft], 1);
    t.regex(changed, /- gdpr-purpose-and-basis/);
    t.regex(changed, /\+ rate/);
  },
);

test.serial(
  'a pack of one’s own under a known name is told to who submits and to who approves',
  async (t) => {
    const pack = path.join(out, 'packs/gdpr.yaml');
    writeFileSync(pack, readFileSync(pack, 'utf8').replace('at_most: 30', 'at_most: 3000'));
    t.regex(
      await run(t, ['lint', path.join(out, 'policy.yaml')]),
      /gdpr is not the pack of this name.*\[warning own_pack\]/,
    );
    const submitted = await run(t, ['submit', path.join(out, 'policy.yaml'), '--note', 'laxer']);
    t.regex(submitted, /^Not the packs of these names that come with Cordon: gdpr$/m);
    const version = /version ([0-9a-f]{12})/.exec(submitted)?.[1] ?? '';
    const { body } = await author('GET', '/policy/versions');
    const whole = (body['items'] as { version: string }[]).find((one) => one.version.startsWith(version));
    const proposed = await author('POST', '/policy/activations', { version: whole?.version, note: 'x' });
    t.deepEqual((proposed.body['body'] as { own_packs: string[] }).own_packs, ['gdpr']);
    await approveProposal(reviewer, proposed.body as { id: string; hash: string } & typeof proposed.body);
    t.is((await call('alice')).status, 200);
  },
);
