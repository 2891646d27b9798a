import test from 'ava';
import fc from 'fast-check';
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Verdict } from '../../src/domain/policy.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { printCasbin } from '../../src/policy/casbin-export.ts';
import { describeCasbin, readCasbin } from '../../src/policy/casbin-import.ts';
import { familiesByEntity } from '../../src/policy/entities.ts';
import { type Facts, parseFacts } from '../../src/policy/facts.ts';
import { HANDLING_MODEL } from '../../src/policy/handling-model.ts';
import { CASBIN_MODEL } from '../../src/policy/model.ts';
import { inputs, policySets } from './arbitrary.ts';
import { plainEnforcer } from './plain-casbin.ts';
import { decide } from './reference.ts';
import { inputOf, ruleOf, setOf, snapshotOf, VOCABULARY } from './sets.ts';

const SETS = 250;
const INPUTS = 400;
/** Calls to choose from; making each anew would cost more than judging it. */
const POOL = 4000;

const requestOf = (facts: Facts): unknown[] => {
  const { selectors, input } = facts;
  const { principal, operation, model, destination } = input;
  return [selectors, principal.tenant, operation, model, destination.runner, facts];
};

test('index and casbin, plain casbin over what is printed and read back, and the reference agree on 100,000 decisions', async (t) => {
  t.timeout(600_000);
  const pool = fc.sample(inputs, POOL);
  const seen: Record<string, number> = {};
  const count = (what: string): void => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  await fc.assert(
    fc.asyncProperty(policySets, fc.nat(POOL - INPUTS), async (reference, from) => {
      const text = JSON.stringify({ version: 1, name: 'random', ...reference });
      const built = await buildPolicy({ text, source: 'random' }, VOCABULARY, (alert) =>
        t.fail(alert.detail),
      );
      if (built.set === undefined) return t.fail(JSON.stringify(built.problems[0]));
      const printed = readCasbin(printCasbin(built.set));
      const plain = await plainEnforcer(printed.model, printed.policy, printed.functions);
      const unread = await plainEnforcer(printed.model, printed.opaque, printed.functions);
      for (const [at, one] of pool.slice(from, from + INPUTS).entries()) {
        const { owed, ...expected } = decide(reference, one);
        const request = requestOf(parseFacts(one, printed.conditions.purposes));
        // ava's own assertions cost more than the decisions they compare.
        strictEqual(plain.enforceSync(...request), expected.allow);
        const { obligations: owing = [], ...verdict }: Verdict = built.snapshot.admit(one);
        deepStrictEqual(verdict, expected);
        deepStrictEqual(
          owing.map(({ ruleId }) => ruleId),
          owed,
        );
        strictEqual(built.snapshot.admit(one).allow, expected.allow, 'and again, now perhaps from the cache');
        count(expected.reason);
        if (owed.length > 0) count('obliged');
        if (at % 4 > 0) continue;
        const granted = decide(reference, one, true).allow;
        strictEqual(built.snapshot.grantsOpaque(one).allow, granted);
        strictEqual(unread.enforceSync(...request), granted);
        if (granted) count('opaque');
      }
    }),
    { numRuns: SETS },
  );
  t.log(`${SETS * INPUTS} decisions over ${SETS} sets: ${JSON.stringify(seen)}`);
  // The generator would prove little if it only made denials.
  for (const what of [
    'matched_allow',
    'matched_deny',
    'attribute_missing',
    'no_matching_allow',
    'opaque',
    'obliged',
  ])
    t.true((seen[what] ?? 0) > 300, what);
});

test('what becomes of answers reads the same from the printed rows, with and without output rules', async (t) => {
  const output = [{ id: 'tell', entities: ['names'], handling: 'disclose' }];
  for (const parts of [{}, { output }]) {
    const snapshot = await snapshotOf(parts);
    const text = setOf(parts);
    const built = await buildPolicy({ text, source: 'p' }, VOCABULARY, () => undefined);
    if (built.set === undefined) return t.fail();
    const { handlingModel, output: csv, functions } = readCasbin(printCasbin(built.set));
    const plain = await plainEnforcer(handlingModel, csv, functions);
    for (const [entity, family] of familiesByEntity()) {
      const [, row] = plain.enforceExSync(
        new Set(['any']),
        'chat',
        entity,
        family,
        'internal',
        'unknown',
        'demo',
      );
      const verdict = snapshot.handleOutput(inputOf(), entity);
      t.deepEqual([row[6], row[8]], [verdict.handling, verdict.ruleId], entity);
    }
  }
});

test('printed casbin reads back as a report, and what was changed in it is refused', async (t) => {
  const when = {
    all: [{ attribute: 'destination.trust', is: 'external' }, { not: { attribute: 'purpose', like: 's*' } }],
  };
  const rules = [
    ruleOf({ opaque: true }),
    ruleOf({ id: 'outside', effect: 'deny', subjects: ['any'], when, tenants: ['acme'] }),
  ];
  const { set } = await buildPolicy({ text: setOf({ rules }), source: 'p' }, VOCABULARY, () => undefined);
  if (set === undefined) return t.fail();
  const printed = printCasbin(set);
  const report = describeCasbin(readCasbin(printed));
  t.regex(
    report,
    /^outside: deny\n {2}who: any of tenant acme\n {2}what: any operation, any model, any runner\n {2}when: /m,
  );
  t.regex(report, /^rule: allow, opaque content too$/m);
  t.true(report.includes(JSON.stringify(when)));
  for (const [from, to] of [
    ['deny, outside', 'deny, outside, x'],
    ['deny, outside', 'forbid, outside'],
    [', outside, deny', ', nowhere, deny'],
    ['# opaque.csv', '# other.csv'],
    ['"attribute": "purpose"', '"attribute": "purposes"'],
    ['"rules": {', '"rules": [{'],
  ] as const) {
    const changed = printed.replace(from, to);
    t.not(changed, printed, from);
    t.throws(() => readCasbin(changed), { instanceOf: SyntaxError }, from);
  }
});

test('policies/model.conf is the model the engine runs', (t) => {
  const published = readFileSync('policies/model.conf', 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  t.is(published.trim(), CASBIN_MODEL.trim());
});

test('the model has none of the matchers that have gone wrong', (t) => {
  t.false(/eval|regexMatch|keyMatch/.test(CASBIN_MODEL + HANDLING_MODEL));
});
