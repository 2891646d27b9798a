import test from 'ava';
import fc from 'fast-check';
import { type AdmitInput } from '../../src/domain/policy.ts';
import { type PolicySet } from '../../src/policy/schema.ts';
import { createSnapshot, hashSet, type PolicyAlert } from '../../src/policy/snapshot.ts';
import { inputOf, NOW_MS, ruleOf, snapshotOf } from './sets.ts';

const NO_MATCH = { allow: false, reason: 'no_matching_allow', ruleIds: [] };
const denyOf = (parts: object) => ruleOf({ id: 'no', effect: 'deny', subjects: ['any'], ...parts });

test('a matching allow allows and is named; of several, the first written', async (t) => {
  const snapshot = await snapshotOf({
    rules: [ruleOf({ id: 'one', models: ['x'] }), ruleOf({ id: 'two' }), ruleOf({ id: 'three' })],
  });
  t.deepEqual(snapshot.admit(inputOf()), { allow: true, reason: 'matched_allow', ruleIds: ['two'] });
});

test('a denial wins over every allow, wherever it stands', async (t) => {
  for (const rules of [
    [ruleOf({}), denyOf({})],
    [denyOf({}), ruleOf({})],
  ]) {
    const snapshot = await snapshotOf({ rules });
    t.deepEqual(snapshot.admit(inputOf()), { allow: false, reason: 'matched_deny', ruleIds: ['no'] });
  }
});

test('a set without rules denies', async (t) => {
  const empty: PolicySet = {
    version: 1,
    kind: 'set',
    name: 'empty',
    purposes: {},
    roles: {},
    rules: [],
    handling: [],
    output: [],
    cases: [],
  };
  const snapshot = await createSnapshot(empty, () => undefined);
  t.deepEqual(snapshot.admit(inputOf()), NO_MATCH);
  t.deepEqual(snapshot.handle(inputOf(), 'PERSON'), { handling: 'block', ruleId: 'default_block' });
});

test('a set of denials only allows nothing', async (t) => {
  const snapshot = await snapshotOf({ rules: [denyOf({ models: ['other'] })] });
  t.deepEqual(snapshot.admit(inputOf()), NO_MATCH);
});

test('a denial whose attribute is missing denies', async (t) => {
  const cases = [
    { when: { attribute: 'principal.client', is: 'batch' } },
    { when: { not: { attribute: 'principal.client', is: 'batch' } } },
    { purposes: ['marketing'] },
    { regions: ['us-*'] },
  ];
  for (const parts of cases) {
    const snapshot = await snapshotOf({ rules: [ruleOf({}), denyOf(parts)] });
    t.deepEqual(snapshot.admit(inputOf()), { allow: false, reason: 'attribute_missing', ruleIds: ['no'] });
  }
});

test('an allow whose attribute is missing does not allow', async (t) => {
  for (const parts of [
    { when: { not: { attribute: 'purpose', is: 'x' } } },
    { purposes: ['x'] },
    { regions: ['*'] },
  ]) {
    t.deepEqual((await snapshotOf({ rules: [ruleOf(parts)] })).admit(inputOf()), NO_MATCH);
  }
});

test('a purpose counts only when the issuer granted it', async (t) => {
  const snapshot = await snapshotOf({ rules: [ruleOf({ purposes: ['support'] })] });
  t.true(snapshot.admit(inputOf({ purpose: 'support', principal: { purposes: ['support'] } })).allow);
  t.false(snapshot.admit(inputOf({ purpose: 'support', principal: { purposes: ['research'] } })).allow);
});

test('a rule for one tenant is no rule for another', async (t) => {
  const snapshot = await snapshotOf({ rules: [ruleOf({ tenants: ['globex'] })] });
  t.false(snapshot.admit(inputOf()).allow);
  t.true(snapshot.admit(inputOf({ principal: { tenant: 'globex' } })).allow);
});

test('a selector matches its own kind only, however names are spelt', async (t) => {
  const snapshot = await snapshotOf({ rules: [ruleOf({ subjects: ['subject:root'] })] });
  for (const principal of [
    { roles: ['root', 'subject:root'] },
    { groups: ['root', 'subject:root'] },
    { tenant: 'root' },
  ]) {
    t.false(snapshot.admit(inputOf({ principal })).allow, JSON.stringify(principal));
  }
  t.true(snapshot.admit(inputOf({ principal: { subject: 'root' } })).allow);
});

test('a rule holds from not_before until just before not_after, also when the answer was cached', async (t) => {
  const at = (nowMs: number) => inputOf({ nowMs });
  const window = {
    not_before: new Date(NOW_MS).toISOString(),
    not_after: new Date(NOW_MS + 1000).toISOString(),
  };
  const snapshot = await snapshotOf({ rules: [ruleOf(window)] });
  const answers = [-1, 0, 999, 1000, 0, -1].map((offset) => snapshot.admit(at(NOW_MS + offset)).allow);
  t.deepEqual(answers, [false, true, true, false, true, false]);
});

test('a condition on the time is asked each time', async (t) => {
  const rules = [ruleOf({ when: { attribute: 'time.hour', at_most: 12 } })];
  const snapshot = await snapshotOf({ rules });
  t.true(snapshot.admit(inputOf()).allow);
  t.false(snapshot.admit(inputOf({ nowMs: NOW_MS + 3_600_000 })).allow);
});

test('names with the signs that join other caches’ keys are kept apart', async (t) => {
  const snapshot = await snapshotOf({ rules: [ruleOf({ subjects: ['subject:a$$b'], models: ['c'] })] });
  const ask = (subject: string, model: string) =>
    snapshot.admit(inputOf({ principal: { subject, roles: [] }, model })).allow;
  t.true(ask('a$$b', 'c'));
  t.false(ask('a', 'b$$c'));
  t.false(ask('a$$b$$c', ''));
  t.false(ask('a$$b","c', ''));
  t.true(ask('a$$b', 'c'));
});

test('callers and calls that differ in one thing only are not taken for each other', async (t) => {
  const granted = inputOf({
    principal: { purposes: ['p', 'q'], client: 'app' },
    purpose: 'p',
    destination: { region: 'eu-1' },
  });
  const attributes: readonly (readonly [AdmitInput, object])[] = [
    [
      { ...granted, principal: { ...granted.principal, tenant: 'x' } },
      { attribute: 'principal.tenant', is: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, subject: 'x' } },
      { attribute: 'principal.subject', is: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, issuer: 'x' } },
      { attribute: 'principal.issuer', is: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, client: 'x' } },
      { attribute: 'principal.client', is: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, roles: ['user', 'x'] } },
      { attribute: 'principal.roles', contains: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, groups: ['x'] } },
      { attribute: 'principal.groups', contains: 'x' },
    ],
    [
      { ...granted, principal: { ...granted.principal, purposes: ['p', 'x'] } },
      { attribute: 'principal.purposes', contains: 'x' },
    ],
    [
      { ...granted, operation: 'x' },
      { attribute: 'operation', is: 'x' },
    ],
    [
      { ...granted, model: 'x' },
      { attribute: 'model', is: 'x' },
    ],
    [
      { ...granted, purpose: 'q' },
      { attribute: 'purpose', is: 'q' },
    ],
    [
      { ...granted, destination: { ...granted.destination, runner: 'x' } },
      { attribute: 'destination.runner', is: 'x' },
    ],
    [
      { ...granted, destination: { ...granted.destination, trust: 'external' } },
      { attribute: 'destination.trust', is: 'external' },
    ],
    [
      { ...granted, destination: { ...granted.destination, region: 'x' } },
      { attribute: 'destination.region', is: 'x' },
    ],
  ];
  for (const [changed, when] of attributes) {
    const snapshot = await snapshotOf({ rules: [ruleOf({}), denyOf({ when })] });
    const answers = [granted, changed, granted, changed].map((input) => snapshot.admit(input).allow);
    t.deepEqual(answers, [true, false, true, false], JSON.stringify(when));
  }
});

test('a decision depends on nothing but its input: order, repetition and caching change nothing', async (t) => {
  const rules = [
    ruleOf({ subjects: ['group:g'], models: ['a*'] }),
    denyOf({ subjects: ['group:h'] }),
    ruleOf({ id: 'three', subjects: ['tenant:a'], when: { attribute: 'principal.client', is: 'a' } }),
  ];
  const word = fc.constantFrom('', 'a', 'b', 'ab', 'a,b', '"', '\\', '$$', '\n', '\ud800', '__proto__');
  const words = fc.array(word, { maxLength: 3 });
  const input = fc
    .record({
      tenant: word,
      subject: word,
      groups: words,
      roles: words,
      client: fc.option(word, { nil: undefined }),
      model: word,
    })
    .map(({ model, ...principal }): AdmitInput => inputOf({ model, principal }));
  const shared = await snapshotOf({ rules });
  await fc.assert(
    fc.asyncProperty(fc.array(input, { maxLength: 10 }), async (inputs) => {
      const fresh = await snapshotOf({ rules });
      for (const one of [...inputs, ...inputs]) t.deepEqual(shared.admit(one), fresh.admit(one));
    }),
    { numRuns: 100 },
  );
});

test('an input of the wrong type is a denial and an alert, never a match', async (t) => {
  const alerts: PolicyAlert['kind'][] = [];
  const snapshot = await snapshotOf(
    {
      rules: [ruleOf({ models: ['1'], subjects: ['any'] })],
      handling: [{ id: 'h', entities: ['*'], handling: 'disclose' }],
    },
    ({ kind }) => alerts.push(kind as PolicyAlert['kind']),
  );
  t.true(snapshot.admit(inputOf({ model: '1' })).allow);
  const broken: unknown[] = [
    { ...inputOf(), model: 1 },
    { ...inputOf(), model: ['1'] },
    { ...inputOf({ model: '1' }), nowMs: Number.NaN },
    { ...inputOf({ model: '1' }), principal: undefined },
    { ...inputOf({ model: '1' }), destination: { runner: 'demo' } },
    inputOf({ model: '1', principal: { subject: 'x'.repeat(10_000_000) } }),
    inputOf({ model: '1', principal: { roles: Array<string>(2000).fill('r') } }),
    undefined,
  ];
  for (const input of broken) {
    t.deepEqual(snapshot.admit(input as AdmitInput), NO_MATCH);
    t.is(snapshot.handle(input as AdmitInput, 'PERSON').handling, 'block');
  }
  t.is(alerts.length, broken.length * 2);
});

test('an alert that cannot be delivered leaves the denial standing', async (t) => {
  const snapshot = await snapshotOf({}, () => {
    throw new Error('nobody listens');
  });
  t.deepEqual(snapshot.admit({ ...inputOf(), nowMs: Number.NaN }), NO_MATCH);
});

test('a verdict cannot be changed by whoever receives it', async (t) => {
  const snapshot = await snapshotOf({});
  const verdict = snapshot.admit(inputOf());
  t.true(Object.isFrozen(verdict) && Object.isFrozen(verdict.ruleIds) && Object.isFrozen(snapshot));
});

test('the hash is of what the set means: layout and key order do not count, everything else does', async (t) => {
  const base = {
    ...({ version: 1, kind: 'set', name: 'a', purposes: {}, roles: {} } as const),
    ...({ rules: [], handling: [], output: [], cases: [] } as const),
  };
  const reordered = {
    cases: [],
    output: [],
    handling: [],
    rules: [],
    roles: {},
    purposes: {},
    name: 'a',
    kind: 'set',
    version: 1,
  } as const;
  t.regex(hashSet(base), /^[0-9a-f]{64}$/);
  t.is(hashSet(base), hashSet(reordered));
  t.not(hashSet(base), hashSet({ ...base, name: 'b' }));
  t.is((await snapshotOf({})).hash, (await snapshotOf({ handling: [], output: [], cases: [] })).hash);
});
