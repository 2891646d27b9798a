import test from 'ava';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readPolicyFiles } from '../../src/compose/policy-files.ts';
import { buildForTest } from '../../src/policy/build.ts';
import { type PolicyText } from '../../src/policy/include.ts';
import { parsePolicySet } from '../../src/policy/parse.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { VOCABULARY } from './sets.ts';

const SHIPPED = readdirSync('policies', { recursive: true, encoding: 'utf8' })
  // The control plane's set is judged by its own tests.
  .filter((name) => name.endsWith('.yaml') && name !== 'admin.yaml')
  .map((name) => join('policies', name));

interface Source extends Record<'rules' | 'handling' | 'output', unknown[] | undefined> {
  readonly cases: { readonly expect: { rule?: string } }[];
}

const problemsIn = async (policy: PolicyText): Promise<readonly string[]> => {
  const { problems } = await buildForTest(policy, VOCABULARY, () => undefined);
  return problems.map(formatProblem);
};

test('every shipped policy set and pack is sound, and has cases', async (t) => {
  const named = [
    'default',
    'examples/strict',
    ...['gdpr', 'hipaa', 'pipl', 'pci', 'ai-act', 'secrets'].map((name) => `packs/${name}`),
  ];
  for (const name of named) t.true(SHIPPED.includes(`policies/${name}.yaml`), name);
  for (const path of SHIPPED) {
    const policy = await readPolicyFiles(path);
    t.deepEqual(await problemsIn(policy), [], path);
    const { set } = parsePolicySet(policy, VOCABULARY);
    t.true((set?.cases.length ?? 0) >= 3, path);
    t.is(set?.kind, path.includes('/packs/') ? 'pack' : 'set', path);
  }
});

test('each rule of a shipped set or pack matters: without it a case fails', async (t) => {
  let removed = 0;
  for (const path of SHIPPED) {
    const policy = await readPolicyFiles(path);
    const written = JSON.stringify(parse(policy.text));
    for (const kind of ['rules', 'handling', 'output'] as const) {
      const entries = (JSON.parse(written) as Record<string, { readonly id: string }[]>)[kind] ?? [];
      for (const [index, { id }] of entries.entries()) {
        const source = JSON.parse(written) as Source;
        source[kind]?.splice(index, 1);
        // What is left must fail by what it decides, not by a reference that is left hanging; but an obligation is known
        // by its rule alone.
        for (const { expect } of source.cases) if (expect.rule === id) delete expect.rule;
        const problems = await problemsIn({ ...policy, text: JSON.stringify(source) });
        const failed = problems.some((problem) =>
          /this case failed|expect\.obliged_by\.\d+: no rule has this id/.test(problem),
        );
        t.true(failed, `${path}: no case needs ${id}: ${problems.join('; ')}`);
        removed += 1;
      }
    }
  }
  t.log(`${removed} rules removed one at a time from ${SHIPPED.length} sets and packs`);
  t.true(removed >= 40);
});
