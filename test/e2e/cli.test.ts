import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { postChat, temporaryDirectory, userMessage } from '../support/cordon.ts';
import { ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { type CordonProcess, runCli, startProcess } from '../support/process.ts';

const directory = temporaryDirectory();
const env = { CORDON_DATA_DIR: path.join(directory, 'data'), CORDON_PORT: '0', CORDON_ADMIN_PORT: '0' };
let cordon: CordonProcess;

test.before(async () => {
  cordon = await startProcess(env);
});

test.after.always(async () => {
  await cordon.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
});

test.serial('what `npm start` prints can be pasted: the curl command works', async (t) => {
  const token = /Bearer (\S+)'/.exec(cordon.output())?.[1];
  const body = /-d '(.+)'/.exec(cordon.output())?.[1] ?? '';
  const response = await postChat(cordon, token, body);
  t.is(response.status, 200);
  t.regex(await response.text(), /maria\.gonzalez@example\.com/);
});

test.serial(
  'a token from `cordon dev token` is accepted, and its roles and purposes are those asked for',
  async (t) => {
    const made = await runCli(
      ['dev', 'token', '--subject', 'carol', '--tenant', 'acme', '--purpose', 'support', '--ttl', '5m'],
      env,
    );
    t.is(made.code, 0);
    const accepted = await postChat(cordon, made.stdout.trim(), userMessage('hello'), {
      headers: { 'cordon-purpose': 'support' },
    });
    t.is(accepted.status, 200);
    const guest = await runCli(['dev', 'token', '--role', 'guest'], env);
    t.is((await postChat(cordon, guest.stdout.trim(), userMessage('hello'))).status, 403);
    t.is((await runCli(['dev', 'token', '--ttl', '2d'], env)).code, 2);
  },
);

test.serial('the record of a call is listed, shown and verified beside the running proxy', async (t) => {
  const token = (await runCli(['dev', 'token'], env)).stdout.trim();
  const response = await postChat(cordon, token, userMessage(ENGLISH_PROMPT));
  const id = response.headers.get('cordon-request-id') ?? '';
  await response.text();
  const listed = await runCli(['audit', 'list', '--json'], env);
  t.is(listed.code, 0, listed.stderr);
  const records = JSON.parse(listed.stdout) as { requestId: string; type: string }[];
  t.deepEqual(
    records
      .filter((record) => record.requestId === id)
      .map((record) => record.type)
      .sort(),
    ['COMPLETION', 'DECISION'],
  );
  t.notRegex(listed.stdout, new RegExp(PLANTED.email));

  const shown = await runCli(['audit', 'show', id, '--json'], env);
  t.is(shown.code, 0, shown.stderr);
  const record = JSON.parse(shown.stdout) as {
    body: string;
    originals: Record<string, string>;
    completion: { outcome: string };
  };
  t.is(record.completion.outcome, 'complete');
  t.is(record.originals['<EMAIL_ADDRESS_1>'], PLANTED.email);
  t.notRegex(record.body, new RegExp(PLANTED.email));

  const verified = await runCli(['audit', 'verify'], env);
  t.is(verified.code, 0, verified.stderr);
  t.regex(verified.stdout, /Verified/);
  t.regex(verified.stdout, /[1-9]\d* signed checkpoints held against it/);
  const key = (await runCli(['keys', 'checkpoint'], env)).stdout.trim();
  const kept = path.join(directory, 'data', 'checkpoints.txt');
  const again = ['audit', 'verify', '--no-decrypt', '--checkpoints', kept, '--checkpoint-key'];
  t.is((await runCli([...again, key], env)).code, 0);
  const stranger = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  t.is(
    (await runCli([...again, stranger], env)).code,
    1,
    'checkpoints that somebody else should have signed',
  );
  const read = JSON.parse(
    (await runCli(['audit', 'list', '--json', '--type', 'AUDIT_READ'], env)).stdout,
  ) as { what: string }[];
  t.true(
    read.some((note) => note.what === 'show'),
    'reading the audit is itself recorded',
  );
  t.is((await runCli(['audit', 'show', 'nonsense'], env)).code, 2);
});

test.serial('`cordon detect` reads lines and answers each in its place', async (t) => {
  const input = [
    JSON.stringify({ id: 1, text: ENGLISH_PROMPT }),
    'not json',
    JSON.stringify({ id: 'b', text: 'nothing here' }),
  ].join('\n');
  const result = await runCli(['detect', '--jsonl'], env, input);
  t.is(result.code, 1);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          id: unknown;
          spans?: { start: number; end: number; entity: string }[];
          error?: string;
        },
    );
  t.deepEqual(
    lines.map(({ id }) => id),
    [1, null, 'b'],
  );
  t.truthy(lines[1]?.error);
  const email = lines[0]?.spans?.find((span) => span.entity === 'EMAIL_ADDRESS');
  t.is(ENGLISH_PROMPT.slice(email?.start, email?.end), PLANTED.email);
  t.deepEqual(lines[2]?.spans, []);
});

test.serial('`cordon config check` and `cordon policy check` say what is wrong and where', async (t) => {
  t.is((await runCli(['config', 'check'], env)).code, 0);
  const bad = await runCli(['config', 'check'], {
    ...env,
    CORDON_PORT: 'x',
    CORDON_RUNNER_URL: 'http://example.com/v1',
  });
  t.is(bad.code, 2);
  t.regex(bad.stderr, /CORDON_PORT[\s\S]*CORDON_RUNNER_URL/);
  for (const file of ['policies/default.yaml', 'policies/examples/strict.yaml'])
    t.is((await runCli(['policy', 'check', file], env)).code, 0, file);
  const policy = path.join(directory, 'policy.yaml');
  writeFileSync(policy, 'version: 1\nname: x\nrules:\n  - { id: a, effect: perhaps }\n');
  const refused = await runCli(['policy', 'check', policy], env);
  t.is(refused.code, 1);
  t.regex(refused.stderr, /policy\.yaml:4:\d+/);
  t.regex((await runCli(['policy', 'show', '--casbin'], env)).stdout, /some\(where \(p\.eft == allow\)\)/);
});

test.serial(
  'SIGHUP loads a changed policy and keeps the last good one when the new one is bad',
  async (t) => {
    const policy = path.join(directory, 'live.yaml');
    const config = path.join(directory, 'cordon.yaml');
    const rules = (effect: string): string =>
      `version: 1\nname: live\nroles: { user: {} }\nrules:\n  - { id: r, effect: ${effect}, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }\nhandling:\n  - { id: h, entities: ['*'], handling: pseudonymise }\n`;
    writeFileSync(policy, rules('allow'));
    writeFileSync(config, `policy: { file: ${policy} }\n`);
    const live = { ...env, CORDON_DATA_DIR: path.join(directory, 'live'), CORDON_CONFIG: config };
    const other = await startProcess(live);
    const token = (await runCli(['dev', 'token'], live)).stdout.trim();
    const settle = async (wanted: number): Promise<number> => {
      let status = 0;
      for (let i = 0; i < 100 && status !== wanted; i++) {
        status = (await postChat(other, token, userMessage('hello'))).status;
        if (status !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return status;
    };
    t.is(await settle(200), 200);
    writeFileSync(policy, rules('deny'));
    other.child.kill('SIGHUP');
    t.is(await settle(403), 403);
    writeFileSync(policy, 'nonsense: [');
    other.child.kill('SIGHUP');
    for (let i = 0; i < 100 && !other.output().includes('policy_refused'); i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    t.regex(other.output(), /policy_refused/);
    t.is((await postChat(other, token, userMessage('hello'))).status, 403);
    await other.kill('SIGTERM');
  },
);

test.serial('`npm run demo` shows what was sent, received and returned, and the record', async (t) => {
  const result = await runCli(['demo'], { ...env, CORDON_DATA_DIR: path.join(directory, 'demo') });
  t.is(result.code, 0, result.stderr);
  const received = result.stdout
    .split('What the runner received')
    .slice(1)
    .map((part) => part.split('What came back')[0] ?? '');
  t.is(received.length, 2);
  for (const text of received)
    t.notRegex(text, /maria\.gonzalez@example\.com|4111 1111|11010519491231002X|13800138000/);
  t.regex(result.stdout, /The audit record verifies/);
});

test.serial('a second start reuses the data, and an earlier record is still there', async (t) => {
  const token = (await runCli(['dev', 'token'], env)).stdout.trim();
  const response = await postChat(cordon, token, userMessage('remember me'));
  await response.text();
  await cordon.kill('SIGTERM');
  t.is(cordon.child.exitCode, 0);
  cordon = await startProcess(env);
  const shown = await runCli(
    ['audit', 'show', response.headers.get('cordon-request-id') ?? '', '--json'],
    env,
  );
  t.is(shown.code, 0, shown.stderr);
  t.is((await postChat(cordon, token, userMessage('again'))).status, 200);
});

test.serial('help lists every command', async (t) => {
  const help = await runCli(['--help'], env);
  t.is(help.code, 0);
  for (const command of ['audit', 'config', 'db', 'demo', 'detect', 'dev', 'keys', 'policy', 'serve'])
    t.regex(help.stdout, new RegExp(`\\n  ${command}`));
});
