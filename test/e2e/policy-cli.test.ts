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
import { policyDenying } from '../support/policy-pair.ts';
import { runCli } from '../support/process.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const directory = temporaryDirectory();
const config = path.join(directory, 'cordon.yaml');
const draft = path.join(directory, 'draft.yaml');
let upstream: CapturingUpstream;
let cordon: TestCordon;
let ana: Readonly<Record<string, string>>;
let rob: Readonly<Record<string, string>>;
let version = '';

test.before(async () => {
  upstream = await startUpstream();
  writeFileSync(path.join(directory, 'policy.yaml'), policyDenying('desk', []));
  writeFileSync(
    config,
    'policy: { source: database, file: policy.yaml }\ndatabase: { deadline_ms: 20000 }\n',
  );
  cordon = await startTestCordon({ runnerUrl: upstream.url, env: { CORDON_CONFIG: config } });
  const personOf = async (subject: string, roles: readonly string[]) => ({
    CORDON_ADMIN_URL: cordon.adminUrl,
    CORDON_TOKEN: await cordon.issueDevToken({ subject, tenant: 'acme', roles: [...roles] }),
  });
  ana = await personOf('ana', ['policy-author', 'on-call']);
  rob = await personOf('rob', ['policy-reviewer']);
});
test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
  rmSync(directory, { recursive: true, force: true });
});

async function run(
  t: ExecutionContext,
  person: Readonly<Record<string, string>>,
  args: readonly string[],
  expected = 0,
  input = '',
): Promise<string> {
  const { code, stdout, stderr } = await runCli(['policy', ...args], person, input);
  t.is(code, expected, `${args.join(' ')}\n${stdout}${stderr}`);
  return stdout + stderr;
}

async function call(
  subject: string,
  prompt = 'hello',
): Promise<{ readonly status: number; readonly id: string }> {
  const token = await cordon.issueDevToken({ subject, tenant: 'acme', roles: ['user'] });
  const response = await postChat(cordon, token, userMessage(prompt));
  await response.text();
  return { status: response.status, id: response.headers.get('cordon-request-id') ?? '' };
}

/** What a command prints for the second person to run. */
function approvalIn(output: string): readonly string[] {
  const [, id = '', hash = ''] = /cordon policy approve (\S+) (\S+)/.exec(output) ?? [];
  return ['approve', id, hash];
}

test.serial('a draft is compared and tried on recorded calls before anybody submits it', async (t) => {
  t.is((await call('eve')).status, 200);
  t.is((await call('eve', 'mail me at eve@example.com')).status, 200);
  t.is((await call('bob')).status, 200);
  writeFileSync(draft, policyDenying('desk', ['eve']));
  t.is((await run(t, ana, ['diff', draft], 1)).split('\n')[1], '  + deny-0');
  t.regex(await run(t, ana, ['diff', 'active']), /No difference/);
  const simulated = await run(t, ana, ['simulate', draft], 1);
  t.regex(simulated, /3 calls judged by both, 1 the same/);
  t.regex(simulated, /2 newly denied/);
  t.regex(simulated, /by destination: default 2/);
  t.regex(simulated, /by entity: EMAIL_ADDRESS 1/);
  t.regex(simulated, /matched_allow → matched_deny \(deny-0\) 2/);
  t.notRegex(simulated, /eve/, 'people are pseudonyms');
  const { items } = await cordon.audit.list({ types: ['AUDIT_READ'] }, 10);
  t.is(items[0]?.record.data['what'], 'policy.simulate', 'reading the record is recorded');
});

test.serial('calls of one’s own can be tried without a record', async (t) => {
  const calls = path.join(directory, 'calls.jsonl');
  writeFileSync(
    calls,
    '{"subject":"eve","roles":["user"],"model":"m","runner":"r"}\n\n{"subject":"bob","roles":["user"],"model":"m","runner":"r"}\n',
  );
  t.regex(await run(t, ana, ['simulate', draft, '--calls', calls], 1), /2 calls judged by both, 1 the same/);
  writeFileSync(calls, '{"subject":"eve","roles":["user"],"model":"m"}\n');
  t.regex(await run(t, ana, ['simulate', draft, '--calls', calls], 2), /calls\.jsonl: line 1: runner/);
});

test.serial('what is wrong with a draft is told by line and column', async (t) => {
  const bad = path.join(directory, 'bad.yaml');
  writeFileSync(bad, policyDenying('desk', []).replace('effect: allow', 'effect: perhaps'));
  t.regex(
    await run(t, ana, ['submit', bad, '--note', 'x'], 2),
    /policy\.yaml:5:\d+: rules\.0\.effect: write one of allow/,
  );
});

test.serial('from a draft to live: one submits and asks, another approves', async (t) => {
  const submitted = await run(t, ana, ['submit', draft, '--note', 'eve left', '--ticket', 'SEC-1']);
  version = /version ([0-9a-f]{12})/.exec(submitted)?.[1] ?? '';
  t.regex(await run(t, ana, ['submit', draft, '--note', 'again']), /it was there already/);
  await run(t, ana, ['simulate', version], 1);
  t.regex(await run(t, ana, ['history']), new RegExp(`${version}  simulated`));
  const approval = approvalIn(await run(t, ana, ['activate', version, '--note', 'eve left']));
  t.regex(await run(t, ana, approval, 2), /does not allow you|Another person/);
  t.is((await call('eve')).status, 200);
  t.regex(await run(t, rob, approval), new RegExp(`version ${version} is in force`));
  t.is((await call('eve')).status, 403);
  t.regex(
    await run(t, ana, ['status']),
    new RegExp(`In force: version ${version} \\(number 2\\)[\\s\\S]*enforces it`),
  );
});

test.serial(
  'what applied to a call is answered from its record, and the version of then decides the same',
  async (t) => {
    const denied = await call('eve');
    const told = JSON.parse(await run(t, ana, ['decision', denied.id])) as Record<string, unknown>;
    t.like(told, { same: true, number: 2, recorded: { allow: false, reason: 'matched_deny' } });
    t.is(String(told['version']).slice(0, 12), version);
    await run(t, ana, ['decision', '00000000-0000-7000-8000-000000000000'], 2);
  },
);

test.serial('and back: a rollback, by two people', async (t) => {
  const history = await run(t, ana, ['history']);
  const first = /([0-9a-f]{12}) {2}superseded/.exec(history)?.[1] ?? '';
  await run(t, rob, approvalIn(await run(t, ana, ['rollback', first, '--note', 'eve is back'])));
  t.is((await call('eve')).status, 200);
});

test.serial(
  'an emergency denial holds at once, shows as outstanding, and is reviewed and lifted by another',
  async (t) => {
    const denied = await run(t, ana, [
      'emergency-deny',
      '--who',
      'subject:eve',
      '--minutes',
      '30',
      '--note',
      'leak',
    ]);
    t.is((await call('eve')).status, 403);
    const exception = /review ([0-9a-f]{64})/.exec(denied)?.[1] ?? '';
    t.regex(await run(t, ana, ['status']), /review outstanding[\s\S]*1 emergency action/);
    await run(t, ana, ['review', exception, '--verdict', 'upheld', '--note', 'x'], 2);
    await run(t, rob, ['review', exception, '--verdict', 'upheld', '--note', 'right']);
    await run(t, rob, ['end', exception]);
    t.is((await call('eve')).status, 200);
    t.regex(await run(t, ana, ['break-glass', '--purpose', 'x', '--ticket', 'T'], 2), /Say for whom/);
  },
);

test.serial('what was found and is none passes once two people agree, and nothing else does', async (t) => {
  const prompt = 'write to desk@example.com or night@example.com';
  const { id } = await call('bob', prompt);
  t.notRegex(upstream.received.at(-1)?.body ?? '', /desk@example\.com/);
  t.regex(await run(t, ana, ['false-positive', id, '7', '--note', 'x'], 2), /no such span/);
  const approval = approvalIn(await run(t, ana, ['false-positive', id, '0', '--note', 'our own desk']));
  await run(t, rob, approval);
  t.is((await call('bob', prompt)).status, 200);
  const sent = upstream.received.at(-1)?.body ?? '';
  t.regex(sent, /desk@example\.com/);
  t.notRegex(sent, /night@example\.com/);
  const stored = JSON.stringify(await run(t, ana, ['history']));
  t.notRegex(stored, /desk@example\.com/, 'the value stands nowhere in clear');
  const standing = /([0-9a-f]{64})$/m.exec(stored.replaceAll('\\n', '\n'))?.[1] ?? '';
  const foreign = {
    CORDON_ADMIN_URL: cordon.adminUrl,
    CORDON_TOKEN: await cordon.issueDevToken({ subject: 'rob', tenant: 'other', roles: ['policy-reviewer'] }),
  };
  t.notRegex(await run(t, foreign, ['history']), /false_positive/, 'another tenant is not told');
  t.regex(await run(t, foreign, ['end', standing], 2), /no such exception/);
  const { items } = await cordon.audit.list({ types: ['FALSE_POSITIVE'] }, 10);
  t.is(items[0]?.record.data['entity'], 'EMAIL_ADDRESS');
});

test.serial('a folder is applied once, and what is in force is exported', async (t) => {
  const folder = path.join(directory, 'git');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'policy.yaml'), policyDenying('applied', ['mallory']));
  await run(t, rob, approvalIn(await run(t, ana, ['apply', folder, '--note', 'from git'])));
  t.regex(await run(t, ana, ['apply', folder, '--note', 'from git']), /in force already/);
  const out = path.join(directory, 'out');
  await run(t, ana, ['export', out]);
  t.is(readFileSync(path.join(out, 'policy.yaml'), 'utf8'), policyDenying('applied', ['mallory']));
});
