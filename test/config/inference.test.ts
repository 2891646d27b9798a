import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { loadConfig, loadModelServerConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'cordon-config-'));
test.after.always(() => {
  rmSync(directory, { recursive: true });
});

let count = 0;
function configured(yaml: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const file = path.join(directory, `${count++}.yaml`);
  writeFileSync(file, yaml);
  return { ...env, CORDON_CONFIG: file };
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.path);
    throw error;
  }
}

const remote = (settings: string): string => `detection: { remote: { ${settings} } }\n`;

test('a remote model has its defaults, and its token and certificates from files', (t) => {
  writeFileSync(path.join(directory, 'token'), 'a token\n');
  writeFileSync(path.join(directory, 'ca.pem'), 'certificates');
  const yaml = remote("url: 'https://gpu.example.com:8443/models', token_file: token, ca_file: ca.pem");
  const { remote: read } = loadConfig(configured(yaml)).detection;
  t.like(read, { timeout_ms: 2_000, connections: 4, ca: 'certificates', model: undefined });
  t.is(read?.token?.reveal(), 'a token');
  t.notRegex(JSON.stringify(read), /a token/);
  t.is(loadConfig({}).detection.remote, undefined);
});

test('what would send texts in clear, or nowhere, is a problem with its path', (t) => {
  const at = (settings: string, env = {}): readonly string[] =>
    problemsOf(() => loadConfig(configured(remote(settings), env)));
  t.deepEqual(at("url: 'http://127.0.0.1:8000'"), []);
  t.deepEqual(at("url: 'http://gpu.example.com'"), ['detection.remote.url']);
  t.deepEqual(at("url: 'https://user:pass@gpu.example.com'"), ['detection.remote.url']);
  t.deepEqual(at("url: 'https://a.example.com', token_env: NOT_SET"), ['detection.remote.token_env']);
  t.deepEqual(at("url: 'https://a.example.com', token_file: none"), ['detection.remote.token_file']);
  t.deepEqual(at("url: 'https://a.example.com', ca_file: none"), ['detection.remote.ca_file']);
  t.deepEqual(at("url: 'https://a.example.com', token_env: A, token_file: b", { A: 'x' }), [
    'detection.remote',
  ]);
  t.deepEqual(at("url: 'https://a.example.com', model: '../x'"), ['detection.remote.model']);
});

test('a model server on loopback needs nothing, on a network a token and TLS', (t) => {
  const at = (settings: string, env = {}): readonly string[] =>
    problemsOf(() => loadModelServerConfig(configured(`model_server: { ${settings} }\n`, env)));
  const token = { CORDON_MODEL_SERVER_TOKEN: 'x' };
  writeFileSync(path.join(directory, 'pem'), 'pem');
  const tls = 'tls_cert_file: pem, tls_key_file: pem';
  t.deepEqual(at(''), []);
  t.deepEqual(at('host: "::1"'), []);
  t.deepEqual(at('host: 0.0.0.0'), ['model_server', 'model_server']);
  t.deepEqual(at('host: 0.0.0.0', token), ['model_server']);
  t.deepEqual(at(`host: 0.0.0.0, ${tls}`), ['model_server']);
  t.deepEqual(at(`host: 0.0.0.0, ${tls}`, token), []);
  t.deepEqual(at('host: 0.0.0.0, tls_ends_before: true', token), []);
  t.deepEqual(at('tls_cert_file: pem'), ['model_server']);
  t.deepEqual(at('tls_cert_file: none, tls_key_file: pem'), ['model_server.tls_cert_file']);
});

test('no host but a loopback address does without a token', (t) => {
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.constantFrom('127.0.0.1.example.com', '::', '0.0.0.0'),
  );
  fc.assert(
    fc.property(host, (name) => {
      const problems = problemsOf(() => loadModelServerConfig({ CORDON_MODEL_SERVER_HOST: name }));
      return problems.length === (/^127(\.\d+){3}$/.test(name) || name === '::1' ? 0 : 2);
    }),
  );
  t.pass();
});

test('the model server asks for neither database nor issuer, in production too', (t) => {
  t.deepEqual(
    problemsOf(() => loadModelServerConfig(configured('environment: production\n'))),
    [],
  );
  t.true(problemsOf(() => loadConfig(configured('environment: production\n'))).includes('DATABASE_URL'));
});
