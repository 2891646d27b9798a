import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { errorOf, postChat, startTestCordon, temporaryDirectory, userMessage } from '../support/cordon.ts';
import { modernPkcs12, newEcKey } from '../support/keys.ts';
import { ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { runCli } from '../support/process.ts';
import { startUpstream } from '../support/upstream.ts';
import { startVault } from '../support/vault.ts';

test.serial(
  'with Vault, a call needs it for a new key: sealed, nothing is forwarded; keys in use go on',
  async (t) => {
    const directory = temporaryDirectory();
    const [vault, upstream] = [await startVault(), await startUpstream()];
    vault.createKey('cordon');
    vault.createKey('cordon-index');
    writeFileSync(path.join(directory, 'token'), 's.good\n');
    const file = path.join(directory, 'cordon.yaml');
    writeFileSync(
      file,
      `keys: { provider: vault, vault: { address: "${vault.address}", token_file: token, timeout_ms: 15000 } }\n`,
    );
    const cordon = await startTestCordon({
      runnerUrl: upstream.url,
      env: { CORDON_CONFIG: file },
      dataDirectory: path.join(directory, 'data'),
    });
    try {
      const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'dev' });
      const first = await postChat(cordon, token, userMessage(ENGLISH_PROMPT));
      t.is(first.status, 200);
      const id = first.headers.get('cordon-request-id') ?? '';
      await first.text();
      const findings = (await cordon.audit.show(id))?.findings;
      t.is(
        findings?.state === 'open' ? findings.value.originals.get('<EMAIL_ADDRESS_1>') : '',
        PLANTED.email,
      );
      vault.sealed = true;
      const second = await postChat(cordon, token, userMessage('hello again'));
      t.is(second.status, 200, 'the keys of this caller are in use');
      await second.text();
      const before = upstream.received.length;
      const stranger = await cordon.issueDevToken({ subject: 'bob', tenant: 'dev' });
      const refused = await postChat(cordon, stranger, userMessage('hello'));
      t.is(refused.status, 503);
      t.is((await errorOf(refused)).code, 'audit_unavailable');
      t.is(upstream.received.length, before);
      t.notRegex(cordon.logs(), /s\.good/);
      vault.sealed = false;
      const recovered = await postChat(cordon, stranger, userMessage('hello'));
      t.is(recovered.status, 200);
      await recovered.text();
    } finally {
      await cordon.dispose();
      await Promise.all([vault.close(), upstream.close()]);
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

test.serial(
  'a keyring sealed to a PKCS #12 key pair serves calls, and without its password nothing starts',
  async (t) => {
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    writeFileSync(at('identity.p12'), modernPkcs12([newEcKey()], 'correct horse'));
    writeFileSync(at('password'), 'correct horse\n');
    const created = await runCli(
      [
        'keys',
        'create',
        at('keyring.jwe'),
        '--pkcs12',
        at('identity.p12'),
        '--password-file',
        at('password'),
      ],
      {},
    );
    t.is(created.code, 0, created.stderr);
    writeFileSync(
      at('cordon.yaml'),
      'keys: { provider: pkcs12, keyring_file: keyring.jwe, pkcs12: { file: identity.p12, password_file: password } }\n',
    );
    const start = () =>
      startTestCordon({ env: { CORDON_CONFIG: at('cordon.yaml') }, dataDirectory: at('data') });
    const cordon = await start();
    const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'dev' });
    const answered = await postChat(cordon, token, userMessage(ENGLISH_PROMPT));
    t.is(answered.status, 200);
    await answered.text();
    const env = { CORDON_CONFIG: at('cordon.yaml'), CORDON_DATA_DIR: at('data') };
    const rotated = await runCli(['keys', 'rotate'], env);
    t.is(rotated.code, 0, rotated.stderr);
    t.is((await runCli(['keys', 'rewrap'], env)).code, 0);
    const verified = await runCli(['audit', 'verify'], env);
    t.is(verified.code, 0, verified.stderr);
    await cordon.stop('test');
    writeFileSync(at('password'), 'wrong\n');
    await t.throwsAsync(start(), { message: /keys\.keyring_file: .* password is wrong/ });
    rmSync(directory, { recursive: true, force: true });
  },
);
