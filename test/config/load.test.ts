import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'cordon-config-'));
let counter = 0;

function write(text: string): string {
  counter += 1;
  const file = path.join(directory, `${counter}.yaml`);
  writeFileSync(file, text);
  return file;
}

function problemsOf(t: ExecutionContext, env: Record<string, string>): ConfigError {
  return t.throws(() => loadConfig(env), { instanceOf: ConfigError });
}

function fromYaml(text: string, env: Record<string, string> = {}): Config {
  return loadConfig({ CORDON_CONFIG: write(text), ...env });
}

test('nothing configured gives the development defaults', (t) => {
  const config = loadConfig({}, directory);
  t.is(config.environment, 'development');
  t.is(config.server.port, 8080);
  t.is(config.server.admin_port, 8081);
  t.is(config.dataDirectory, path.join(directory, '.cordon'));
  t.is(config.database.url, undefined);
  t.deepEqual(config.runners, []);
});

test('the fixed variables override the file', (t) => {
  const config = fromYaml('server: { port: 1, admin_port: 2 }\ndata_dir: elsewhere\n', {
    CORDON_PORT: '9090',
    CORDON_ADMIN_PORT: '0',
    CORDON_DATA_DIR: path.join(directory, 'data'),
    CORDON_RUNNER_URL: 'http://127.0.0.1:9999/v1',
    DATABASE_URL: 'postgres://u:p@localhost/cordon',
  });
  t.is(config.server.port, 9090);
  t.is(config.server.admin_port, 0);
  t.is(config.dataDirectory, path.join(directory, 'data'));
  t.deepEqual(
    config.runners.map(({ id, models }) => ({ id, models })),
    [{ id: 'default', models: ['*'] }],
  );
  t.is(config.database.url?.reveal(), 'postgres://u:p@localhost/cordon');
});

test('every problem is reported at once, with its path and never its value', (t) => {
  const file = write(
    [
      'environment: prod-hunter2',
      'server: { port: 99999, hunter2: 1 }',
      'runners: [{ id: x, base_url: "http://hunter2.example/v1" }]',
    ].join('\n'),
  );
  const error = problemsOf(t, { CORDON_CONFIG: file, CORDON_PORT: 'hunter2' });
  const paths = error.problems.map((problem) => problem.path);
  for (const path of ['environment', 'server', 'server.port', 'runners[0].base_url'])
    t.true(paths.includes(path), path);
  t.notRegex(error.message, /hunter2/);
});

test('a runner may be plain HTTP on loopback only', (t) => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    t.is(loadConfig({ CORDON_RUNNER_URL: `http://${host}:1/v1` }).runners.length, 1);
  }
  for (const url of [
    'http://10.0.0.1/v1',
    'http://127.0.0.1.example.com/v1',
    'ftp://localhost/v1',
    'nonsense',
  ]) {
    t.is(problemsOf(t, { CORDON_RUNNER_URL: url }).problems[0]?.path, 'CORDON_RUNNER_URL');
  }
});

test('a base URL holds no credentials, query or fragment: they would be left out without a word', (t) => {
  for (const url of [
    'https://user:hunter2@x.example/v1',
    'https://x.example/v1?key=hunter2',
    'https://x.example/v1#x',
  ]) {
    const error = problemsOf(t, { CORDON_RUNNER_URL: url });
    t.is(error.problems[0]?.path, 'CORDON_RUNNER_URL');
    t.regex(error.message, /api_key_env/);
    t.notRegex(error.message, /hunter2/);
  }
});

test('aliases that multiply, or have no anchor, are a problem like any other and are not quoted', (t) => {
  const bomb = [
    'a: &a [x, x]',
    ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i] ?? ''}, `.repeat(9)}]`),
  ];
  for (const text of [bomb.join('\n'), 'a: *hunter2']) {
    const error = problemsOf(t, { CORDON_CONFIG: write(text) });
    t.notRegex(error.message, /hunter2/);
  }
});

test('production refuses every development part', (t) => {
  const error = problemsOf(t, { CORDON_ENVIRONMENT: 'production' });
  t.deepEqual(
    error.problems.map((problem) => problem.path),
    [
      'DATABASE_URL',
      'issuers',
      'runners',
      'keys.keyring_file',
      'checkpoints.key_file',
      'checkpoints.sinks',
      'policy.file',
    ],
  );
});

test('a secret comes from a variable or a file, not both, and does not print', (t) => {
  const secret = path.join(directory, 'key');
  writeFileSync(secret, 'sk-from-file\n');
  const yaml = 'runners: [{ id: a, base_url: "https://api.example.com/v1", api_key_env: API_KEY }]';
  const config = fromYaml(yaml, { API_KEY_FILE: secret });
  t.is(config.runners[0]?.apiKey?.reveal(), 'sk-from-file');
  t.notRegex(
    inspect(config, { depth: 9 }) + JSON.stringify(config) + String(config.runners[0]?.apiKey),
    /sk-from-file/,
  );
  t.throws(() => fromYaml(yaml, { API_KEY_FILE: secret, API_KEY: 'x' }), { message: /set twice/ });
  t.throws(() => fromYaml(yaml), { message: /not set/ });
});

test('a broken or missing file is named by its place', (t) => {
  t.regex(problemsOf(t, { CORDON_CONFIG: write('a: [1,\nb: }') }).message, /line \d/);
  t.is(problemsOf(t, { CORDON_CONFIG: '/nonexistent/x.yaml' }).problems[0]?.path, 'CORDON_CONFIG');
});

test('an issuer needs one source of keys', (t) => {
  const issuer = 'issuers: [{ issuer: "https://i.example", audience: [cordon]';
  t.throws(() => fromYaml(`${issuer} }]`), { message: /exactly one/ });
  t.throws(() => fromYaml(`${issuer}, jwks_file: a, jwks_url: "https://i.example/jwks" }]`), {
    message: /exactly one/,
  });
  t.is(fromYaml(`${issuer}, jwks_url: "https://i.example/jwks" }]`).issuers.length, 1);
});

test('a route names runners that exist, each once; the stand-in of CORDON_RUNNER_URL speaks both ways', (t) => {
  const runners = 'runners: [{ id: a, base_url: "https://a.example/v1" }]';
  const fine = loadConfig({
    CORDON_CONFIG: write(`${runners}\nroutes: [{ models: [m], runners: [{ id: a }] }]`),
  });
  t.deepEqual(fine.routes[0]?.runners, [{ id: 'a', weight: 1, priority: 1 }]);
  t.is(fine.runners[0]?.retry.attempts, 3);
  for (const [ids, path] of [
    ['{ id: b }', 'routes[0].runners[0].id'],
    ['{ id: a }, { id: a }', 'routes[0].runners[1].id'],
  ]) {
    const file = write(`${runners}\nroutes: [{ models: [m], runners: [${ids}] }]`);
    t.is(problemsOf(t, { CORDON_CONFIG: file }).problems[0]?.path, path);
  }
  const [stand] = loadConfig({ CORDON_RUNNER_URL: 'http://127.0.0.1:1/v1' }).runners;
  t.deepEqual(stand?.speaks, ['openai', 'anthropic']);
});
