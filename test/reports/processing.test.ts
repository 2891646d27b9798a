import test from 'ava';
import { policySetSchema } from '../../src/policy/schema.ts';
import { type Scope } from '../../src/reports/ports.ts';
import { processingCsv, type ProcessingInput, recordOfProcessing } from '../../src/reports/processing.ts';

const observed: Scope = {
  ...{ records: 10, subjects: 4, erased: 0, principals: 2, firstMs: 1, lastMs: 2 },
  by: [
    { tag: 'purpose:support', records: 10, subjects: 4 },
    { tag: 'entity:PERSON', records: 7, subjects: 3 },
    { tag: 'sent:eu', records: 9, subjects: 4 },
  ],
};

function input(rules: readonly object[], changes: Partial<ProcessingInput> = {}): ProcessingInput {
  const set = policySetSchema.parse({
    version: 1,
    name: 'test',
    rules,
    handling: [{ id: 'names', entities: ['PERSON'], handling: 'pseudonymise' }],
  });
  return {
    facts: { controller: 'Acme, 1 Main Street', categoriesOfSubjects: ['customers'], retention: '6 years' },
    recipients: [{ id: 'eu', trust: 'external', region: 'eu-west-1', models: ['*'] }],
    routes: [{ models: ['gpt-*'], runners: ['eu'] }],
    policy: { hash: 'ab'.repeat(32), set: set as ProcessingInput['policy']['set'] },
    ...{ observed, withoutPurpose: 0, fromMs: undefined, toMs: undefined, createdMs: Date.UTC(2026, 10, 23) },
    ...changes,
  };
}

const allow = {
  id: 'a',
  effect: 'allow',
  subjects: ['any'],
  operations: ['chat'],
  models: ['*'],
  runners: ['*'],
};

test('a record of processing says purposes, data, recipients, transfers and measures', (t) => {
  const { record, gaps } = recordOfProcessing(input([{ ...allow, purposes: ['support', 'care'] }]));
  t.deepEqual(gaps, []);
  t.like(record, {
    controller: 'Acme, 1 Main Street',
    categoriesOfSubjects: ['customers'],
    purposes: [
      { purpose: 'care', rules: ['a'], records: 0, subjects: 0 },
      { purpose: 'support', rules: ['a'], records: 10, subjects: 4 },
    ],
    categoriesOfData: [{ entity: 'PERSON', records: 7, subjects: 3 }],
    recipients: [{ id: 'eu', transfer: 'eu-west-1', sent: 9, purposes: ['care', 'support'] }],
  });
  t.true(processingCsv({ record, gaps }).includes('controller,"Acme, 1 Main Street"'));
});

test('what keeps it from being one is listed: rules, runners, routes and calls without a purpose', (t) => {
  const { gaps } = recordOfProcessing(
    input([allow], {
      facts: {},
      recipients: [{ id: 'eu', trust: 'external', region: 'unknown', models: ['*'] }],
      withoutPurpose: 3,
    }),
  );
  t.deepEqual(gaps, [
    'rule a allows calls without naming purposes',
    'no rule names a purpose for runner eu',
    'the region of runner eu is not configured, so its transfers cannot be told',
    'no rule names a purpose for the route of gpt-*',
    '3 allowed calls of this time name no purpose',
    'the controller and how to reach it are not configured',
    'the categories of data subjects are not configured',
    'how long records are kept is not configured',
  ]);
});

test('rules that deny, have ended or reach no text need no purpose; a runner that none reaches is not used', (t) => {
  const rules = [
    { ...allow, purposes: ['support'], runners: ['eu'] },
    { ...allow, id: 'no', effect: 'deny' },
    { ...allow, id: 'over', not_after: '2026-01-01T00:00:00Z' },
    { ...allow, id: 'lists', operations: ['models'] },
  ];
  const unused = { id: 'us', trust: 'external', region: 'unknown', models: ['*'] } as const;
  const { recipients } = input(rules);
  t.deepEqual(recordOfProcessing(input(rules, { recipients: [...recipients, unused] })).gaps, []);
});
