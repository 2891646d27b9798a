import test from 'ava';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from '../support/process.ts';

let directory: string;
test.before(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'cordon-test-'));
  writeFileSync(path.join(directory, 'cordon.yaml'), CONFIG);
});
test.after.always(() => {
  rmSync(directory, { recursive: true, force: true });
});

const CONFIG = `
runners:
  - { id: anthropic, kind: anthropic, base_url: 'https://api.example', models: ['claude-*'], region: US, dpa: { signed: 2026-01-31, ref: C-17 }, transfer_basis: scc }
`;

/** The example of docs/policy.md, which must be as good as its word. */
function readmeSet(): string {
  const readme = readFileSync('docs/policy.md', 'utf8');
  const found = /```yaml\n(version: 1\nname: example\n[^]*?)```/.exec(readme)?.[1];
  if (found === undefined) throw new Error('docs/policy.md shows no policy set');
  return found;
}

const policy = (args: readonly string[]): ReturnType<typeof runCli> =>
  runCli(['policy', ...args], {
    CORDON_DATA_DIR: directory,
    CORDON_CONFIG: path.join(directory, 'cordon.yaml'),
  });

test.serial('the set in docs/policy.md passes its case, and lint has nothing against it', async (t) => {
  const file = path.join(directory, 'readme.yaml');
  writeFileSync(file, readmeSet().replace(', ./teams/support.yaml', ''));
  const tested = await policy(['test', file]);
  t.is(tested.code, 0, tested.stdout + tested.stderr);
  t.regex(tested.stdout, /pass {2}an agent may ask a vendor under contract\n1 passed, 0 failed/);
  const linted = await policy(['lint', '--strict', file]);
  t.is(linted.code, 0, linted.stdout + linted.stderr);
  const question = ['--subject', 'ann', '--operation', 'chat', '--model', 'claude-x'];
  const asked = [...question, '--runner', 'anthropic', '--purpose', 'support'];
  const allowed = await policy(['explain', file, ...asked, '--group', 'support']);
  t.is(allowed.code, 0, allowed.stdout + allowed.stderr);
  t.regex(allowed.stdout, /^allowed: matched_allow:agents$/m);
  t.regex(allowed.stdout, /^owes: .*"points":60/m);
  const denied = await policy(['explain', file, ...asked, '--group', 'sales']);
  t.is(denied.code, 2);
  t.regex(denied.stdout, /^denied: no_matching_allow$[^]*^nearest rule agents[^]*^failed: subjects$/m);
});

test.serial('a file that is included and wrong is named with its line, and what to write', async (t) => {
  const file = path.join(directory, 'outer.yaml');
  writeFileSync(
    path.join(directory, 'inner.yaml'),
    'version: 1\nname: inner\nrules:\n  - id: a\n    efect: allow\n',
  );
  writeFileSync(file, 'version: 1\nname: outer\nincludes: [./inner.yaml, gdrp]\nrules: []\n');
  for (const command of ['check', 'lint', 'test']) {
    const { code, stderr } = await policy([command, file]);
    t.is(code, 1);
    t.regex(stderr, /inner\.yaml:5:5: rules\.0\.\?: unknown key; .*; did you mean effect\?/);
    t.regex(stderr, /outer\.yaml:3:\d+: includes\.1: there is no pack of this name; .*; did you mean gdpr\?/);
  }
});

test.serial('what --casbin prints is read back, and the schema is the one that is published', async (t) => {
  const printed = await policy(['show', '--casbin', 'policies/examples/strict.yaml']);
  const file = path.join(directory, 'printed.txt');
  writeFileSync(file, printed.stdout);
  const told = await policy(['show', '--from-casbin', file]);
  t.is(told.code, 0, told.stderr);
  t.regex(told.stdout, /^europe-only: deny$/m);
  const schema = await policy(['schema']);
  t.deepEqual(JSON.parse(schema.stdout), JSON.parse(readFileSync('policies/schema.json', 'utf8')));
});
