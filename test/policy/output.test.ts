import test from 'ava';
import { inputOf, problemsOf, setOf, snapshotOf } from './sets.ts';

test('a set that says nothing about answers masks numbers and secrets, and discloses the rest', async (t) => {
  const snapshot = await snapshotOf({});
  const given = (entity: string) => snapshot.handleOutput(inputOf(), entity);
  for (const entity of ['CREDIT_CARD', 'US_SSN', 'SECRET']) {
    t.deepEqual(given(entity), { handling: 'mask', ruleId: 'default_output' }, entity);
  }
  for (const entity of ['PERSON', 'EMAIL_ADDRESS', 'URL']) t.is(given(entity).handling, 'disclose', entity);
  t.is(snapshot.outputReading(inputOf()), 'numbers');
});

test('what the output rules of a set leave out is masked', async (t) => {
  const output = [{ id: 'names', entities: ['PERSON'], handling: 'disclose' }];
  const snapshot = await snapshotOf({ output });
  t.is(snapshot.handleOutput(inputOf(), 'PERSON').handling, 'disclose');
  t.is(snapshot.handleOutput(inputOf(), 'LOCATION').handling, 'mask');
  t.is(snapshot.handleOutput(inputOf(), 'NO_SUCH_ENTITY').handling, 'mask');
});

test('output rules go by destination, operation and caller, like those of what is sent', async (t) => {
  const output = [
    { id: 'all', entities: ['*'], handling: 'disclose' },
    { id: 'outside', entities: ['*'], destinations: { trust: 'external' }, handling: 'mask' },
    { id: 'messages', entities: ['*'], operations: ['messages'], handling: 'pseudonymise' },
    { id: 'never', entities: ['secrets'], handling: 'block' },
  ];
  const snapshot = await snapshotOf({ output });
  const ruleOf = (parts: Parameters<typeof inputOf>[0]) =>
    snapshot.handleOutput(inputOf(parts), 'PERSON').ruleId;
  t.is(ruleOf({}), 'all');
  t.is(ruleOf({ destination: { trust: 'external' } }), 'outside');
  t.is(ruleOf({ operation: 'messages' }), 'messages');
  t.is(snapshot.handleOutput(inputOf(), 'PASSWORD').handling, 'block');
  t.is(snapshot.handle(inputOf(), 'PASSWORD').ruleId, 'default_block');
});

test('a rule for an operation holds for what is fetched of it later, and a closer one beats it', async (t) => {
  const output = [
    { id: 'all', entities: ['*'], handling: 'disclose' },
    { id: 'responses', entities: ['*'], operations: ['responses'], handling: 'mask' },
    {
      ...{ id: 'auditors', entities: ['*'], operations: ['responses.retrieve'] },
      ...{ subjects: ['subject:alice'], handling: 'disclose' },
    },
  ];
  const snapshot = await snapshotOf({ output: output.slice(0, 2) });
  for (const operation of ['responses', 'responses.retrieve', 'responses.cancel']) {
    t.is(snapshot.handleOutput(inputOf({ operation }), 'PERSON').ruleId, 'responses', operation);
    t.is(snapshot.outputReading(inputOf({ operation })), 'all', operation);
  }
  t.is(snapshot.handleOutput(inputOf({ operation: 'chat.retrieve' }), 'PERSON').ruleId, 'all');
  const own = await snapshotOf({ output });
  t.is(own.handleOutput(inputOf({ operation: 'responses.retrieve' }), 'PERSON').ruleId, 'auditors');
  t.is(own.handleOutput(inputOf({ operation: 'responses' }), 'PERSON').ruleId, 'responses');
});

test('answers are read as closely as their handling needs, and no closer', async (t) => {
  const readingOf = async (...handled: readonly string[]) => {
    const output = [
      { id: 'rest', entities: ['*'], handling: 'disclose' },
      ...(handled.length === 0 ? [] : [{ id: 'handled', entities: handled, handling: 'mask' }]),
    ];
    return (await snapshotOf({ output })).outputReading(inputOf());
  };
  t.is(await readingOf(), 'nothing');
  t.is(await readingOf('CREDIT_CARD', 'secrets', 'PHONE_NUMBER'), 'numbers');
  t.is(await readingOf('CREDIT_CARD', 'EMAIL_ADDRESS'), 'structure');
  t.is(await readingOf('PERSON'), 'all');
  t.is(await readingOf('locations'), 'all');
});

test('a handling that an answer cannot be given, and an unknown entity, are refused where they stand', async (t) => {
  const refused = async (rule: object) =>
    problemsOf(setOf({ output: [{ id: 'x', entities: ['PERSON'], ...rule }] }));
  t.regex(
    (await refused({ handling: 'surrogate' })).join(),
    /in answers, write one of disclose, pseudonymise, mask, block/,
  );
  t.regex((await refused({ handling: 'hash' })).join(), /output\.0\.handling/);
  t.regex((await refused({ entities: ['PRESON'], handling: 'mask' })).join(), /unknown entity/);
  t.regex((await refused({ subjects: ['role:nobody'], handling: 'mask' })).join(), /not declared/);
  t.deepEqual(await refused({ handling: 'mask' }), []);
});

test('a case says what answers are expected to be given', async (t) => {
  const given = { subject: 'a', operation: 'chat', model: 'm', runner: 'r' };
  const caseOf = (handling: string) => [
    { name: 'x', given, expect: { allow: false, output: { CREDIT_CARD: handling } } },
  ];
  t.deepEqual(await problemsOf(setOf({ cases: caseOf('mask') })), []);
  t.regex(
    (await problemsOf(setOf({ cases: caseOf('disclose') }))).join(),
    /in answers the set gives mask, by default_output/,
  );
});
