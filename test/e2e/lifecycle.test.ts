import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {
  errorOf,
  postChat,
  startTestCordon,
  type TestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import { runCli } from '../support/process.ts';

let cordon: TestCordon;
let env: Readonly<Record<string, string>>;
test.before(async () => {
  const config = path.join(temporaryDirectory(), 'cordon.yaml');
  writeFileSync(config, 'retention: { preset: hipaa }\nkeys: { rotation_days: 10 }\n');
  env = { CORDON_CONFIG: config };
  cordon = await startTestCordon({ env });
});
test.after.always(() => cordon.dispose());

const EMAIL = 'zoe.quist@example.org';

async function tokenOf(subject: string, role: string): Promise<string> {
  return cordon.issueDevToken({ subject, tenant: 'acme', roles: [role] });
}

async function cli(token: string, ...args: readonly string[]) {
  return runCli(args, { CORDON_ADMIN_URL: cordon.adminUrl, CORDON_TOKEN: token });
}

/** A call about a person; returns its request id. */
async function callAbout(person: string): Promise<string> {
  const response = await postChat(
    cordon,
    await tokenOf('caller', 'user'),
    userMessage(`Write to ${EMAIL} please.`),
    { headers: { 'cordon-data-subject': person } },
  );
  await response.text();
  return response.headers.get('cordon-request-id') ?? '';
}

test.serial(
  'counsel holds a person, cannot erase them, has a second person release the hold, and then can',
  async (t) => {
    const counsel = await tokenOf('counsel-1', 'counsel');
    const officer = await tokenOf('officer-1', 'privacy-officer');
    const requestId = await callAbout('patient-77');
    t.is((await cordon.audit.show(requestId))?.findings.state, 'open');
    const search = async (...query: readonly string[]): Promise<boolean> => {
      const { code, stdout, stderr } = await cli(counsel, 'audit', 'search', ...query);
      t.is(code, 0, stderr);
      return stdout.includes(requestId);
    };
    const queries = [
      ['--subject', 'patient-77'],
      ['--email', EMAIL],
    ] as const;
    for (const query of queries) t.true(await search(...query), query[0]);

    const placed = await cli(
      counsel,
      ...[
        'audit',
        'hold',
        'place',
        '--matter',
        'M-77',
        '--reason',
        'letter of 3 May',
        '--data-subject',
        'patient-77',
      ],
    );
    t.is(placed.code, 0, placed.stderr);
    const [id = ''] = placed.stdout.split('  ');
    const refused = await cli(
      counsel,
      'audit',
      'erase',
      '--data-subject',
      'patient-77',
      '--reason',
      'asked for',
    );
    t.is(refused.code, 2);
    t.regex(refused.stderr, /M-77.*hold release.*\(held\)/);
    t.is((await cordon.audit.show(requestId))?.findings.state, 'open');

    const proposed = await cli(counsel, 'audit', 'hold', 'release', id, '--reason', 'settled');
    const approve = /cordon (proposals approve \S+ \S+)/.exec(proposed.stdout)?.[1]?.split(' ') ?? [];
    t.is((await cli(counsel, ...approve)).code, 2, 'not the same person');
    t.regex((await cli(counsel, 'audit', 'hold', 'list')).stdout, /M-77.*in force/);
    const approved = await cli(officer, ...approve);
    t.is(approved.code, 0, approved.stderr);
    t.regex((await cli(officer, 'audit', 'hold', 'list')).stdout, /M-77.*released/);

    const erased = await cli(
      counsel,
      'audit',
      'erase',
      '--data-subject',
      'patient-77',
      '--reason',
      'asked for',
    );
    t.is(erased.code, 0, erased.stderr);
    t.regex(erased.stdout, /1 key\(s\) destroyed/);
    const shown = await cordon.audit.show(requestId);
    t.is(shown?.findings.state, 'key_unavailable');
    t.is(shown?.body.state, 'open');
    for (const query of queries) t.false(await search(...query), `${query[0]} after the erasure`);
    const { problems, keyUnavailable } = await cordon.audit.verify({ decrypt: true });
    t.deepEqual(problems, []);
    t.true(keyUnavailable >= 1);
    const { items } = await cordon.audit.list(
      { types: ['HOLD_PLACED', 'HOLD_RELEASED', 'ERASURE_REFUSED', 'ERASED'] },
      10,
    );
    t.deepEqual(
      items.map(({ record }) => record.type),
      ['ERASED', 'HOLD_RELEASED', 'ERASURE_REFUSED', 'HOLD_PLACED'],
    );
    // Not ten days after the erasure, but when the key that wrapped theirs is ten days old.
    const listed = await runCli(['keys', 'list', '--json'], {
      ...env,
      CORDON_DATA_DIR: cordon.dataDirectory,
    });
    const { horizon, keks } = JSON.parse(listed.stdout) as {
      readonly horizon: { readonly atMs: number };
      readonly keks: readonly { readonly createdMs: number }[];
    };
    t.is(items[0]?.record.data['horizon'], new Date(horizon.atMs).toISOString());
    t.is(horizon.atMs, (keks[0]?.createdMs ?? 0) + 10 * 86_400_000);
    t.true(erased.stdout.includes(new Date(horizon.atMs).toISOString()), erased.stdout);
    t.notRegex(JSON.stringify(items.map(({ record }) => record.data)), /patient-77|counsel-1|letter/);
  },
);

test('an erased person’s next call has a key of its own', async (t) => {
  const requestId = await callAbout('patient-78');
  await cli(
    await tokenOf('counsel-1', 'counsel'),
    'audit',
    'erase',
    '--data-subject',
    'patient-78',
    '--reason',
    'asked',
  );
  t.is((await cordon.audit.show(requestId))?.findings.state, 'key_unavailable');
  const again = await callAbout('patient-78');
  t.is((await cordon.audit.show(again))?.findings.state, 'open', 'a later call has a key of its own');
});

test('who may do what is the policy’s to say, and a slip is told with its place', async (t) => {
  const auditor = await tokenOf('auditor-1', 'auditor');
  const counsel = await tokenOf('counsel-1', 'counsel');
  t.is((await cli(auditor, 'audit', 'erase', '--data-subject', 'x', '--reason', 'y')).code, 2);
  t.is(
    (await cli(auditor, 'audit', 'hold', 'place', '--matter', 'M', '--reason', 'y', '--everybody')).code,
    2,
  );
  t.is((await cli(await tokenOf('u', 'user'), 'audit', 'hold', 'list')).code, 2);
  t.is((await cli(counsel, 'audit', 'retention', 'run')).code, 2);
  const nobody = await cli(counsel, 'audit', 'hold', 'place', '--matter', 'M', '--reason', 'y');
  t.regex(nobody.stderr, /everybody/);
  const both = await cli(
    counsel,
    ...['audit', 'hold', 'place', '--matter', 'M', '--reason', 'y', '--everybody', '--principal', 'x'],
  );
  t.regex(both.stderr, /not both/);
  t.regex(
    (
      await cli(
        counsel,
        'audit',
        'hold',
        'place',
        '--matter',
        'M',
        '--reason',
        'y',
        '--everybody',
        '--from',
        'May',
      )
    ).stderr,
    /Write a time/,
  );
  t.regex((await cli(counsel, 'audit', 'hold', 'release', 'x', '--reason', 'y')).stderr, /hold list/);
});

test('what is kept until when is told without the matters of other tenants', async (t) => {
  const officer = await tokenOf('officer-1', 'privacy-officer');
  const stranger = await cordon.issueDevToken({ subject: 'c', tenant: 'other', roles: ['counsel'] });
  t.is(
    (await cli(stranger, 'audit', 'hold', 'place', '--matter', 'SECRET-1', '--reason', 'y', '--everybody'))
      .code,
    0,
  );
  await callAbout('patient-80');
  const status = await cli(officer, 'audit', 'retention', 'status');
  t.is(status.code, 0, status.stderr);
  t.regex(status.stdout, /everybody: 2192 days/);
  t.regex(status.stdout, /-01 {2}may go from 20/);
  t.notRegex(status.stdout, /SECRET/);
  const run = await cli(officer, 'audit', 'retention', 'run');
  t.is(run.code, 0, run.stderr);
  t.regex(run.stdout, /Nothing is past its time/);
  t.notRegex((await cli(officer, 'audit', 'hold', 'list')).stdout, /SECRET/);
});

test('the API answers in the same words', async (t) => {
  const token = await tokenOf('counsel-1', 'counsel');
  const response = await fetch(`${cordon.adminUrl}/admin/v1/audit/erasures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ data_subject: '', reason: 'x' }),
  });
  t.is(response.status, 400);
  t.is((await errorOf(response)).param, '/data_subject');
});
