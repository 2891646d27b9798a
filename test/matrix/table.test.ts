import test from 'ava';
import { familiesIn } from './families.ts';
import { differences, readTable, surprises } from './table.ts';
import { openRoots } from './walker.ts';

const positions = openRoots()('embeddings', 'request');
const table = readTable('embeddings', 'request');

test('a place that the SDK gains, or loses, is told with what to do about it', (t) => {
  t.deepEqual(differences(table, positions), []);
  const gained = { path: '/persona', at: ['persona'], build: (text: string) => ({ persona: text }) };
  t.deepEqual(differences(table, [...positions, gained]), [
    'The SDK has a new place for text: decide what becomes of it and add "/persona" to test/fixtures/matrix/embeddings-request.json.',
  ]);
  t.is(differences(table, positions.slice(1)).length, 1);
});

test('a place of another class than the table says is told', (t) => {
  t.deepEqual(surprises(table, [['/input', 'text']]), []);
  t.is(surprises(table, [['/input', 'DEFECT: the upstream got email']]).length, 1);
});

test('the walker finds a text behind unions, lists and optional members, and builds around it', (t) => {
  const found = new Map(positions.map((position) => [position.path, position.build('here')]));
  t.like(found.get('/input'), { input: 'here' });
  t.like(found.get('/input/*'), { input: ['here'] });
  t.like(found.get('/user'), { user: 'here' });
  t.false(found.has('/encoding_format'));
});

test('a planted value is found however it is spelled in the bytes', (t) => {
  const value = '王小明';
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${value} says`).toString('base64'),
  );
  for (const bytes of [value, '\\u738b\\u5c0f\\u660e', encodeURIComponent(value), ...base64]) {
    t.deepEqual(familiesIn(`{"a":"${bytes}"}`), ['cnPerson'], bytes);
  }
  t.deepEqual(familiesIn('{"a":"<PERSON_1>"}'), []);
});
