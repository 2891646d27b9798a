import test from 'ava';
import fc from 'fast-check';
import { cellsUnder } from '../../../src/detect/recognizers/table.ts';
import { merge } from '../../../src/detect/merge.ts';
import { found } from '../find.ts';

for (const [text, entity, value] of [
  ['call me on 2 1 2 5 5 5 0 1 7 9 tonight', 'PHONE_NUMBER', '2 1 2 5 5 5 0 1 7 9'],
  ['my phone is two one two five five five oh one seven nine', 'PHONE_NUMBER', 'two one two five five five oh one seven nine'], // prettier-ignore
  ['card four one one one one one one one one one one one one one one one', 'CREDIT_CARD', 'four one one one one one one one one one one one one one one one'], // prettier-ignore
  ['手机1 3 8 0 0 1 3 8 0 0 0', 'CN_MOBILE', '1 3 8 0 0 1 3 8 0 0 0'],
  ['手机一三八 零零一三 八零零零', 'CN_MOBILE', '一三八 零零一三 八零零零'],
] as const) {
  test(`dictated digits are read: ${text}`, (t) => {
    t.deepEqual(found(text), [`${entity}:${value}`]);
  });
}

test('a list of small numbers is no number', (t) => {
  t.deepEqual(found('the sequence 1 1 2 3 5 8 1 3 2 1 3 4 is famous'), []);
  t.deepEqual(found('one two three four five six seven, all good children go to heaven'), []);
});

test('birth dates are found in every row under their heading', (t) => {
  const table = 'id;name;dob\n1;A;12 March 1984\n2;B;1990-01-02\n3;C;n/a\n\n4;D;1991-02-03';
  t.deepEqual(found(table), ['DATE_OF_BIRTH:12 March 1984', 'DATE_OF_BIRTH:1990-01-02']);
});

test('a table without such a heading has no birth dates', (t) => {
  t.deepEqual(found('id;name;shipped\n1;A;12 March 1984\n2;B;1990-01-02'), []);
});

test('cells end where their separators are', (t) => {
  fc.assert(
    fc.property(fc.string(), (noise) => {
      const text = `a,dob\n1,x\n${noise}`;
      const [first] = cellsUnder(text, /dob/g);
      t.is(text.slice(first?.start, first?.end), 'x');
      for (const { start, end } of cellsUnder(text, /dob/g)) t.true(start <= end && end <= text.length);
    }),
  );
  t.pass();
});

test('beside its label an id may be in small letters, alone it may not', (t) => {
  t.deepEqual(found('dni: 12345678z'), ['ES_NIF:12345678z']);
  t.deepEqual(found('file 12345678z'), []);
});

test('an address keeps its name where the model reads a longer place', (t) => {
  const span = { score: 0.6, recognizer: 'x', validated: false };
  const merged = merge([
    { ...span, start: 0, end: 30, entity: 'LOCATION', score: 0.99 },
    { ...span, start: 0, end: 20, entity: 'ADDRESS' },
  ]);
  t.deepEqual(
    merged.map(({ start, end, entity }) => [start, end, entity]),
    [
      [0, 20, 'ADDRESS'],
      [20, 30, 'LOCATION'],
    ],
  );
});
