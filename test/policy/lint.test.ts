import test from 'ava';
import { readFileSync } from 'node:fs';
import { type AdmitInput, type Explanation } from '../../src/domain/policy.ts';
import { policyJsonSchema } from '../../src/policy/json-schema.ts';
import { lintSet } from '../../src/policy/lint.ts';
import { parsePolicySet } from '../../src/policy/parse.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { inputOf, NOW_MS, ruleOf, setOf, snapshotOf, VOCABULARY } from './sets.ts';

function lint(parts: Readonly<Record<string, unknown>>, context = {}): readonly string[] {
  const parsed = parsePolicySet({ text: setOf(parts), source: 'p' }, VOCABULARY);
  if (parsed.set === undefined) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return lintSet(parsed.set, { nowMs: NOW_MS, ...context })
    .filter(({ kind }) => kind !== 'unowned')
    .map((finding) => `${finding.kind} ${parsed.locate(finding).path}`);
}
const narrow = (parts: Readonly<Record<string, unknown>>) => ruleOf({ models: ['gpt-5'], ...parts });

test('a set that says what it means is left alone', (t) => {
  t.deepEqual(lint({ rules: [narrow({}), narrow({ id: 'no', effect: 'deny', models: ['gpt-5-old'] })] }), []);
});

test('each thing that is seldom meant is found where it stands', (t) => {
  const ended = { not_after: '2026-01-01T00:00:00Z' };
  const when = { attribute: 'purpose', is: 'x' };
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[], object?])[] = [
    [
      { rules: [ruleOf({ subjects: ['any'] })] },
      ['allow_everything rules.0.subjects', 'unused_role roles.?'],
    ],
    [{ rules: [ruleOf({})] }, ['wildcard_without_expiry rules.0.id']],
    [{ rules: [ruleOf({ not_after: '2027-01-01T00:00:00Z' })] }, []],
    [{ rules: [narrow(ended)] }, ['expired rules.0.not_after']],
    [{ rules: [narrow({}), narrow({ id: 'b' })] }, ['duplicate rules.1.id']],
    [{ rules: [narrow({ id: 'b', operations: ['chat'] }), narrow({})] }, ['shadowed rules.0.id']],
    [{ rules: [narrow({ when }), narrow({ id: 'b', models: ['gpt-*'] })] }, ['shadowed rules.0.id']],
    [{ rules: [narrow({}), narrow({ id: 'b', models: ['gpt-*'], when })] }, []],
    [{ rules: [narrow({}), narrow({ id: 'b', opaque: true, purposes: ['x'] })] }, []],
    [
      { rules: [narrow({ id: 'no', effect: 'deny', models: ['gpt*'] }), narrow({})] },
      ['unreachable rules.1.id'],
    ],
    [{ rules: [narrow({ id: 'no', effect: 'deny', opaque: true }), narrow({})] }, []],
    [
      { rules: [narrow({ runners: ['opnai', 'open*'] })] },
      ['unknown_runner rules.0.runners.0'],
      { runners: ['openai'] },
    ],
    [
      { rules: [narrow({ models: ['gtp-5', 'x*'] })] },
      ['unknown_model rules.0.models.0'],
      { models: ['gpt-*'] },
    ],
    [{ rules: [narrow({})], roles: { user: {}, idle: {} } }, ['unused_role roles.?']],
    [
      { rules: [narrow({})], handling: [{ id: 'h', entities: ['*'], handling: 'disclose' }] },
      ['disclose_everything handling.0.handling'],
    ],
  ];
  for (const [parts, expected, context] of cases)
    t.deepEqual(lint(parts, context), expected, JSON.stringify(parts));
});

test('a rule that lint calls superfluous decides nothing: without it every verdict stays', async (t) => {
  const pool = [
    ...['chat', '*'].flatMap((operation) =>
      ['gpt-5', 'gpt-*', '*'].map((model) => ({ operations: [operation], models: [model] })),
    ),
    { effect: 'deny', models: ['gpt-5'] },
    { effect: 'deny', operations: ['chat'] },
    { subjects: ['any'], models: ['gpt-*'] },
  ];
  const inputs = ['gpt-5', 'gpt-4', 'x'].flatMap((model) =>
    ['chat', 'embeddings'].flatMap((operation) =>
      [['user'], []].map((roles) => inputOf({ model, operation, principal: { roles } })),
    ),
  );
  let removed = 0;
  for (let seed = 0; seed < 40; seed++) {
    const rules = [0, 1, 2].map((n) =>
      ruleOf({ id: `r${n}`, ...pool[(seed * 7 + n * (seed + 3)) % pool.length] }),
    );
    const found = lint({ rules }).find((one) => /^(?:duplicate|shadowed|unreachable) /.test(one));
    if (found === undefined) continue;
    const at = Number(/rules\.(\d)/.exec(found)?.[1]);
    const [whole, without] = [
      await snapshotOf({ rules }),
      await snapshotOf({ rules: rules.filter((_, n) => n !== at) }),
    ];
    for (const input of inputs)
      t.is(without.admit(input).allow, whole.admit(input).allow, `${found} ${JSON.stringify(rules)}`);
    removed += 1;
  }
  t.true(removed > 10, String(removed));
});

test('explanations name the denial, the attribute that is missing, or the nearest rule and its clause', async (t) => {
  const when = {
    all: [
      { attribute: 'destination.trust', is: 'external' },
      { not: { attribute: 'subject.region', is: 'DE' } },
    ],
  };
  const rules = [
    narrow({}),
    ruleOf({ id: 'abroad', effect: 'deny', when }),
    ruleOf({ id: 'never', effect: 'deny', runners: ['bad'] }),
  ];
  const snapshot = await snapshotOf({ rules });
  const explain = (input: AdmitInput): Explanation => snapshot.explain(input);
  const allowed = explain(inputOf({ model: 'gpt-5' }));
  t.is(allowed.code, 'matched_allow:rule');
  t.true(allowed.rule?.clauses.every(({ held }) => held));
  t.is(explain(inputOf({ model: 'gpt-5', destination: { runner: 'bad' } })).code, 'matched_deny:never');
  const abroad = inputOf({ model: 'gpt-5', destination: { trust: 'external' } });
  const missing = explain(abroad);
  t.is(missing.code, 'attribute_missing:subject.region');
  t.deepEqual(missing.missing, ['subject.region']);
  t.deepEqual(
    missing.rule?.clauses.find(({ clause }) => clause === 'when.all.1'),
    { clause: 'when.all.1', held: undefined, attribute: 'subject.region' },
  );
  t.deepEqual(missing.verdict, snapshot.admit(abroad));
  t.is(explain({ ...abroad, subjectRegion: 'DE' }).code, 'matched_allow:rule');
  const nobody = explain(inputOf({ model: 'gpt-5', principal: { roles: [] } }));
  t.is(nobody.code, 'no_matching_allow');
  t.deepEqual(
    nobody.failed.map(({ clause }) => clause),
    ['subjects'],
  );
  t.is(explain(inputOf({ model: 7 as unknown as string })).code, 'no_matching_allow', 'and never throws');
});

test('policies/schema.json is the language that is read', (t) => {
  t.deepEqual(JSON.parse(readFileSync('policies/schema.json', 'utf8')), policyJsonSchema());
  const text = JSON.stringify(policyJsonSchema());
  for (const word of [
    'obligations',
    'lawful_basis',
    'transfer_basis',
    'destination.dpa_signed',
    '#/$defs/condition',
  ])
    t.true(text.includes(word), word);
});
