import test from 'ava';
import fc from 'fast-check';
import { encodeBundle, ownPacks, parseBundle, sha256Hex } from '../../../src/policy/lifecycle/bundle.ts';
import {
  decodeException,
  encodeException,
  type Exception,
  hashInForce,
  ruleOf,
} from '../../../src/policy/lifecycle/exception.ts';
import { overviewOf } from '../../../src/policy/lifecycle/overview.ts';
import { type Activation, type Version } from '../../../src/policy/lifecycle/ports.ts';

test('a bundle reads as one text whatever the order of its files, and comes back as it was', (t) => {
  const a = parseBundle({ text: 'x', included: { gdpr: '1', './teams/a.yaml': '2' } });
  const b = parseBundle({ text: 'x', included: { './teams/a.yaml': '2', gdpr: '1' } });
  t.is(encodeBundle(a), encodeBundle(b));
  t.deepEqual(parseBundle(JSON.parse(encodeBundle(a))), a);
  t.deepEqual(parseBundle({ text: 'x' }), { text: 'x', included: {} });
});

test('a bundle cannot name a file outside its folder, nor hold what a database cannot', (t) => {
  const names = [
    '../x',
    './../x',
    './a/../../x',
    '/etc/passwd',
    'a/b',
    './a//b',
    './',
    '.',
    'C:\\x',
    './a\\b',
    'GDPR',
    '',
    './.git/config',
    './.github/workflows/x.yml',
    './deploy.sh',
    './teams/.hidden.yaml',
    './policy.yaml',
  ];
  for (const name of names) {
    t.throws(() => parseBundle({ text: '', included: { [name]: '' } }), { instanceOf: RangeError }, name);
  }
  for (const bad of [
    null,
    [],
    'x',
    { text: 1 },
    { text: 'a\0b' },
    { text: '\ud800' },
    { text: '', included: [] },
  ]) {
    t.throws(() => parseBundle(bad), { instanceOf: RangeError });
  }
  t.throws(() => parseBundle({ text: 'x'.repeat(17 * 1024 * 1024) }), { message: /at most/ });
});

test('no two files of a bundle are written to one place', (t) => {
  for (const [one, other] of [
    ['gdpr', './packs/gdpr.yaml'],
    ['./teams/a.yaml', './Teams/A.yaml'],
  ] as const) {
    const included = { [one]: '1', [other]: '2' };
    t.throws(() => parseBundle({ text: '', included }), { message: /in one place/ }, other);
    t.notThrows(() => parseBundle({ text: '', included: { [one]: '1' } }));
  }
});

test('a pack of the name of a shipped one, and of another text, is told', (t) => {
  const shipped = new Map([
    ['gdpr', 'ours'],
    ['pci', 'ours'],
  ]);
  t.deepEqual(ownPacks({ included: { gdpr: 'theirs', pci: 'ours', other: 'x' } }, shipped), ['gdpr']);
});

test('broken glass is of one tenant, an emergency denial of all', (t) => {
  const at = { hash: '', fromMs: 0, untilMs: 1 };
  const [glass, denial] = [
    ruleOf({ ...at, exception: { kind: 'break_glass', id: 'b', who: 'subject:a', tenant: 'acme' } }),
    ruleOf({ ...at, exception: { kind: 'emergency_deny', id: 'd', who: 'subject:a' } }),
  ];
  t.deepEqual(glass?.tenants, ['acme']);
  t.is(denial?.tenants, undefined);
});

const exceptions: fc.Arbitrary<Exception> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('emergency_deny' as const, 'break_glass' as const),
    id: fc.string(),
    who: fc.option(fc.string(), { nil: undefined }),
    model: fc.option(fc.string(), { nil: undefined }),
    runner: fc.option(fc.string(), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('false_positive' as const),
    ...{ id: fc.string(), tenant: fc.string(), entity: fc.string(), digest: fc.string() },
  }),
);

test('an exception comes back from its text as it was', (t) => {
  fc.assert(
    fc.property(exceptions, (exception) => {
      const decoded = decodeException(encodeException(exception));
      t.is(encodeException(decoded), encodeException(exception));
      t.deepEqual(JSON.parse(JSON.stringify(decoded)), JSON.parse(JSON.stringify(exception)));
    }),
    { numRuns: 200 },
  );
  for (const bad of ['null', '[]', '{}', '{"kind":"allow_all","id":"x"}', '{"kind":"break_glass"}']) {
    t.throws(() => decodeException(bad), { instanceOf: RangeError });
  }
});

test('a denial waits for no clock, and a permission ends by itself', (t) => {
  const stored = { hash: '', fromMs: 5_000, untilMs: 10_000 };
  const deny = ruleOf({ ...stored, exception: { kind: 'emergency_deny', id: 'd', who: 'subject:eve' } });
  t.deepEqual(deny, {
    id: 'd',
    effect: 'deny',
    subjects: ['subject:eve'],
    operations: ['*'],
    models: ['*'],
    runners: ['*'],
  });
  const allow = ruleOf({
    ...stored,
    exception: { kind: 'break_glass', id: 'b', who: 'role:ward', model: 'm' },
  });
  t.like(allow, { effect: 'allow', models: ['m'], not_after: '1970-01-01T00:00:10.000Z' });
  const none = { kind: 'false_positive', id: 'f', tenant: 't', entity: 'E', digest: '' } as const;
  t.is(ruleOf({ ...stored, exception: none }), undefined);
});

test('the hash in force names the version and what stands beside it, in any order', (t) => {
  const [base, one, two] = [sha256Hex('base'), sha256Hex('1'), sha256Hex('2')];
  t.is(hashInForce(base, []), base);
  t.is(hashInForce(base, [one, two]), hashInForce(base, [two, one]));
  t.is(
    new Set([base, hashInForce(base, [one]), hashInForce(base, [two]), hashInForce(base, [one, two])]).size,
    4,
  );
});

test('how far a version has come follows from what was decided and from the time', (t) => {
  const version = (hash: string): Version => {
    return { hash, name: hash, author: undefined, isProven: true, note: '', ticket: '', createdMs: 0 };
  };
  const activation = (hash: string, changes: Partial<Activation> = {}): Activation => ({
    ...{ id: hash, kind: 'activate', hash, proposer: undefined, approver: undefined, approvedMs: 0 },
    ...{ fromMs: 10, untilMs: undefined, withdrawnMs: undefined },
    ...changes,
  });
  const names = ['submitted', 'simulated', 'scheduled', 'active', 'superseded', 'expired', 'withdrawn'];
  const overview = overviewOf(
    {
      versions: names.map(version),
      activations: [
        activation('scheduled', { fromMs: 200 }),
        activation('active'),
        activation('superseded'),
        activation('expired', { untilMs: 50 }),
        activation('withdrawn', { withdrawnMs: 5 }),
      ],
      simulations: [{ hash: 'simulated', by: { issuer: '', subject: '' }, atMs: 0, summary: {} }],
      inForce: { number: 1, activation: 'active', base: 'active', hash: 'active', sinceMs: 10 },
    },
    100,
  );
  t.deepEqual(
    overview.map(({ state }) => state as string),
    names,
  );
});
