/** Longest line read as a row, and longest text of a heading. */
const MAX_LINE = 1024;
const MAX_HEADING = 32;
const MIN_CELLS = 2;
const SEPARATORS = [';', '\t', '|', ','] as const;

interface Row {
  readonly start: number;
  readonly end: number;
  readonly separator: string;
  readonly headings: readonly string[];
}

/** Answers what heads the column that the text at an offset stands in; undefined outside tables. */
export type HeadingAt = (offset: number) => string | undefined;

/**
 * The columns of CSV-like tables: a line of short cells without digits, and every line of as many cells below it. In
 * the hundredth row a number's label is far away, and still says what the number is. Linear in the text; quoted
 * separators end a cell, which at worst ends the table too early.
 */
export function findColumns(text: string): HeadingAt {
  const rows = [...tableRows(text)];
  return (offset) => {
    const row = rowAt(rows, offset);
    if (row === undefined) return undefined;
    let column = 0;
    for (let at = text.indexOf(row.separator, row.start); at >= 0 && at < offset; column++)
      at = text.indexOf(row.separator, at + 1);
    return row.headings[column];
  };
}

function* tableRows(text: string): Generator<Row> {
  let table: { readonly separator: string; readonly headings: readonly string[] } | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = end - start > MAX_LINE ? '' : text.slice(start, end);
    const cells = table === undefined ? 0 : line.split(table.separator).length;
    if (table?.headings.length === cells) yield { start, end, ...table };
    else table = headed(line);
    start = end + 1;
  }
}

function headed(line: string): { separator: string; headings: readonly string[] } | undefined {
  for (const separator of SEPARATORS) {
    const headings = line.split(separator);
    const fits = headings.every((heading) => heading.length <= MAX_HEADING && !/\d/.test(heading));
    if (headings.length >= MIN_CELLS && fits) return { separator, headings };
  }
  return undefined;
}

function rowAt(rows: readonly Row[], offset: number): Row | undefined {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row === undefined || row.start > offset) high = middle - 1;
    else if (row.end <= offset) low = middle + 1;
    else return row;
  }
  return undefined;
}
