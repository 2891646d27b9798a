import { type JsonObject } from '../../domain/json.ts';
import { asObject } from '../header.ts';
import { type ExportedRecord } from './select.ts';

const COLUMNS = [
  ...['time', 'type', 'request_id', 'tenant', 'allowed', 'reason_or_outcome', 'operation', 'model', 'runner'],
  ...['purpose', 'entities', 'policy', 'caller_pseudonym', 'subject_pseudonym', 'chain', 'seq'],
];

/** Spreadsheets run a cell that begins with one of these, also after what they take for white space. */
const FORMULA = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

/** RFC 4180, with the cells that a spreadsheet would run disarmed by an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

export function csvHead(): string {
  return csvLine(COLUMNS);
}

/** What a person sorts and counts by. The whole of each record is in records.jsonl. */
export function csvRecord({ header }: ExportedRecord): string {
  const { data } = header;
  const entities = Object.entries(asObject(data['counts']) ?? {});
  return csvLine([
    new Date(header.atMs).toISOString(),
    header.type,
    header.id,
    header.tenant,
    cell(data, 'allow'),
    cell(data, 'outcome') || cell(data, 'reason'),
    cell(data, 'operation'),
    cell(data, 'model'),
    cell(asObject(data['destination']) ?? {}, 'runner'),
    cell(data, 'purpose'),
    entities.map(([entity, count]) => `${entity}:${JSON.stringify(count)}`).join(' '),
    cell(data, 'policy'),
    cell(data, 'caller'),
    cell(data, 'subject'),
    header.chain,
    String(header.seq),
  ]);
}

function cell(data: JsonObject, name: string): string {
  const value = data[name];
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
