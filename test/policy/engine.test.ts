import test from 'ava';
import { type PolicyText } from '../../src/policy/include.ts';
import { createPolicyEngine } from '../../src/policy/engine.ts';
import { type PolicyAlert } from '../../src/policy/snapshot.ts';
import { inputOf, NOW_MS, ruleOf, setOf } from './sets.ts';

function engineOver(load: () => Promise<PolicyText>) {
  const alerts: PolicyAlert[] = [];
  const engine = createPolicyEngine({ load, clock: () => NOW_MS, onAlert: (alert) => alerts.push(alert) });
  return { engine, alerts };
}

const textOf = (text: string): PolicyText => ({ text, source: 'p.yaml' });
const DENY_BOB = ruleOf({ id: 'not-bob', effect: 'deny', subjects: ['subject:bob'] });

test('before the first good load there is no policy, and so nothing is allowed', async (t) => {
  const { engine } = engineOver(() => Promise.resolve(textOf('')));
  t.throws(() => engine.current(), { message: /No policy is in force/ });
  const { hash, problems } = await engine.reload();
  t.is(hash, undefined);
  t.is(problems.length, 1);
  t.throws(() => engine.current());
  t.is(engine.status(), undefined);
});

test('a reload puts the set in force and says so', async (t) => {
  const { engine, alerts } = engineOver(() => Promise.resolve(textOf(setOf({}))));
  const { hash, problems } = await engine.reload();
  t.deepEqual(problems, []);
  t.deepEqual(engine.status(), { hash: hash ?? '', source: 'p.yaml', activatedAtMs: NOW_MS });
  t.is<string | undefined, string | undefined>(engine.current().hash, hash);
  t.true(engine.current().admit(inputOf()).allow);
  t.deepEqual(alerts, []);
});

test('whatever is wrong with the next set, the last good one stays in force and someone is told', async (t) => {
  let load = () => Promise.resolve(textOf(setOf({})));
  const { engine, alerts } = engineOver(() => load());
  const { hash } = await engine.reload();
  const given = { subject: 'a', operation: 'chat', model: 'm', runner: 'r' };
  const texts = [
    '',
    '  \n',
    'version: 1',
    setOf({ rules: [] }),
    setOf({ rules: [ruleOf({ when: { attribute: 'nobody', is: 'x' } })] }),
    setOf({ cases: [{ name: 'wrong', given, expect: { allow: true } }] }),
  ];
  for (const text of texts) {
    load = () => Promise.resolve(textOf(text));
    const result = await engine.reload();
    t.is(result.hash, hash);
    t.true(result.problems.length > 0);
  }
  load = () => Promise.reject(new Error('secret path'));
  const unread = await engine.reload();
  t.is(unread.hash, hash);
  t.false(JSON.stringify([unread, alerts]).includes('secret'));
  load = () => Promise.resolve({ text: 7, source: 'p' } as unknown as PolicyText);
  t.is((await engine.reload()).hash, hash);
  t.true(engine.current().admit(inputOf()).allow);
  t.is(alerts.length, texts.length + 2);
});

test('a denied user gets no allow during 200 reloads, a quarter of which fail', async (t) => {
  let round = 0;
  const { engine } = engineOver(() => {
    round += 1;
    if (round % 8 === 0) return Promise.reject(new Error('down'));
    if (round % 4 === 0) return Promise.resolve(textOf('version: 1\nrules: ['));
    // Both sets deny bob, by other rules: a mixture of them would be the only way to an allow.
    const extra = round % 2 === 0 ? [ruleOf({ id: 'more', subjects: ['any'] })] : [];
    return Promise.resolve(textOf(setOf({ rules: [ruleOf({}), ...extra, DENY_BOB] })));
  });
  await engine.reload();
  const tally = { asked: 0, bob: 0, alice: 0, reloads: 0 };
  const ask = () => {
    for (let n = 0; n < 20; n++) {
      const snapshot = engine.current();
      tally.asked += 1;
      // The model differs each time, so that no answer comes from the cache.
      const model = `m${tally.asked}`;
      if (snapshot.admit(inputOf({ principal: { subject: 'bob' }, model })).allow) tally.bob += 1;
      if (snapshot.admit(inputOf({ model })).allow) tally.alice += 1;
    }
  };
  let reloading = true;
  const caller = async () => {
    while (reloading) {
      ask();
      await new Promise((resolve) => setImmediate(resolve));
      ask();
      await Promise.resolve();
    }
  };
  const callers = [caller(), caller(), caller()];
  for (let n = 0; n < 40; n++) {
    await Promise.all(Array.from({ length: 5 }, () => engine.reload().then(ask)));
    tally.reloads += 5;
  }
  reloading = false;
  await Promise.all(callers);
  t.is(tally.reloads, 200);
  t.is(tally.bob, 0);
  t.is(tally.alice, tally.asked);
  t.true(tally.asked > 4000);
});

test('concurrent reloads end with the set that was read last', async (t) => {
  let version = 0;
  const { engine } = engineOver(async () => {
    version += 1;
    const mine = version;
    // The earlier the read, the longer it takes.
    for (let n = 0; n < (5 - mine) * 20; n++) await Promise.resolve();
    return { text: setOf({ name: `v${mine}` }), source: `v${mine}` };
  });
  await Promise.all([engine.reload(), engine.reload(), engine.reload(), engine.reload(), engine.reload()]);
  t.is(engine.status()?.source, 'v5');
});

test('a call that holds a snapshot keeps it through a reload', async (t) => {
  let rules = [ruleOf({})];
  const { engine } = engineOver(() => Promise.resolve(textOf(setOf({ rules }))));
  await engine.reload();
  const held = engine.current();
  t.true(held.admit(inputOf()).allow);
  rules = [ruleOf({ subjects: ['subject:nobody'] })];
  await engine.reload();
  t.true(held.admit(inputOf({ model: 'another' })).allow);
  t.false(engine.current().admit(inputOf()).allow, 'no answer of the old set survives in the new one');
});
