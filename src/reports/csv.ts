/** A cell: a number stays one, everything else is text. */
export type Cell = string | number | null;

/**
 * RFC 4180, CRLF between lines. A text that a spreadsheet would take for a formula is given an apostrophe in front, as
 * OWASP advises: what callers or models wrote must not run on counsel's machine.
 */
export function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function toCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) || safe.trim() !== safe ? `"${safe.replaceAll('"', '""')}"` : safe;
}
