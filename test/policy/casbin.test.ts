import test from 'ava';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import fc from 'fast-check';
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AdmitInput } from '../../src/domain/policy.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { compileToCasbin } from '../../src/policy/casbin-export.ts';
import { parseFacts } from '../../src/policy/facts.ts';
import { CASBIN_MODEL } from '../../src/policy/model.ts';
import { decide, type ReferenceRule, type ReferenceSet } from './reference.ts';
import { inputOf, NOW_MS, VOCABULARY } from './sets.ts';

const ROLES = ['a', 'b', 'c', 'd'];
const names = (...from: string[]) => fc.subarray(from, { minLength: 1, maxLength: 2 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const rule: fc.Arbitrary<Omit<ReferenceRule, 'id'>> = fc
  .record({
    effect: fc.constantFrom('allow', 'allow', 'allow', 'allow', 'deny'),
    subjects: names(
      'any',
      'role:a',
      'role:b',
      'role:c',
      'role:d',
      'group:g',
      'subject:alice',
      'tenant:acme',
      'tenant:globex',
    ),
    tenants: maybe(names('acme', 'globex')),
    operations: names('*', 'chat', 'models'),
    models: names('*', 'gpt-*', 'gpt-5', '*-mini', 'm$$1'),
    runners: names('*', 'demo', 'open*', '*'),
    purposes: maybe(names('support', 'research')),
    regions: maybe(names('eu-*', 'us-east-1')),
    when: maybe(
      fc.record({
        attribute: fc.constantFrom('purpose', 'destination.region', 'model'),
        is: fc.constantFrom('support', 'eu-1', 'gpt-5'),
      }),
    ),
    not_after: maybe(fc.constantFrom('2026-01-15T12:00:00Z', '2026-01-15T12:00:00.001Z')),
  })
  .map((fields) => JSON.parse(JSON.stringify(fields)) as Omit<ReferenceRule, 'id'>);

/** Roles inherit only from later ones, so there is no circle. */
const set: fc.Arbitrary<ReferenceSet> = fc
  .record({
    roles: fc.tuple(
      ...ROLES.map((_, at) =>
        fc.record({
          inherits: fc.subarray(ROLES.slice(at + 1)),
          members: fc.subarray(['group:g', 'subject:bob', 'role:token'], { maxLength: 1 }),
        }),
      ),
    ),
    rules: fc.array(rule, { minLength: 1, maxLength: 8 }),
  })
  .map(({ roles, rules }) => ({
    roles: Object.fromEntries(
      roles.map(({ inherits, members }, at) => {
        const role = { ...(inherits.length > 0 && { inherits }), ...(members.length > 0 && { members }) };
        return [ROLES[at] ?? '', role];
      }),
    ),
    rules: rules.map((fields, at) => ({ id: `r${at}`, ...fields })),
  }));

const input: fc.Arbitrary<AdmitInput> = fc
  .record({
    tenant: fc.constantFrom('acme', 'globex'),
    subject: fc.constantFrom('alice', 'bob'),
    roles: fc.subarray([...ROLES, 'token'], { maxLength: 2 }),
    groups: fc.subarray(['g', 'h']),
    purposes: fc.subarray(['support', 'research']),
    purpose: fc.constantFrom(undefined, 'support', 'research', 'other'),
    operation: fc.constantFrom('chat', 'models', 'embeddings'),
    model: fc.constantFrom('gpt-5', 'gpt-5-mini', 'm$$1', 'demo', ''),
    runner: fc.constantFrom('demo', 'openai', 'x'),
    region: fc.constantFrom('unknown', 'eu-1', 'us-east-1'),
  })
  .map(({ tenant, subject, roles, groups, purposes, purpose, operation, model, runner, region }) =>
    inputOf({
      principal: { tenant, subject, roles, groups, purposes },
      ...{ purpose, operation, model, nowMs: NOW_MS },
      destination: { runner, trust: 'external', region },
    }),
  );

test('engine, plain casbin over the printed model and CSV, and the reference agree on 3,000 decisions', async (t) => {
  let allowed = 0;
  let missing = 0;
  await fc.assert(
    fc.asyncProperty(set, fc.array(input, { minLength: 30, maxLength: 30 }), async (reference, inputs) => {
      const text = JSON.stringify({ version: 1, name: 'random', ...reference });
      const built = await buildPolicy({ text, source: 'random' }, VOCABULARY, (alert) =>
        t.fail(alert.detail),
      );
      if (built.set === undefined) return t.fail(JSON.stringify(built.problems[0]));
      const { model, csv, functions } = compileToCasbin(built.set);
      const plain = await newEnforcer(newModelFromString(model), new StringAdapter(csv));
      await plain.addFunction('holds', functions.holds);
      await plain.addFunction('glob', functions.glob);
      await plain.addFunction('cond', functions.cond);
      for (const one of inputs) {
        const expected = decide(reference, one);
        const { operation, principal, destination } = one;
        const facts = parseFacts(one);
        const request = [facts.selectors, principal.tenant, operation, one.model, destination.runner, facts];
        // ava's own assertions cost more than the decisions they compare.
        strictEqual(plain.enforceSync(...request), expected.allow);
        deepStrictEqual(built.snapshot.admit(one), expected);
        deepStrictEqual(built.snapshot.admit(one), expected, 'and again, now perhaps from the cache');
        if (expected.allow) allowed += 1;
        if (expected.reason === 'attribute_missing') missing += 1;
      }
    }),
    { numRuns: 100 },
  );
  // The generator would prove little if it only made denials.
  t.true(allowed > 300 && missing > 30, `${allowed} allowed, ${missing} missing`);
});

test('policies/model.conf is the model the engine runs', (t) => {
  const published = readFileSync('policies/model.conf', 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  t.is(published.trim(), CASBIN_MODEL.trim());
});

test('the model has none of the matchers that have gone wrong', (t) => {
  t.false(/eval|regexMatch|keyMatch/.test(CASBIN_MODEL));
});
