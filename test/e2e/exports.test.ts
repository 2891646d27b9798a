import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openCheckpointKey } from '../../src/compose/checkpoints.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatVerifier } from '../../src/crypto/signed-note.ts';
import { postChat, startTestCordon, type TestCordon, userMessage } from '../support/cordon.ts';
import { decryptCmsFor } from '../support/cms.ts';
import { counsel, filesOf, runVerifier, temporary, unpack } from '../support/export.ts';
import { ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { runCli } from '../support/process.ts';

let cordon: TestCordon;
let requestId = '';
/** Who verifies gets it from somebody who kept it. */
let key = '';
const tokens = new Map<string, string>();

test.before(async () => {
  cordon = await startTestCordon();
  for (const role of ['user', 'counsel', 'privacy-officer', 'auditor'])
    tokens.set(role, await cordon.issueDevToken({ subject: `${role}-1`, tenant: 'acme', roles: [role] }));
  const both = { subject: 'both', tenant: 'acme', roles: ['counsel', 'privacy-officer'] };
  tokens.set('both', await cordon.issueDevToken(both));
  tokens.set('stranger', await cordon.issueDevToken({ ...both, tenant: 'globex' }));
  const response = await postChat(cordon, tokens.get('user'), userMessage(ENGLISH_PROMPT));
  requestId = response.headers.get('cordon-request-id') ?? '';
  await response.text();
  const config = loadConfig({ CORDON_DATA_DIR: cordon.dataDirectory });
  key = formatVerifier(await openCheckpointKey(config));
});
test.after.always(() => cordon.dispose());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly error?: { readonly code: string } };
}

async function ask(who: string, method: 'GET' | 'POST', place: string, body?: object): Promise<Answer> {
  const response = await fetch(`${cordon.adminUrl}/admin/v1${place}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(who) ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const EXPORT = { query: {}, fields: 'originals', certificates: counsel.certificate };

/** The command line as a person of this role. */
const run = (who: string, ...args: readonly string[]): ReturnType<typeof runCli> =>
  runCli([...args], {
    CORDON_DATA_DIR: cordon.dataDirectory,
    CORDON_ADMIN_URL: cordon.adminUrl,
    CORDON_TOKEN: tokens.get(who) ?? '',
  });

test('two people make an export on the command line, and a stranger verifies it', async (t) => {
  const folder = temporary(t);
  const at = (name: string): string => path.join(folder, name);
  writeFileSync(at('counsel.pem'), counsel.certificate);
  const asked = await run(
    'counsel',
    'audit',
    'export',
    'request',
    '--recipient',
    at('counsel.pem'),
    '--fields',
    'originals',
  );
  t.is(asked.code, 0, asked.stderr);
  const [, id = '', hash = ''] = /approve (\S+) (\S+)/.exec(asked.stdout) ?? [];
  t.is((await run('privacy-officer', 'proposals', 'approve', id, hash)).code, 0);
  let state: unknown;
  while (state !== 'done' && state !== 'failed') {
    state = (await ask('counsel', 'GET', `/audit/exports/${id}`)).body['state'];
    await sleep(100);
  }
  const told = await run('counsel', 'audit', 'export', 'status', id);
  t.regex(told.stdout, /"state": "done"/, told.stdout + told.stderr);
  const got = await run('counsel', 'audit', 'export', 'download', id, '--out', at('export.p7m'));
  t.is(got.code, 0, got.stderr);
  const directory = unpack(t, await filesOf(decryptCmsFor(readFileSync(at('export.p7m')), counsel.key)));
  const { status: verified, output } = runVerifier(directory, key);
  t.is(verified, 0, output);
  const records = readFileSync(path.join(directory, 'records.jsonl'), 'utf8');
  t.true(records.includes(requestId));
  t.true(records.includes(PLANTED.email), 'originals were approved, and are in it');
  t.regex(readFileSync(path.join(directory, 'custody.json'), 'utf8'), /"type": "APPROVED"/);
  t.is(readdirSync(path.join(directory, 'policy')).length, 1);
  const ours = await run('counsel', 'audit', 'verify', '--bundle', directory, '--key', key);
  t.is(ours.code, 0, ours.stderr + ours.stdout);
  const { items } = await cordon.audit.list({ types: ['EXPORTED'] }, 10);
  t.deepEqual(items.map(({ record }) => record.data['step']).sort(), ['downloaded', 'made']);
});

test('nobody approves their own export, nor one by another hash, and nothing happens before', async (t) => {
  const { body } = await ask('both', 'POST', '/audit/exports', EXPORT);
  const place = `/proposals/${String(body['id'])}/approve`;
  const own = await ask('both', 'POST', place, { hash: body['hash'] });
  t.is(own.body.error?.code, 'self_approval');
  const other = await ask('privacy-officer', 'POST', place, { hash: 'ab'.repeat(32) });
  t.is(other.body.error?.code, 'conflict');
  t.is((await ask('counsel', 'POST', place, { hash: body['hash'] })).status, 403);
  t.is((await ask('both', 'GET', `/audit/exports/${String(body['id'])}`)).status, 404);
});

test('who may not export is refused, and so is a certificate that is none', async (t) => {
  t.is((await ask('auditor', 'POST', '/audit/exports', EXPORT)).status, 403);
  t.is((await ask('privacy-officer', 'POST', '/audit/exports', EXPORT)).status, 403);
  const bad = await ask('counsel', 'POST', '/audit/exports', { ...EXPORT, certificates: 'x' });
  t.is(bad.body.error?.code, 'invalid_request');
  const wide = await ask('counsel', 'POST', '/audit/exports', { ...EXPORT, query: { tenant: 'globex' } });
  t.is(wide.body.error?.code, 'invalid_request');
});

test('parts of a call are shown to who asked, once approved, and each reading is recorded', async (t) => {
  const reveal = {
    requestId,
    fields: ['originals'],
    purpose: 'subject access',
    ticket: 'DSAR-7',
    minutes: 5,
  };
  const { body } = await ask('counsel', 'POST', '/audit/reveals', reveal);
  const show = `/audit/reveals/${String(body['id'])}`;
  t.is((await ask('counsel', 'GET', show)).body.error?.code, 'conflict');
  const approved = await ask('privacy-officer', 'POST', `/proposals/${String(body['id'])}/approve`, {
    hash: body['hash'],
  });
  t.is(approved.body['state'], 'executed');
  const shown = await ask('counsel', 'GET', show);
  t.is(shown.status, 200);
  t.deepEqual(Object.keys(shown.body).sort(), ['originals', 'requestId', 'until']);
  t.true(JSON.stringify(shown.body).includes(PLANTED.email));
  t.is((await ask('both', 'GET', show)).status, 404, 'not for another, whatever the role');
  const { items } = await cordon.audit.list({ types: ['REVEALED'] }, 10);
  t.is(items.filter(({ record }) => record.data['proposal'] === body['id']).length, 1);
  t.false(JSON.stringify(items).includes('DSAR-7'), 'what a person wrote is sealed');
});

test('a call of another tenant is not there to be revealed or proven', async (t) => {
  const reveal = { requestId, fields: ['sent'], purpose: 'x', ticket: 'y' };
  t.is((await ask('stranger', 'POST', '/audit/reveals', reveal)).status, 404);
  t.is((await ask('stranger', 'GET', `/audit/proofs/${requestId}`)).status, 404);
  t.is((await ask('counsel', 'POST', '/audit/reveals', { ...reveal, minutes: 61 })).status, 400);
  t.is((await ask('counsel', 'POST', '/audit/reveals', { ...reveal, fields: [] })).status, 400);
});

test('a proof made on the command line verifies without configuration, and not when changed', async (t) => {
  const folder = temporary(t);
  t.is((await run('auditor', 'audit', 'prove', requestId, '--out', folder)).code, 0);
  const file = path.join(folder, `${requestId}.DECISION.tlog-proof`);
  const elsewhere = { CORDON_DATA_DIR: path.join(folder, 'nothing') };
  const verified = await runCli(['audit', 'verify', '--proof', file, '--key', key], elsewhere);
  t.is(verified.code, 0, verified.stderr);
  t.regex(verified.stdout, /Verified: DECISION/);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/index (\d+)/, 'index 9$1'));
  t.is((await runCli(['audit', 'verify', '--proof', file, '--key', key], elsewhere)).code, 1);
  t.false(existsSync(elsewhere.CORDON_DATA_DIR));
  const { body } = await ask('auditor', 'GET', `/audit/proofs/${requestId}`);
  t.true(Array.isArray(body['items']) && body['items'].length === 2);
});

test('a verification of the database says how many records retention never drops', async (t) => {
  const { stdout, code, stderr } = await run('auditor', 'audit', 'verify', '--no-decrypt', '--json');
  t.is(code, 0, stderr);
  t.like(JSON.parse(stdout), { unpartitioned: 0, problems: [] });
});

test('a dump verifies on a machine that has nothing but the key', async (t) => {
  const folder = temporary(t);
  const file = path.join(folder, 'ledger.dump');
  const checkpoints = path.join(cordon.dataDirectory, 'checkpoints.txt');
  while (!existsSync(checkpoints)) await sleep(50);
  copyFileSync(checkpoints, path.join(folder, 'kept.txt'));
  t.is((await run('auditor', 'audit', 'dump', file)).code, 0);
  const elsewhere = { CORDON_DATA_DIR: path.join(folder, 'nothing') };
  const verified = await runCli(['audit', 'verify', '--dump', file, '--key', key], elsewhere);
  t.is(verified.code, 0, verified.stderr + verified.stdout);
  t.notRegex(verified.stdout, /^0 signed checkpoints/m);
  const before = ['--dump', file, '--key', key, '--checkpoints', path.join(folder, 'kept.txt')];
  t.is((await runCli(['audit', 'verify', ...before], elsewhere)).code, 0, 'kept before the dump');
  const later = ['--dump', file, '--key', key, '--checkpoints', checkpoints];
  const beyond = await runCli(['audit', 'verify', ...later], elsewhere);
  t.is(beyond.code, 1);
  t.regex(beyond.stderr, /checkpoint_beyond_end[^]*made after the dump/);
  writeFileSync(file, readFileSync(file, 'utf8').replace('\\"allow\\":true', '\\"allow\\":false'));
  const changed = await runCli(['audit', 'verify', '--dump', file, '--key', key], elsewhere);
  t.is(changed.code, 1);
  t.regex(changed.stderr, /leaf_mismatch/);
  t.is((await runCli(['audit', 'verify', '--dump', file, '--proof', file, '--key', key], elsewhere)).code, 2);
});
