import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type TestCordon, errorOf, postChat, startTestCordon, temporaryDirectory, userMessage } from '../support/cordon.ts'; // prettier-ignore
import { runCli } from '../support/process.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: chat, effect: allow, subjects: ['role:user'], operations: [chat], models: ['*'], runners: ['*'] }
handling:
  - { id: own, entities: [EMPLOYEE_ID, PROJECT_NAME, CUSTOMER_ID], handling: pseudonymise }
  - { id: known, entities: [contact, names, locations, organizations], handling: pseudonymise }
`;

const CONFIG = `
policy: { file: policy.yaml }
detection:
  recognizers: [recognizers.yaml]
  thresholds: { CN_MOBILE: 1, CUSTOMER_ID: 0.7 }
  allow:
    EMAIL_ADDRESS: [hotline@acme.example, night@acme.example]
    PERSON: [Falkenauge]
  deny:
    PROJECT_NAME: [night@acme.example, 'blue heron 7']
`;

let directory: string;
let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let version = '';

test.before(async () => {
  directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'policy.yaml'), POLICY);
  writeFileSync(path.join(directory, 'cordon.yaml'), CONFIG);
  writeFileSync(path.join(directory, 'recognizers.yaml'), readFileSync('recognizers/example.yaml', 'utf8'));
  upstream = await startUpstream();
  cordon = await startTestCordon({
    runnerUrl: upstream.url,
    env: { CORDON_CONFIG: path.join(directory, 'cordon.yaml') },
    replace: {
      detector: (real) => {
        version = real.version;
        return real;
      },
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
  rmSync(directory, { recursive: true, force: true });
});

/** What the runner was given to read. */
async function received(content: string): Promise<string> {
  const response = await postChat(cordon, token, userMessage(content));
  if (response.status !== 200) throw new Error(JSON.stringify(await errorOf(response)));
  const body = JSON.parse(upstream.received.at(-1)?.body ?? '') as { messages: { content: string }[] };
  return body.messages.at(-1)?.content ?? '';
}

test.serial(
  'an identifier of the company never reaches the runner, and comes back in the answer',
  async (t) => {
    const response = await postChat(cordon, token, userMessage('Reset the badge EMP-004711, please.'));
    t.is(response.status, 200);
    const answer = await response.text();
    t.false(upstream.bytes().includes('EMP-004711'));
    t.regex(upstream.received.at(-1)?.body ?? '', /Reset the badge <EMPLOYEE_ID_1>, please/);
    t.true(answer.includes('EMP-004711'));
  },
);

test.serial('a text on the allow-list passes as it is, its neighbours do not', async (t) => {
  t.is(
    await received('mail hotline@acme.example or other@acme.example'),
    'mail hotline@acme.example or <EMAIL_ADDRESS_1>',
  );
});

test.serial('a denied term wins over the allow-list and over every other find', async (t) => {
  t.is(
    await received('about Falkenauge and night@acme.example'),
    'about <PROJECT_NAME_1> and <PROJECT_NAME_2>',
  );
  t.is(await received('status of Blue Heron 7'), 'status of <PROJECT_NAME_1>');
});

test.serial('a threshold of its own decides for an entity', async (t) => {
  t.is(await received('ring 13800138000'), 'ring 13800138000');
  t.is(await received('customer 12345674'), 'customer 12345674');
});

test.serial('an entity that no handling rule covers blocks the call, and the answer says so', async (t) => {
  const response = await postChat(cordon, token, userMessage('Akte: AB/123/24'));
  t.is(response.status, 403);
  const { code, message } = await errorOf(response);
  t.is(code, 'entity_blocked');
  t.regex(message, /PATIENT_FILE at \/messages\/0\/content/);
  t.regex(message, /No handling rule covers PATIENT_FILE at this destination/);
  t.is(upstream.received.length, 0);
});

test.serial('the record names the version of the rules that were in force', (t) => {
  t.regex(version, / rules@[0-9a-f]{12} /);
});

test.serial('config check, policy check and detect know the recognisers', async (t) => {
  const run = (config: string, ...args: readonly string[]): ReturnType<typeof runCli> =>
    runCli(args, { CORDON_CONFIG: path.join(directory, config) });
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(directory, name), text);
  };
  write('broken.yaml', 'detection: { recognizers: [bad.yaml, none.yaml] }\n');
  write(
    'bad.yaml',
    "recognizers:\n  - name: a\n    entity: A\n    patterns: [{ regex: '(?=a)b', score: 1 }]\n",
  );
  const broken = await run('broken.yaml', 'config', 'check');
  t.is(broken.code, 2);
  t.regex(broken.stderr, /bad\.yaml:4:25: .*lookaround is not part of RE2/);
  t.regex(broken.stderr, /detection\.recognizers\[1\]: names a file that cannot be read/);

  t.is((await run('cordon.yaml', 'policy', 'check')).code, 0);
  write('plain.yaml', 'policy: { file: policy.yaml }\n');
  const plain = await run('plain.yaml', 'policy', 'check');
  t.is(plain.code, 1);
  t.regex(plain.stderr, /handling\.0\.entities\.0: unknown entity/);

  write('text.txt', 'badge EMP-004711');
  const shown = await run('cordon.yaml', 'detect', path.join(directory, 'text.txt'));
  t.regex(shown.stdout, /^6-16\tEMPLOYEE_ID\t0\.90\tcustom:Employee id\tEMP-004711$/m);
});
