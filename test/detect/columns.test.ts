import test from 'ava';
import fc from 'fast-check';
import { findColumns } from '../../src/detect/columns.ts';
import { found } from './find.ts';

test('a cell is under its heading, however far down it stands', (t) => {
  const rows = Array.from({ length: 500 }, (_, i) => `row ${i},x,${i}`).join('\n');
  const text = `name,dept,ssn\n${rows}`;
  const headingAt = findColumns(text);
  t.is(headingAt(text.lastIndexOf('499')), 'ssn');
  t.is(headingAt(text.lastIndexOf('row 499')), 'name');
});

test('a line of another shape ends the table, and a line with digits heads none', (t) => {
  const text = 'a;b\n1;2\nsome prose\n3;4\n5;6';
  const headingAt = findColumns(text);
  t.is(headingAt(text.indexOf('2')), 'b');
  t.is(headingAt(text.indexOf('4')), undefined);
  t.is(headingAt(text.indexOf('6')), undefined);
  t.is(headingAt(0), undefined);
});

test('a number far from the heading that labels it is found, and one under another heading is not', (t) => {
  const row = 'some customer or other with a long name,Research and Development,2021-04-05';
  const table = (heading: string): string =>
    `customer,department,hired,${heading}\n${row},219099998\n${row},536228841\n`;
  const numbers = (heading: string): readonly string[] =>
    found(table(heading)).filter((one) => one.startsWith('US_SSN'));
  t.deepEqual(numbers('ssn'), ['US_SSN:219099998', 'US_SSN:536228841']);
  t.deepEqual(numbers('quantity'), []);
});

test('any text has an answer at any place', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '\n', '|', '\t') }),
      fc.nat(80),
      (text, at) => {
        const heading = findColumns(text)(at);
        t.true(heading === undefined || text.includes(heading));
      },
    ),
  );
});
