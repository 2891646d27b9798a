import test from 'ava';
import { inputOf, problemsOf, ruleOf, setOf, snapshotOf } from './sets.ts';

test('content that nobody can read passes only where a rule that allows the call says so', async (t) => {
  const rules = [
    ruleOf({ id: 'plain' }),
    ruleOf({
      id: 'inside',
      opaque: true,
      purposes: ['research'],
      when: { attribute: 'destination.trust', is: 'internal' },
    }),
    ruleOf({ id: 'never', effect: 'deny', models: ['small'] }),
  ];
  const snapshot = await snapshotOf({ rules });
  const research = { purpose: 'research', principal: { purposes: ['research'] } };
  const granted = snapshot.grantsOpaque(inputOf(research));
  t.deepEqual([granted.allow, granted.ruleIds], [true, ['inside']]);
  for (const refused of [
    inputOf(),
    inputOf({ ...research, principal: { purposes: [] } }),
    inputOf({ ...research, destination: { trust: 'external' } }),
    inputOf({ ...research, model: 'small' }),
    inputOf({ ...research, principal: { purposes: ['research'], roles: [] } }),
  ]) {
    t.false(snapshot.grantsOpaque(refused).allow);
  }
  t.true(snapshot.admit(inputOf()).allow);
});

test('a denial of opaque content refuses nothing else', async (t) => {
  const rules = [
    ruleOf({ opaque: true }),
    ruleOf({ id: 'no-images', effect: 'deny', opaque: true, runners: ['demo'] }),
  ];
  const snapshot = await snapshotOf({ rules });
  t.true(snapshot.admit(inputOf()).allow);
  t.deepEqual(snapshot.grantsOpaque(inputOf()).ruleIds, ['no-images']);
  t.true(snapshot.grantsOpaque(inputOf({ destination: { runner: 'other' } })).allow);
});

test('a set with no grant lets nothing opaque pass, and an obligation cannot carry one', async (t) => {
  const plain = await snapshotOf({});
  t.false(plain.grantsOpaque(inputOf()).allow);
  t.false(plain.grantsOpaque(inputOf({ model: 'x'.repeat(2_000) })).allow);
  const obligations = { retention: 'long' };
  const obliged = ruleOf({ effect: 'oblige', opaque: true, obligations });
  t.regex((await problemsOf(setOf({ rules: [obliged] })))[0] ?? '', /opaque goes with allow/);
  t.regex((await problemsOf(setOf({ rules: [ruleOf({ opaque: false })] })))[0] ?? '', /write true/);
});
