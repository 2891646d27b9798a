import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { stringify } from 'yaml';
import { postChat, temporaryDirectory, userMessage } from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { type TestPostgres, startTestPostgres } from '../support/postgres.ts';
import { runCli, startProcess } from '../support/process.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const ISSUER = 'https://login.example.com/';

let postgres: TestPostgres;
let upstream: CapturingUpstream;
let directory: string;
let databaseUrl: string;
let token: string;
let complete: Readonly<Record<string, unknown>>;

/** The login an operator would make: a member of the serving roles and nothing more. */
async function createLogin(): Promise<string> {
  const database = await postgres.createEmptyDatabase();
  const adminUrl = database.url('superuser');
  const migrated = await runCli(['db', 'migrate'], { DATABASE_URL: adminUrl });
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  await database.query("create role app login password 'app' in role cordon_writer, cordon_reader");
  const url = new URL(adminUrl);
  url.username = 'app';
  url.password = 'app';
  return url.href;
}

async function createIssuer(): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  writeFileSync(path.join(directory, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
  return new SignJWT({ tenant: 'acme', roles: ['user'] })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setSubject('alice')
    .setAudience('cordon')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(privateKey);
}

test.before(async () => {
  directory = temporaryDirectory();
  postgres = await startTestPostgres();
  upstream = await startUpstream();
  databaseUrl = await createLogin();
  token = await createIssuer();
  const created = await runCli(['keys', 'create', path.join(directory, 'keyring.json')], {});
  if (created.code !== 0) throw new Error(created.stderr);
  const signing = await runCli(
    ['keys', 'create-checkpoint-key', path.join(directory, 'checkpoint-key.pem')],
    {},
  );
  if (signing.code !== 0) throw new Error(signing.stderr);
  writeFileSync(
    path.join(directory, 'policy.yaml'),
    readFileSync(path.resolve('policies', 'default.yaml'), 'utf8'),
  );
  complete = {
    environment: 'production',
    origin: 'cordon.example.com',
    server: { port: 0, admin_port: 0 },
    keys: { keyring_file: 'keyring.json' },
    checkpoints: { key_file: 'checkpoint-key.pem', sinks: [{ file: 'checkpoints.txt' }] },
    policy: { file: 'policy.yaml' },
    issuers: [{ issuer: ISSUER, audience: ['cordon'], jwks_file: 'jwks.json' }],
    runners: [{ id: 'default', base_url: upstream.url, trust: 'internal', region: 'DE' }],
  };
});

test.after.always(async () => {
  await upstream.close();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
});

function writeConfig(name: string, config: Readonly<Record<string, unknown>>): string {
  const file = path.join(directory, `${name}.yaml`);
  writeFileSync(file, stringify(config));
  return file;
}

test.serial('production with every part configured serves a call of its own issuer', async (t) => {
  const env = { CORDON_CONFIG: writeConfig('complete', complete), DATABASE_URL: databaseUrl };
  const cordon = await startProcess(env);
  t.teardown(() => cordon.kill('SIGKILL'));
  const answer = await postChat(cordon, token, userMessage(`write to ${PLANTED.email}`));
  t.is(answer.status, 200, cordon.output());
  t.true((await answer.text()).includes(PLANTED.email));
  t.true(upstream.bytes().includes('<EMAIL_ADDRESS_1>'));
  t.false(upstream.bytes().includes(PLANTED.email));
  t.is((await fetch(`${cordon.url}/readyz`)).status, 200);
  t.is((await fetch(`${cordon.url}/metrics`)).status, 401, 'metrics are on the admin plane only');
  t.is((await fetch(`${cordon.url}/docs`)).status, 401, 'the description is off unless asked for');
  t.is((await fetch(`${cordon.url}/openapi.json`)).status, 401);
  const verified = await runCli(['audit', 'verify', '--json'], env);
  t.is(verified.code, 0, verified.stderr);
  for (const words of [['dev', 'token'], ['demo']]) t.is((await runCli(words, env)).code, 2);
  await cordon.kill('SIGTERM');
  t.is(cordon.child.exitCode, 0);
  t.false(cordon.output().includes('Bearer'), 'no token is printed');
});

const MISSING = [
  ['issuers', 'issuers'],
  ['runners', 'runners'],
  ['keys', 'keys.keyring_file'],
  ['checkpoints', 'checkpoints.sinks'],
  ['policy', 'policy.file'],
] as const;

for (const [part, named] of MISSING) {
  test.serial(`production without ${part} refuses to start and names it`, async (t) => {
    const rest = Object.fromEntries(Object.entries(complete).filter(([key]) => key !== part));
    const env = { CORDON_CONFIG: writeConfig(`without-${part}`, rest), DATABASE_URL: databaseUrl };
    const { code, stderr } = await runCli(['serve'], env);
    t.is(code, 2);
    t.true(stderr.includes(`${named}: must`), stderr);
  });
}

test.serial('production without a database refuses to start and names it', async (t) => {
  const { code, stderr } = await runCli(['serve'], { CORDON_CONFIG: writeConfig('complete', complete) });
  t.is(code, 2);
  t.true(stderr.includes('DATABASE_URL: must'), stderr);
});

const BROKEN: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
  ['keyring', { keys: { keyring_file: 'nowhere.json' } }, /keyring/],
  [
    'checkpoint key',
    { checkpoints: { key_file: 'nowhere.pem', sinks: [{ file: 'checkpoints.txt' }] } },
    /checkpoints\.key_file/,
  ],
  ['policy', { policy: { file: 'nowhere.yaml' } }, /policy/],
];

for (const [part, change, named] of BROKEN) {
  test.serial(`production with a ${part} file that is not there refuses to start and names it`, async (t) => {
    const file = writeConfig(`broken-${part}`, { ...complete, ...change });
    const { code, stderr } = await runCli(['serve'], { CORDON_CONFIG: file, DATABASE_URL: databaseUrl });
    t.is(code, 2);
    t.regex(stderr, named);
  });
}

test.serial('a database that is not there, or is not migrated, is named without its password', async (t) => {
  const CORDON_CONFIG = writeConfig('complete', complete);
  const elsewhere = new URL(databaseUrl);
  elsewhere.hostname = 'localhost';
  elsewhere.port = '1';
  elsewhere.password = 'do-not-print';
  const gone = await runCli(['serve'], { CORDON_CONFIG, DATABASE_URL: elsewhere.href });
  t.is(gone.code, 2);
  t.regex(gone.stderr, /database/);
  t.notRegex(gone.stderr, /do-not-print/);
  const empty = await postgres.createEmptyDatabase();
  const behind = await runCli(['serve'], { CORDON_CONFIG, DATABASE_URL: empty.url('superuser') });
  t.is(behind.code, 2);
  t.regex(behind.stderr, /cordon db migrate/);
});
