import test from 'ava';
import { diffSets, formatChanges } from '../../src/policy/diff.ts';
import { parsePolicySet } from '../../src/policy/parse.ts';
import { type PolicySet } from '../../src/policy/schema.ts';
import { SUPPORTED_HANDLINGS } from '../../src/policy/engine.ts';
import { policyDenying } from '../support/policy-pair.ts';

function setOf(text: string): PolicySet {
  const vocabulary = { supportedHandlings: SUPPORTED_HANDLINGS, extraEntities: [], operations: undefined };
  const { set, problems } = parsePolicySet({ text, source: 's' }, vocabulary);
  if (set === undefined) throw new Error(JSON.stringify(problems));
  return set;
}

const lines = (before: string, after: string): readonly string[] =>
  formatChanges(diffSets(setOf(before), setOf(after)));

test('a set differs from itself in nothing, and order and layout are no difference', (t) => {
  const text = policyDenying('a', ['eve', 'bob']);
  t.deepEqual(lines(text, text), []);
  t.deepEqual(lines(text, `# a comment\n${text}`), []);
});

test('what came, went and changed is told by rule and part', (t) => {
  const before = policyDenying('a', ['eve']);
  const after = policyDenying('a', [])
    .replace("runners: ['*']", 'runners: [demo]')
    .replace('pseudonymise', 'mask');
  t.deepEqual(lines(before, after), [
    'rules',
    '  ~ users',
    '      runners: [*] → [demo]',
    '  - deny-0',
    '      effect: deny',
    '      subjects: [subject:eve]',
    '      operations: [*]',
    '      models: [*]',
    '      runners: [*]',
    'handling',
    '  ~ all',
    '      handling: pseudonymise → mask',
  ]);
  t.is(lines(policyDenying('a', []), policyDenying('b', []))[2], '      a → b');
});
