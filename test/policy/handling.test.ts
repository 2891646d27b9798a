import test from 'ava';
import fc from 'fast-check';
import { ENTITY_FAMILIES } from '../../src/policy/entities.ts';
import { inputOf, type InputParts, snapshotOf } from './sets.ts';

type HandlingParts = Readonly<Record<string, unknown>>;

/** The handling given to an entity by rules named h0, h1, … */
async function handlingOf(
  rules: readonly HandlingParts[],
  entity: string,
  input: InputParts = {},
): Promise<string> {
  const handling = rules.map((rule, index) => ({
    id: `h${index}`,
    entities: ['*'],
    handling: 'mask',
    ...rule,
  }));
  const verdict = (await snapshotOf({ roles: { user: {}, doctor: {} }, handling })).handle(
    inputOf(input),
    entity,
  );
  return `${verdict.handling} by ${verdict.ruleId}`;
}

test('an entity that nothing covers is blocked', async (t) => {
  t.is(await handlingOf([], 'PERSON'), 'block by default_block');
  t.is(await handlingOf([{ entities: ['EMAIL_ADDRESS', 'secrets'] }], 'PERSON'), 'block by default_block');
  t.is(await handlingOf([{ destinations: { trust: 'external' } }], 'PERSON'), 'block by default_block');
  t.is(await handlingOf([{ subjects: ['role:doctor'] }], 'PERSON'), 'block by default_block');
});

test('a rule by name beats one by family beats one for all, even when it is laxer', async (t) => {
  const rules = [
    { entities: ['*'], handling: 'block' },
    { entities: ['names'], handling: 'mask' },
    { entities: ['PERSON'], handling: 'disclose' },
  ];
  t.is(await handlingOf(rules, 'PERSON'), 'disclose by h2');
  t.is(await handlingOf(rules, 'USERNAME'), 'mask by h1');
  t.is(await handlingOf(rules, 'CUSTOM_ID'), 'block by h0');
});

test('among rules as close to the entity, a block always wins', async (t) => {
  const rules = [
    { entities: ['PERSON'], handling: 'disclose', subjects: ['role:user'], destinations: { runner: 'demo' } },
    { entities: ['PERSON'], handling: 'block' },
  ];
  t.is(await handlingOf(rules, 'PERSON'), 'block by h1');
});

test('short of a block, rules for some callers beat those for all, then runners beat places beat anywhere', async (t) => {
  const anywhere = { handling: 'mask' };
  const place = { handling: 'hash', destinations: { trust: 'internal' } };
  const runner = { handling: 'pseudonymise', destinations: { runner: ['de*', 'other'] } };
  const caller = { handling: 'disclose', subjects: ['role:doctor'] };
  const rules = [anywhere, place, runner, caller];
  t.is(await handlingOf(rules, 'PERSON', { principal: { roles: ['doctor'] } }), 'disclose by h3');
  t.is(await handlingOf(rules, 'PERSON'), 'pseudonymise by h2');
  t.is(await handlingOf(rules, 'PERSON', { destination: { runner: 'x' } }), 'hash by h1');
  t.is(await handlingOf(rules, 'PERSON', { destination: { runner: 'x', trust: 'external' } }), 'mask by h0');
});

test('a rule for some operations beats one for all, and loses to one for some callers', async (t) => {
  const all = { handling: 'mask' };
  const runner = { handling: 'block', entities: ['AGE'], destinations: { runner: 'demo' } };
  const embeddings = { handling: 'pseudonymise', operations: ['embeddings'] };
  const atRunner = { handling: 'hash', destinations: { runner: 'demo' } };
  const caller = { handling: 'disclose', subjects: ['role:doctor'] };
  const rules = [all, runner, embeddings, atRunner, caller];
  t.is(await handlingOf(rules, 'PERSON', { operation: 'embeddings' }), 'pseudonymise by h2');
  t.is(await handlingOf(rules, 'PERSON'), 'hash by h3');
  t.is(await handlingOf(rules, 'AGE', { operation: 'embeddings' }), 'block by h1');
  const doctor = { principal: { roles: ['doctor'] }, operation: 'embeddings' };
  t.is(await handlingOf(rules, 'PERSON', doctor), 'disclose by h4');
  t.is(await handlingOf([{ ...all, operations: ['*'] }], 'PERSON'), 'mask by h0');
  t.is(await handlingOf([embeddings], 'PERSON'), 'block by default_block');
});

test('what is granted for one operation is not remembered for another', async (t) => {
  const handling = [
    { id: 'all', entities: ['*'], handling: 'pseudonymise' },
    { id: 'embeddings', entities: ['*'], operations: ['embeddings'], handling: 'hash' },
  ];
  const snapshot = await snapshotOf({ handling });
  for (const operation of ['chat', 'embeddings', 'chat', 'embeddings']) {
    const { handling: given } = snapshot.handle(inputOf({ operation }), 'PERSON');
    t.is(given, operation === 'chat' ? 'pseudonymise' : 'hash');
  }
});

test('a wildcard is not a closer rule', async (t) => {
  const rules = [
    { handling: 'mask' },
    { handling: 'disclose', subjects: ['any'], destinations: { runner: '*', region: '*' } },
  ];
  t.is(await handlingOf(rules, 'PERSON', { destination: { region: 'eu-1' } }), 'mask by h0');
});

test('of rules equal in all else the strictest wins, and of equals the first', async (t) => {
  const rules = [
    { handling: 'pseudonymise' },
    { handling: 'hash' },
    { handling: 'hash' },
    { handling: 'disclose' },
  ];
  t.is(await handlingOf(rules, 'PERSON'), 'hash by h1');
});

test('a block for a region also holds where the region is unknown, a grant does not', async (t) => {
  const base = { handling: 'pseudonymise' };
  const block = { handling: 'block', destinations: { region: 'cn-*' } };
  const grant = { handling: 'disclose', destinations: { region: 'eu-*' } };
  t.is(await handlingOf([base, block], 'PERSON'), 'block by h1');
  t.is(await handlingOf([base, block], 'PERSON', { destination: { region: 'eu-1' } }), 'pseudonymise by h0');
  t.is(await handlingOf([base, grant], 'PERSON'), 'pseudonymise by h0');
  t.is(await handlingOf([base, grant], 'PERSON', { destination: { region: 'eu-1' } }), 'disclose by h1');
});

test('what one caller is granted is not remembered for another', async (t) => {
  const snapshot = await snapshotOf({
    roles: { user: {}, doctor: { members: ['group:ward'] } },
    handling: [
      { id: 'all', entities: ['*'], handling: 'mask' },
      { id: 'doctors', entities: ['*'], subjects: ['role:doctor'], handling: 'disclose' },
    ],
  });
  const ask = (principal: object) => snapshot.handle(inputOf({ principal }), 'PERSON').handling;
  const callers = [
    { roles: ['doctor'] },
    { roles: [] },
    { groups: ['ward'] },
    { groups: ['doctor'] },
    { subject: 'role:doctor' },
  ];
  for (let round = 0; round < 2; round++) {
    t.deepEqual(callers.map(ask), ['disclose', 'mask', 'disclose', 'mask', 'mask']);
  }
});

test('what is granted at one destination is not remembered for another', async (t) => {
  const handling = [
    { id: 'all', entities: ['*'], handling: 'mask' },
    { id: 'inside', entities: ['*'], destinations: { trust: 'internal' }, handling: 'pseudonymise' },
    { id: 'europe', entities: ['PERSON'], destinations: { region: 'eu-*' }, handling: 'hash' },
    { id: 'mine', entities: ['*'], destinations: { runner: 'mine' }, handling: 'disclose' },
  ];
  const snapshot = await snapshotOf({ handling });
  const outside = { runner: 'r', trust: 'external', region: 'us-1' } as const;
  const ask = (entity: string, changed: object) =>
    snapshot.handle(inputOf({ destination: { ...outside, ...changed } }), entity).handling;
  for (let round = 0; round < 2; round++) {
    t.is(ask('PERSON', {}), 'mask');
    t.is(ask('PERSON', { trust: 'internal' }), 'pseudonymise');
    t.is(ask('PERSON', { region: 'eu-1' }), 'hash');
    t.is(ask('PERSON', { runner: 'mine' }), 'disclose');
    t.is(ask('AGE', { region: 'eu-1' }), 'mask');
  }
});

test('no entity is in two families', (t) => {
  const entities = Object.values(ENTITY_FAMILIES).flat();
  t.is(new Set(entities).size, entities.length);
});

test('adding a block for the entity by name never lets more through', async (t) => {
  const handling = fc.constantFrom('disclose', 'pseudonymise', 'hash', 'mask', 'block');
  const rule = fc.record({
    entities: fc.constantFrom(['*'], ['names'], ['PERSON']),
    handling,
    destinations: fc.constantFrom(
      {},
      { trust: 'internal' },
      { runner: 'demo' },
      { region: 'eu-*' },
      { trust: 'external' },
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { maxLength: 6 }), async (rules) => {
      const blocked = await handlingOf([...rules, { entities: ['PERSON'], handling: 'block' }], 'PERSON');
      t.regex(blocked, /^block/);
    }),
    { numRuns: 100 },
  );
});
