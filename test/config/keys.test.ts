import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'cordon-config-keys-'));
const at = (name: string): string => path.join(directory, name);
writeFileSync(at('password'), 'hunter2\n');
writeFileSync(at('token'), 's.hunter2\n');
writeFileSync(at('identity.p12'), '');
let counter = 0;

function load(keys: string, env: Record<string, string> = {}) {
  counter += 1;
  const file = at(`${counter}.yaml`);
  writeFileSync(file, `keys: ${keys}\n`);
  return loadConfig({ CORDON_CONFIG: file, ...env });
}

function problemsOf(keys: string, env: Record<string, string> = {}): readonly string[] {
  try {
    load(keys, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.path);
  }
}

test('a bare keyring_file is what it was, and keys are to be rotated in 30 days unless told', (t) => {
  t.deepEqual(load('{ keyring_file: keyring.json }').keys, {
    provider: 'file',
    rotation_days: 30,
    keyringFile: at('keyring.json'),
  });
  t.is(load('{ rotation_days: 7 }').keys.rotation_days, 7);
});

test('a PKCS #12 file needs its keyring and one password, which is never printed', (t) => {
  const { keys } = load(
    '{ provider: pkcs12, keyring_file: k.jwe, pkcs12: { file: identity.p12, password_file: password } }',
  );
  t.like(keys, { provider: 'pkcs12', file: at('identity.p12'), keyringFile: at('k.jwe') });
  t.is(keys.provider === 'pkcs12' ? keys.password.reveal() : '', 'hunter2');
  t.notRegex(inspect(keys, { depth: 9 }) + JSON.stringify(keys), /hunter2/);
  t.deepEqual(problemsOf('{ provider: pkcs12 }'), ['keys.keyring_file', 'keys.pkcs12']);
  for (const secrets of ['', ', password_file: password, password_env: P'])
    t.deepEqual(
      problemsOf(`{ provider: pkcs12, keyring_file: k, pkcs12: { file: identity.p12${secrets} } }`, {
        P: 'x',
      }),
      ['keys.pkcs12'],
    );
  t.deepEqual(
    problemsOf('{ provider: pkcs12, keyring_file: k, pkcs12: { file: none.p12, password_env: P } }'),
    ['keys.pkcs12.password_env', 'keys.pkcs12.file'],
  );
});

test('Vault needs an address that is safe and one token, two names and nothing of the others', (t) => {
  const { keys } = load(
    '{ provider: vault, vault: { address: "https://vault.example:8200", token_file: token, namespace: team/a } }',
  );
  t.deepEqual(keys, {
    provider: 'vault',
    rotation_days: 30,
    vault: {
      address: 'https://vault.example:8200',
      mount: 'transit',
      key: 'cordon',
      index_key: 'cordon-index',
      namespace: 'team/a',
      timeout_ms: 1_500,
      ca: undefined,
      token: { file: at('token') },
    },
  });
  const vault = (rest: string): readonly string[] =>
    problemsOf(`{ provider: vault, vault: { ${rest} } }`, { T: 'x' });
  const address = 'address: "https://vault.example"';
  t.deepEqual(vault(`${address}, token_env: T`), []);
  t.deepEqual(vault('address: "http://vault.example", token_env: T'), ['keys.vault.address']);
  t.deepEqual(vault('address: "https://s.x:y@vault.example", token_env: T'), ['keys.vault.address']);
  t.deepEqual(vault(address), ['keys.vault']);
  t.deepEqual(vault(`${address}, token_env: T, token_file: token`), ['keys.vault']);
  t.deepEqual(vault(`${address}, token_env: MISSING`), ['keys.vault.token_env']);
  t.deepEqual(vault(`${address}, token_file: missing`), ['keys.vault.token_file']);
  t.deepEqual(vault(`${address}, token_env: T, ca_file: missing`), ['keys.vault.ca_file']);
  t.deepEqual(vault(`${address}, token_env: T, key: same, index_key: same`), ['keys.vault.index_key']);
  t.deepEqual(vault(`${address}, token_env: T, mount: ../sys`), ['keys.vault.mount']);
  t.deepEqual(vault(`${address}, token_env: T, key: a/b`), ['keys.vault.key']);
  t.deepEqual(problemsOf('{ provider: vault }'), ['keys.vault']);
  t.deepEqual(problemsOf(`{ vault: { ${address}, token_env: T } }`, { T: 'x' }), ['keys.vault']);
  t.deepEqual(
    problemsOf(`{ provider: vault, keyring_file: k, vault: { ${address}, token_env: T } }`, { T: 'x' }),
    ['keys.keyring_file'],
  );
});

test('in production any provider that is told where its keys are will do, and generated keys will not', (t) => {
  const production = (keys: string): readonly string[] =>
    problemsOf(keys, { CORDON_ENVIRONMENT: 'production', T: 'x' }).filter((name) => name.startsWith('keys'));
  t.deepEqual(production('{}'), ['keys.keyring_file']);
  t.deepEqual(production('{ keyring_file: k }'), []);
  t.deepEqual(production('{ provider: vault, vault: { address: "https://v.example", token_env: T } }'), []);
});
