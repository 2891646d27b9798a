import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyBundle } from '../../src/ledger/export/verify-bundle.ts';
import { bundleOf, edit, exportScene, type ExportScene, runVerifier, unpack } from '../support/export.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const scene = async (
  t: ExecutionContext,
  options?: Parameters<typeof exportScene>[2],
): Promise<ExportScene> => exportScene(t, await postgres.createDatabase(), options);

/** Changes an unpacked bundle, puts sums and manifest right where a forger could, and says what is found. */
async function found(t: ExecutionContext, change: (directory: string) => void): Promise<readonly string[]> {
  const made = await scene(t, { pairs: 5 });
  const directory = unpack(t, await bundleOf(t, made));
  change(directory);
  const { problems } = await verifyBundle(directory, made.key);
  const { status, output } = runVerifier(directory, made.key);
  t.is(status, 1, output);
  for (const problem of problems) t.true(output.includes(problem));
  return problems;
}

test('a missing, an added and a changed file are named', async (t) => {
  t.deepEqual(
    await found(t, (directory) => {
      rmSync(path.join(directory, 'custody.json'));
    }),
    ['missing file: custody.json'],
  );
  t.deepEqual(
    await found(t, (directory) => {
      writeFileSync(path.join(directory, 'extra.txt'), 'x');
    }),
    ['file that is not in the manifest: extra.txt'],
  );
  t.deepEqual(
    await found(t, (directory) => {
      appendFileSync(path.join(directory, 'records.csv'), 'x');
    }),
    ['changed file: records.csv', 'SHA256SUMS does not agree with: records.csv'],
  );
  t.deepEqual(
    await found(t, (directory) => {
      edit(directory, 'manifest.json', (text) => text.replace('"fields": "m', '"fields": "M'));
    }),
    ['SHA256SUMS does not agree with: manifest.json'],
  );
});

test('a changed record is named by its place, and breaks the root', async (t) => {
  const problems = await found(t, (directory) => {
    edit(directory, 'records.jsonl', (text) => text.replace('\\"allow\\":true', '\\"allow\\":false'));
  });
  t.true(
    problems.some((problem) => /^record 2 of chain .*: its leaf does not follow/.test(problem)),
    problems.join('\n'),
  );
  t.true(problems.some((problem) => problem.includes('do not give the signed root')));
});

test('a record that says something else than its header is named', async (t) => {
  const problems = await found(t, (directory) => {
    edit(directory, 'records.jsonl', (text) =>
      text.replace('"event_code":"DECISION"', '"event_code":"COMPLETION"'),
    );
  });
  t.true(problems.some((problem) => problem.endsWith('its fields do not say what its header says')));
});

test('a forged leaf, a digest, a record left out and a subtree added break the root', async (t) => {
  const forged = await found(t, (directory) => {
    edit(directory, 'leaves.jsonl', (text) => text.replace(/"body":"../, '"body":"00'));
  });
  t.true(forged.some((problem) => problem.includes('do not give the signed root')));
  const left = await found(t, (directory) => {
    for (const name of ['leaves.jsonl', 'records.jsonl'])
      edit(directory, name, (text) => text.split('\n').slice(1).join('\n'));
  });
  t.true(left.some((problem) => problem.includes('has 11 records, not 12')));
  t.true(left.some((problem) => problem === 'there are 11 records, not 12'));
  const added = await found(t, (directory) => {
    const [chain = ''] =
      /[0-9a-f-]{36}/.exec(readFileSync(path.join(directory, 'leaves.jsonl'), 'utf8')) ?? [];
    appendFileSync(
      path.join(directory, 'proofs', `${chain}.tree`),
      `0 ${Buffer.alloc(32).toString('base64')}\n`,
    );
  });
  t.true(added.some((problem) => problem.includes('do not give the signed root')));
});

test('the key of another, and what is no key, verify nothing', async (t) => {
  const [made, other] = [await scene(t, { pairs: 2 }), await scene(t, { pairs: 1 })];
  const directory = unpack(t, await bundleOf(t, made));
  const { problems } = await verifyBundle(directory, other.key);
  t.true(problems.every((problem) => problem.startsWith('checkpoint of chain')) && problems.length === 1);
  await t.throwsAsync(verifyBundle(directory, 'nonsense'), { message: /not a verifier key/ });
  t.is(spawnSync(process.execPath, ['verify.mjs'], { cwd: directory }).status, 2);
});
