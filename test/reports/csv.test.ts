import test from 'ava';
import fc from 'fast-check';
import { toCsv } from '../../src/reports/csv.ts';

/** RFC 4180, read back. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(pattern)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('what a spreadsheet would run is text', (t) => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("https://x.example","y")'];
  for (const formula of formulas) t.is(parse(toCsv(['a'], [[formula]]))[1]?.[0], `'${formula}`);
  t.is(toCsv(['n'], [[-1], [null]]), 'n\r\n-1\r\n\r\n');
});

test('every text comes back as it was, an apostrophe apart, and never as another cell or line', (t) => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 3, maxLength: 3 })), (rows) => {
      const [, ...read] = parse(toCsv(['a', 'b', 'c'], rows));
      const plain = read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, '')));
      t.deepEqual(
        plain,
        rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, ''))),
      );
      t.false(read.flat().some((cell) => /^[=+\-@\t\r\n]/.test(cell)));
    }),
  );
});
