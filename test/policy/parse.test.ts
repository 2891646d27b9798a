import test from 'ava';
import fc from 'fast-check';
import { problemsOf, ruleOf, setOf } from './sets.ts';

const HEAD = `version: 1
name: example
roles:
  user: {}
rules:
  - id: chat
    effect: allow
    subjects: ['role:user']
    operations: [chat]
    models: ['*']
    runners: [demo]
`;

test('a sound set has no problems', async (t) => {
  t.deepEqual(await problemsOf(HEAD), []);
});

test('each mistake is reported at its line and column with what to write', async (t) => {
  const cases: readonly (readonly [string, string | RegExp])[] = [
    ['', 'p.yaml:1:1: the file is empty; a policy set starts with version: 1'],
    ['- a', /^p\.yaml:1:1: /],
    ['hello', /^p\.yaml:1:1: /],
    [
      HEAD.replace('version: 1', 'version: 2'),
      'p.yaml:1:10: version: write version: 1, the only version of the language so far',
    ],
    [
      HEAD.replace('effect: allow', 'effect: permit'),
      'p.yaml:7:13: rules.0.effect: write one of allow, deny, oblige',
    ],
    [
      HEAD.replace('effect: allow', 'efect: allow'),
      /^p\.yaml:7:5: rules\.0\.\?: unknown key; the keys here are id, /,
    ],
    [
      HEAD.replace("'role:user'", "'role:usr'"),
      'p.yaml:8:16: rules.0.subjects.0: this role is not declared; add it under roles, as NAME: {}; did you mean role:user?',
    ],
    [HEAD.replace("'role:user'", 'user'), /^p\.yaml:8:16: rules\.0\.subjects\.0: write role:NAME/],
    [HEAD.replace('[demo]', '[1]'), /^p\.yaml:11:15: rules\.0\.runners\.0: .*expected string/],
    [
      HEAD.replace("models: ['*']", 'models: []'),
      /^p\.yaml:10:5: rules\.0\.models: write at least one entry/,
    ],
    [
      `${HEAD}    when: { attribute: user.age, is: '7' }\n`,
      /^p\.yaml:12:24: rules\.0\.when\.attribute: unknown attribute; /,
    ],
    [
      `${HEAD}    when:\n      all:\n        - { attribute: model, is: 7 }\n`,
      /^p\.yaml:14:35: rules\.0\.when\.all\.0\.is: write a text/,
    ],
    [`${HEAD}    not_after: tomorrow\n`, /^p\.yaml:12:16: rules\.0\.not_after: write a time with its zone/],
    [
      `${HEAD}    not_after: 2026-01-01T00:00:00\n`,
      /^p\.yaml:12:16: rules\.0\.not_after: write a time with its zone/,
    ],
    [
      `${HEAD}    not_before: 2026-02-01T00:00:00Z\n    not_after: 2026-01-01T00:00:00Z\n`,
      /^p\.yaml:13:16: .*later than not_before/,
    ],
    [`${HEAD}name: again\n`, 'p.yaml:12:1: this key is written twice in one mapping; keep one of them'],
    [
      `${HEAD}handling: [{ id: chat, entities: ['*'], handling: mask }]\n`,
      /^p\.yaml:12:18: handling\.0\.id: this id is taken/,
    ],
    [`${HEAD}handling: [{ id: default_block, entities: ['*'], handling: mask }]\n`, /this id is taken/],
    [
      `${HEAD}handling: [{ id: h, entities: [PERSONN], handling: mask }]\n`,
      /^p\.yaml:12:32: handling\.0\.entities\.0: unknown entity/,
    ],
    [
      `${HEAD}handling: [{ id: h, entities: [PERSON], handling: surrogate }]\n`,
      /^p\.yaml:12:51: handling\.0\.handling: this handling is in the language but not in this installation; write one of disclose, /,
    ],
    [
      HEAD.replace('[chat]', '&a [chat]').replace("models: ['*']", 'models: *a'),
      /^p\.yaml:10:13: write this out/,
    ],
    [HEAD.replace('name: example', 'name: !secret example'), /^p\.yaml:2:7: this is not plain YAML/],
    [`${HEAD}---\nversion: 1\n`, /one policy set per file/],
    [`\t${HEAD}`, /^p\.yaml:1:\d+: /],
    [`${HEAD}    ? [a, b]\n    : c\n`, /a key here must be a plain name/],
    [`${HEAD}__proto__: { version: 1 }\n`, /^p\.yaml:12:1: a key here must be a plain name/],
    [HEAD.replace('user: {}', '__proto__: {}'), /^p\.yaml:4:3: a key here must be a plain name/],
    ['['.repeat(50_000), /p\.yaml:1:/],
  ];
  for (const [text, expected] of cases) {
    const shown = await problemsOf(text);
    const found = shown.some((problem) =>
      typeof expected === 'string' ? problem === expected : expected.test(problem),
    );
    t.true(found, `${String(expected)}\n${shown.join('\n')}`);
  }
});

test('a set of no rules is refused, and says how to refuse everything', async (t) => {
  const [first = ''] = await problemsOf(setOf({ rules: [] }));
  t.regex(first, /rules: write at least one rule; to refuse everything, one deny rule for any/);
});

test('an installation may know more entities and fewer operations', async (t) => {
  const entity = setOf({ handling: [{ id: 'h', entities: ['EMPLOYEE_ID'], handling: 'mask' }] });
  t.is((await problemsOf(entity)).length, 1);
  t.deepEqual(await problemsOf(entity, { extraEntities: ['EMPLOYEE_ID'] }), []);
  const operation = setOf({ rules: [ruleOf({ operations: ['chatt'] })] });
  t.deepEqual(await problemsOf(operation), []);
  t.regex(
    (await problemsOf(operation, { operations: ['chat'] }))[0] ?? '',
    /unknown operation; write one of chat/,
  );
  const handled = setOf({
    handling: [{ id: 'h', entities: ['*'], operations: ['embedings'], handling: 'hash' }],
  });
  t.regex(
    (await problemsOf(handled, { operations: ['embeddings'] }))[0] ?? '',
    /handling\.0\.operations\.0: unknown operation; write one of embeddings/,
  );
  const surrogate = setOf({ handling: [{ id: 'h', entities: ['*'], handling: 'surrogate' }] });
  t.deepEqual(await problemsOf(surrogate, { supportedHandlings: ['surrogate'] }), []);
});

test('a rule of more pairs of model and runner than a decision should look at is refused', async (t) => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`);
  t.deepEqual(await problemsOf(setOf({ rules: [ruleOf({ models: many(16), runners: many(16) })] })), []);
  const [first = ''] = await problemsOf(setOf({ rules: [ruleOf({ models: many(17), runners: many(16) })] }));
  t.regex(first, /rules\.0\.models: at most 256 pairs/);
});

test('names that would break the CSV are refused', async (t) => {
  for (const name of ['a,b', 'a"b', 'a b', 'a(b', 'a\nb', '', '#', 'a'.repeat(257), 'é']) {
    t.true((await problemsOf(setOf({ rules: [ruleOf({ models: [name] })] }))).length > 0, name);
    t.true((await problemsOf(setOf({ rules: [ruleOf({ subjects: [`group:${name}`] })] }))).length > 0, name);
  }
});

test('a failing case refuses the set and says what the set gives', async (t) => {
  const given = { subject: 'alice', roles: ['user'], operation: 'chat', model: 'm', runner: 'r' };
  const handling = [{ id: 'h', entities: ['*'], handling: 'mask' }];
  const problems = (expect: object) => problemsOf(setOf({ handling, cases: [{ name: 'c', given, expect }] }));
  t.deepEqual(
    await problems({ allow: true, reason: 'matched_allow', rule: 'rule', handling: { PERSON: 'mask' } }),
    [],
  );
  t.regex(
    (await problems({ allow: false }))[0] ?? '',
    /cases\.0\.expect\.allow: this case failed: the set gives true/,
  );
  t.regex((await problems({ allow: true, reason: 'matched_deny' }))[0] ?? '', /the set gives matched_allow/);
  t.regex((await problems({ allow: true, rule: 'h' }))[0] ?? '', /the set gives rule/);
  t.regex((await problems({ allow: true, rule: 'nobody' }))[0] ?? '', /no rule has this id/);
  t.regex(
    (await problems({ allow: true, handling: { PERSON: 'block' } }))[0] ?? '',
    /the set gives mask, by h/,
  );
});

test('a case of a set that looks at the clock says at which time', async (t) => {
  const rules = [ruleOf({ not_after: '2026-06-01T00:00:00Z' })];
  const given = { subject: 'a', roles: ['user'], operation: 'chat', model: 'm', runner: 'r' };
  const problems = (at: object, allow: boolean) =>
    problemsOf(setOf({ rules, cases: [{ name: 'c', given: { ...given, ...at }, expect: { allow } }] }));
  t.regex((await problems({}, true))[0] ?? '', /say at which time/);
  t.deepEqual(await problems({ at: '2026-05-31T23:59:59.999Z' }, true), []);
  t.deepEqual(await problems({ at: '2026-06-01T02:00:00+02:00' }, false), []);
});

test('no message quotes a value or an unknown key', async (t) => {
  const secret = 'hunter2secret';
  const broken = ['id', 'effect', 'subjects', 'operations', 'models', 'runners', 'when', 'not_after', secret];
  for (const key of broken) {
    for (const value of [secret, [secret], { [secret]: secret }, [{ [secret]: secret }]]) {
      const rules = [ruleOf({ models: ['a b'], [key]: value })];
      const shown = (await problemsOf(setOf({ rules, roles: { [`${secret} !`]: {} } }))).join('\n');
      t.not(shown, '');
      t.false(shown.includes(secret), shown);
    }
  }
  for (const text of [
    `version: ${secret}`,
    `*${secret}`,
    `!${secret} a`,
    `a: 'x${secret}`,
    `${secret}: &a`,
    `%${secret}`,
  ]) {
    const shown = (await problemsOf(text)).join('\n');
    t.not(shown, '');
    t.false(shown.includes(secret), shown);
  }
});

test('any text is answered with problems, never with an exception', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.nat(HEAD.length).map((n) => HEAD.slice(0, n)),
      ),
      async (text) => {
        for (const problem of await problemsOf(text)) t.regex(problem, /^p\.yaml:\d+:\d+: /);
      },
    ),
    { numRuns: 300 },
  );
});

test('of many failed cases the first are told, for each costs a look at every rule', async (t) => {
  const given = { subject: 'a', operation: 'chat', model: 'm', runner: 'r' };
  const cases = Array.from({ length: 200 }, (_, n) => ({ name: `c${n}`, given, expect: { allow: true } }));
  const problems = await problemsOf(setOf({ cases }));
  t.is(problems.length, 21);
  t.regex(problems.at(-1) ?? '', /cases\.19: 20 cases failed; those after this one were not run$/);
  const passing = cases.map((one) => ({ ...one, expect: { allow: false } }));
  t.deepEqual(await problemsOf(setOf({ cases: passing })), []);
});

test('no rule of a set is called like an exception beside it', async (t) => {
  for (const id of ['break-glass.1', 'emergency-deny.x', 'false-positive.y']) {
    t.regex(
      (await problemsOf(setOf({ rules: [ruleOf({ id })] })))[0] ?? '',
      /name exceptions beside the set/,
    );
  }
  t.deepEqual(await problemsOf(setOf({ rules: [ruleOf({ id: 'break-glass' })] })), []);
});
