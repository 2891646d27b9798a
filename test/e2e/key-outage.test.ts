import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import {
  postChat,
  startTestCordon,
  type TestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import { decryptCmsFor } from '../support/cms.ts';
import { counsel, filesOf } from '../support/export.ts';
import { ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { runCli } from '../support/process.ts';
import { startVault } from '../support/vault.ts';

type Ask = (
  who: string,
  method: 'GET' | 'POST',
  place: string,
  body?: object,
) => Promise<{
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: unknown;
}>;

/** Who asks is `role@tenant`. */
function asker(cordon: TestCordon): Ask {
  return async (who, method, place, body) => {
    const [role = '', tenant = ''] = who.split('@');
    const token = await cordon.issueDevToken({ subject: who, tenant, roles: [role] });
    const response = await fetch(`${cordon.adminUrl}/admin/v1${place}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Readonly<Record<string, unknown>>;
    const { code } = (answer['error'] ?? {}) as { readonly code?: unknown };
    return { status: response.status, body: answer, code };
  };
}

async function call(cordon: TestCordon, subject: string): Promise<string> {
  const token = await cordon.issueDevToken({ subject, tenant: 'acme' });
  const response = await postChat(cordon, token, userMessage(ENGLISH_PROMPT));
  await response.text();
  return response.headers.get('cordon-request-id') ?? '';
}

const EXPORT = { query: { types: ['DECISION'] }, fields: 'originals', certificates: counsel.certificate };
const erasureOf = (person: string) => ({ data_subject: person, reason: 'asked' });

test.serial(
  'while Vault is sealed, search, erasure, export and reveal are refused or wait; nothing is taken for erased',
  async (t) => {
    t.timeout(240_000);
    const directory = temporaryDirectory();
    const vault = await startVault();
    vault.createKey('cordon');
    vault.createKey('cordon-index');
    writeFileSync(path.join(directory, 'token'), 's.good\n');
    const file = path.join(directory, 'cordon.yaml');
    writeFileSync(
      file,
      `keys: { provider: vault, vault: { address: "${vault.address}", token_file: token, timeout_ms: 15000 } }\n`,
    );
    const cordon = await startTestCordon({
      env: { CORDON_CONFIG: file },
      dataDirectory: path.join(directory, 'data'),
    });
    try {
      const ask = asker(cordon);
      const requestId = await call(cordon, 'alice');
      await call(cordon, 'bob');
      const reveal = { requestId, fields: ['originals'], purpose: 'access', ticket: 'T-1', minutes: 5 };
      const asked = await ask('counsel@acme', 'POST', '/audit/reveals', reveal);
      const approve = (proposal: typeof asked) =>
        ask('privacy-officer@acme', 'POST', `/proposals/${String(proposal.body['id'])}/approve`, {
          hash: proposal.body['hash'],
        });
      t.is((await approve(asked)).status, 200);
      const exported = await ask('counsel@acme', 'POST', '/audit/exports', EXPORT);

      vault.sealed = true;
      // A tenant whose key is not in use: what cannot be recorded is not done.
      for (const [place, body] of [
        ['/audit/search', { query: { subject: 'alice' } }],
        ['/audit/erasures', erasureOf('alice')],
        [
          '/audit/holds',
          { matter: 'M-1', reason: 'letter', data_subjects: ['alice'], principals: [], everybody: false },
        ],
        ['/audit/exports', EXPORT],
      ] as const) {
        const refused = await ask('counsel@globex', 'POST', place, body);
        t.deepEqual([refused.status, refused.code], [503, 'audit_unavailable'], place);
        t.deepEqual(Object.keys(refused.body), ['error'], place);
      }
      // The originals' key is not in use for opening: an outage, not an erased person.
      const shown = await ask('counsel@acme', 'GET', `/audit/reveals/${String(asked.body['id'])}`);
      t.is(shown.status, 503, JSON.stringify(shown.body));
      t.false(JSON.stringify(shown.body).includes('key_unavailable'));
      t.is((await approve(exported)).body['state'], 'executed');
      const stateOf = async () =>
        (await ask('counsel@acme', 'GET', `/audit/exports/${String(exported.body['id'])}`)).body['state'];
      while (!cordon.logs().includes('export_failed')) await sleep(50);
      t.is(await stateOf(), 'waiting');
      // A person whose tenant's key is in use is erased all the same: destroying a key takes no KEK.
      const erased = await ask('counsel@acme', 'POST', '/audit/erasures', erasureOf('bob'));
      t.is(erased.status, 200, JSON.stringify(erased.body));
      t.is(erased.body['keys_destroyed'], 1);

      vault.sealed = false;
      const again = await ask('counsel@acme', 'GET', `/audit/reveals/${String(asked.body['id'])}`);
      t.true(JSON.stringify(again.body).includes(PLANTED.email));
      while ((await stateOf()) === 'waiting') await sleep(500);
      t.is(await stateOf(), 'done');
      const token = await cordon.issueDevToken({
        subject: 'counsel@acme',
        tenant: 'acme',
        roles: ['counsel'],
      });
      const download = await fetch(
        `${cordon.adminUrl}/admin/v1/audit/exports/${String(exported.body['id'])}/file`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      t.is(download.status, 200);
      const files = await filesOf(decryptCmsFor(Buffer.from(await download.arrayBuffer()), counsel.key));
      const lines = String(files.get('records.jsonl')).split('\n').slice(0, -1);
      t.is(lines.length, 2);
      t.true(lines[0]?.includes(PLANTED.email), 'alice’s, complete');
      t.true(
        lines[1]?.includes('key_unavailable') === true && !lines[1].includes(PLANTED.email),
        'bob’s, erased',
      );
    } finally {
      await cordon.dispose();
      await vault.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

test.serial(
  'a keyring file that vanished: what runs goes on, what starts says what is missing',
  async (t) => {
    t.timeout(120_000);
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    t.is((await runCli(['keys', 'create', at('keyring.json')], {})).code, 0);
    writeFileSync(at('cordon.yaml'), 'keys: { keyring_file: keyring.json }\n');
    const env = { CORDON_CONFIG: at('cordon.yaml'), CORDON_DATA_DIR: at('data') };
    const start = () =>
      startTestCordon({ env: { CORDON_CONFIG: at('cordon.yaml') }, dataDirectory: at('data') });
    const cordon = await start();
    try {
      const ask = asker(cordon);
      const requestId = await call(cordon, 'alice');
      renameSync(at('keyring.json'), at('moved.json'));
      await cordon.reload();
      t.regex(cordon.logs(), /keys_unreadable/);
      const found = await ask('counsel@acme', 'POST', '/audit/search', { query: { subject: 'alice' } });
      t.true(JSON.stringify(found.body).includes(requestId));
      t.is(
        (await ask('counsel@acme', 'POST', '/audit/erasures', erasureOf('alice'))).body['keys_destroyed'],
        1,
      );
      t.not(await call(cordon, 'carol'), '', 'a new key is wrapped under the one in memory');
      for (const command of [
        ['keys', 'list'],
        ['keys', 'rotate'],
        ['audit', 'show', requestId],
        ['audit', 'verify'],
      ]) {
        const { code, stderr, stdout } = await runCli(command, env);
        t.is(code, 2, command.join(' '));
        t.regex(stderr, /keys\.keyring_file/, command.join(' '));
        t.notRegex(stdout, /Verified/);
      }
      await cordon.stop('test');
      await t.throwsAsync(start(), { message: /keys\.keyring_file/ });
      renameSync(at('moved.json'), at('keyring.json'));
      const verified = await runCli(['audit', 'verify'], env);
      t.is(verified.code, 0, verified.stderr);
    } finally {
      await cordon.stop('test').catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
