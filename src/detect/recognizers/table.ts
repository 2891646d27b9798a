interface Cell {
  readonly start: number;
  readonly end: number;
}

/** Longest line read as a row, and longest text of a heading. */
const MAX_LINE = 1024;
const MAX_HEADING = 32;

/**
 * Cells of CSV-like rows below a heading that matches: `id;name;dob` and every line of as many cells under it. The
 * table ends at a line of another shape. One pass over the text; quoted separators end a cell, which at worst ends the
 * table too early. `heading` must be a global pattern.
 */
export function cellsUnder(text: string, heading: RegExp): readonly Cell[] {
  const found: Cell[] = [];
  let table: { separator: string; column: number; width: number } | undefined;
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    const line = to - from > MAX_LINE ? '' : text.slice(from, to);
    const cells = table === undefined ? [] : cellsOf(line, table.separator);
    if (table?.width === cells.length) {
      const cell = cells[table.column];
      if (cell !== undefined) found.push({ start: from + cell.start, end: from + cell.end });
    } else table = tableHeadedBy(line, heading);
    from = to + 1;
  }
  return found;
}

function tableHeadedBy(
  line: string,
  heading: RegExp,
): { separator: string; column: number; width: number } | undefined {
  for (const separator of [';', '\t', '|', ',']) {
    if (!line.includes(separator)) continue;
    const cells = cellsOf(line, separator);
    const column = cells.findIndex(
      ({ start, end }) => end - start <= MAX_HEADING && line.slice(start, end).search(heading) >= 0,
    );
    if (column >= 0 && cells.every(({ start, end }) => end - start <= MAX_HEADING)) {
      return { separator, column, width: cells.length };
    }
  }
  return undefined;
}

function cellsOf(line: string, separator: string): Cell[] {
  const cells: Cell[] = [];
  let start = 0;
  for (const text of line.split(separator)) {
    cells.push({ start, end: start + text.length });
    start += text.length + separator.length;
  }
  return cells;
}
