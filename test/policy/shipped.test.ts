import test from 'ava';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { problemsOf, VOCABULARY } from './sets.ts';
import { parsePolicySet } from '../../src/policy/parse.ts';

const SHIPPED = readdirSync('policies', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('policies', name));

test('every shipped policy set is sound, and has cases', async (t) => {
  t.true(SHIPPED.includes('policies/default.yaml') && SHIPPED.includes('policies/examples/strict.yaml'));
  for (const path of SHIPPED) {
    const text = readFileSync(path, 'utf8');
    t.deepEqual(await problemsOf(text), [], path);
    const { set } = parsePolicySet(text, path, VOCABULARY);
    t.true((set?.cases.length ?? 0) >= 3, path);
  }
});

test('each rule of a shipped set matters: without it a case fails', async (t) => {
  for (const path of SHIPPED) {
    const { set } = parsePolicySet(readFileSync(path, 'utf8'), path, VOCABULARY);
    t.truthy(set);
    for (const kind of ['rules', 'handling', 'output'] as const) {
      for (const [index, { id }] of set?.[kind].entries() ?? []) {
        const source = parse(readFileSync(path, 'utf8')) as Record<string, unknown[]>;
        source[kind]?.splice(index, 1);
        t.true((await problemsOf(JSON.stringify(source))).length > 0, `${path}: no case needs ${id}`);
      }
    }
  }
});
