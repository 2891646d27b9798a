import test from 'ava';
import fc from 'fast-check';
import { buildPolicy } from '../../src/policy/build.ts';
import { collectIncludes, type PolicyText } from '../../src/policy/include.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { inputOf, ruleOf, setOf, VOCABULARY } from './sets.ts';

const PACK = setOf({
  kind: 'pack',
  name: 'pack',
  roles: {},
  purposes: { sample: { lawful_basis: 'contract' } },
  rules: [
    ruleOf({ id: 'pack-deny', effect: 'deny', subjects: ['any'], models: ['bad'] }),
    ruleOf({ id: 'pack-owes', effect: 'oblige', subjects: ['any'], obligations: { retention: 'long' } }),
  ],
  handling: [{ id: 'pack-mask', entities: ['*'], handling: 'mask' }],
});

const build = (parts: Readonly<Record<string, unknown>>, included: PolicyText['included'] = { pack: PACK }) =>
  buildPolicy(
    { text: setOf({ includes: ['pack'], ...parts }), source: 'dir/set.yaml', included },
    { ...VOCABULARY, packs: ['pack', 'other'] },
    () => undefined,
  );
const problems = async (...args: Parameters<typeof build>): Promise<readonly string[]> =>
  (await build(...args)).problems.map(formatProblem);

test('what a set includes decides with it, and is in its hash', async (t) => {
  const { snapshot } = await build({});
  t.deepEqual(snapshot?.admit(inputOf({ model: 'bad' })).ruleIds, ['pack-deny']);
  t.deepEqual(snapshot?.admit(inputOf()).obligations, [{ ruleId: 'pack-owes', retention: 'long' }]);
  t.is(snapshot?.handle(inputOf(), 'PERSON').ruleId, 'pack-mask');
  const changed = await build({}, { pack: PACK.replace('"bad"', '"worse"') });
  t.not(changed.snapshot?.hash, snapshot?.hash);
  const { snapshot: alone } = await build({ includes: [] }, {});
  t.not(alone?.hash, snapshot?.hash);
  t.true(alone?.admit(inputOf({ model: 'bad' })).allow);
});

test('an included rule is replaced or left out only by saying so', async (t) => {
  const own = { id: 'pack-deny', effect: 'deny', models: ['other'] };
  t.regex(
    (await problems({ rules: [ruleOf({}), ruleOf(own)] }))[0] ?? '',
    /rules\.1\.id: an included rule has this id; write override: true/,
  );
  const replaced = await build({ rules: [ruleOf({}), ruleOf({ ...own, override: true })] });
  t.true(replaced.snapshot?.admit(inputOf({ model: 'bad' })).allow);
  t.false(replaced.snapshot?.admit(inputOf({ model: 'other' })).allow);
  const without = await build({ disable: ['pack-deny', 'pack-mask'] });
  t.true(without.snapshot?.admit(inputOf({ model: 'bad' })).allow);
  t.is(without.snapshot?.handle(inputOf(), 'PERSON').ruleId, 'default_block');
  t.regex(
    (await problems({ disable: ['pack-dney'] }))[0] ?? '',
    /disable\.0: no included rule has this id; did you mean pack-deny\?/,
  );
  t.regex(
    (await problems({ rules: [ruleOf({ override: true })] }))[0] ?? '',
    /rules\.0\.override: override replaces an included rule/,
  );
  t.regex((await problems({ includes: [], disable: ['rule'] }, {}))[0] ?? '', /no included rule has this id/);
});

test('a problem inside an included file is told with that file, its line and column', async (t) => {
  const broken = 'version: 1\nkind: pack\nname: pack\nrules:\n  - id: a\n    effect: deyn\n';
  t.regex(
    (await problems({}, { pack: broken }))[0] ?? '',
    /^packs\/pack\.yaml:6:13: rules\.0\.effect: write one of allow, deny, oblige; did you mean deny\?$/,
  );
  const team = `version: 1\nname: team\nrules:\n  - id: t\n    effect: allow\n    subjects: ['role:usr']\n    operations: ['*']\n    models: ['*']\n    runners: ['*']\n`;
  const parts = { includes: ['./teams/a.yaml'] };
  t.deepEqual(await problems(parts, { './teams/a.yaml': team }), [
    'dir/teams/a.yaml:6:16: rules.0.subjects.0: this role is not declared; add it under roles, as NAME: {}; did you mean role:user?',
  ]);
});

test('an include that leads nowhere, in a circle or out of the directory is refused where it is written', async (t) => {
  t.regex(
    (await problems({ includes: ['othr'] }, {}))[0] ?? '',
    /^dir\/set\.yaml:1:\d+: includes\.0: there is no pack of this name; write one of pack, other; did you mean other\?$/,
  );
  t.regex((await problems({ includes: ['./no.yaml'] }, {}))[0] ?? '', /includes\.0: there is no such file/);
  for (const path of [
    '../up.yaml',
    '/etc/passwd',
    './a/../../b.yaml',
    './.hidden.yaml',
    './a.txt',
    'C:\\a.yaml',
    '__proto__',
  ])
    t.regex(
      (await problems({ includes: [path] }, {}))[0] ?? '',
      /includes\.0: (?:write the name of a pack|there is no pack)/,
      path,
    );
  const circle = {
    './a.yaml': setOf({ name: 'a', includes: ['./b.yaml'], rules: [] }),
    './b.yaml': setOf({ name: 'b', includes: ['./a.yaml'], rules: [] }),
  };
  t.regex(
    (await problems({ includes: ['./a.yaml'] }, circle))[0] ?? '',
    /^dir\/b\.yaml:1:\d+: includes\.0: this file is what includes this one/,
  );
  const nosy = { pack: setOf({ kind: 'pack', name: 'pack', includes: ['./secret.yaml'] }) };
  t.regex(
    (await problems({}, nosy))[0] ?? '',
    /^packs\/pack\.yaml:1:\d+: includes\.0: a pack may include packs only/,
  );
});

test('a file that is included twice counts once, and paths are read from the file that names them', async (t) => {
  const included = {
    './teams/a.yaml': setOf({ name: 'a', includes: ['./deep/c.yaml'], rules: [] }),
    './b.yaml': setOf({ name: 'b', includes: ['./teams/deep/c.yaml'], rules: [] }),
    './teams/deep/c.yaml': setOf({
      name: 'c',
      rules: [ruleOf({ id: 'c', effect: 'deny', models: ['bad'] })],
    }),
  };
  const { snapshot, problems: found } = await build({ includes: ['./teams/a.yaml', './b.yaml'] }, included);
  t.deepEqual(found, []);
  t.deepEqual(snapshot?.admit(inputOf({ model: 'bad' })).ruleIds, ['c']);
  const read: string[] = [];
  const root = { text: setOf({ includes: ['./teams/a.yaml', './b.yaml'] }), source: 's' };
  const collected = await collectIncludes(root, (key) => {
    read.push(key);
    return Promise.resolve(Object.entries(included).find(([name]) => name === key)?.[1]);
  });
  t.deepEqual(read, ['./teams/a.yaml', './b.yaml', './teams/deep/c.yaml']);
  t.deepEqual(collected.included, included);
});

test('a pack is not a policy, and its purposes stay with it', async (t) => {
  const { problems: found } = await buildPolicy({ text: PACK, source: 'p' }, VOCABULARY, () => undefined);
  t.regex(found.map(formatProblem)[0] ?? '', /kind: a pack is not a policy by itself/);
  const { snapshot } = await build({});
  t.true(snapshot?.admit(inputOf({ purpose: 'another', principal: { purposes: ['another'] } })).allow);
});

test('where purposes are declared, a call for another one is refused, and so is a rule that names another', async (t) => {
  const purposes = { support: { lawful_basis: 'contract' } };
  const { snapshot } = await build({ purposes });
  const of = (purpose: string) => snapshot?.admit(inputOf({ purpose, principal: { purposes: [purpose] } }));
  t.true(of('support')?.allow);
  t.deepEqual(of('sales')?.ruleIds, ['undeclared_purpose']);
  t.true(snapshot?.admit(inputOf()).allow, 'none is asked for unless a rule asks');
  const [first = ''] = await problems({ purposes, rules: [ruleOf({ purposes: ['suport'] })] });
  t.regex(first, /rules\.0\.purposes\.0: this purpose is not declared; .*did you mean support\?/);
});

test('merging files is the same as writing their rules into one', async (t) => {
  const rule = fc.record({
    effect: fc.constantFrom('allow', 'deny'),
    models: fc.constantFrom(['a'], ['b'], ['*']),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 6 }), fc.nat(6), async (parts, cut) => {
      const rules = parts.map((part, at) => ruleOf({ id: `r${at}`, ...part }));
      const whole = await build({ includes: [], rules }, {});
      const split = await build(
        { includes: ['./rest.yaml'], rules: rules.slice(0, cut) },
        { './rest.yaml': setOf({ rules: rules.slice(cut) }) },
      );
      t.truthy(whole.snapshot);
      t.is(split.snapshot?.hash, whole.snapshot?.hash);
    }),
    { numRuns: 20 },
  );
});

test('a text that comes along and is included by nothing is refused: nobody would read it', async (t) => {
  t.regex(
    (await problems({}, { pack: PACK, './hidden.yaml': 'anything' }))[0] ?? '',
    /^dir\/set\.yaml:1:1: a file comes with this set that nothing in it includes/,
  );
});
