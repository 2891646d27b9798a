import { type ChainRow } from '../ledger/ports.ts';
import { TAG_SEPARATOR } from '../ledger/search/facts.ts';

/**
 * The rows of a batch as the parameters of one insert: a single buffer holding for each row
 * `leaf(32) ‖ header ‖ context ‖ body ‖ findings ‖ response`, then arrays with one element a row: period, id, type,
 * tenant, time, the row's place in the buffer (from 1, as SQL counts) and the five lengths (null: not there).
 */
export function packRows(rows: readonly ChainRow[]): readonly unknown[] {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  const lengths: (number | null)[][] = [[], [], [], [], []];
  let at = 1;
  for (const row of rows) {
    starts.push(at);
    parts.push(row.leaf);
    at += row.leaf.length;
    const { context, body, findings, response } = row.fields;
    for (const [index, part] of [Buffer.from(row.header), context, body, findings, response].entries()) {
      lengths[index]?.push(part?.length ?? null);
      if (part === undefined) continue;
      parts.push(part);
      at += part.length;
    }
  }
  return [
    Buffer.concat(parts),
    rows.map((row) => row.period),
    rows.map((row) => row.requestId),
    rows.map((row) => row.type),
    rows.map((row) => row.tenant),
    rows.map((row) => row.atMs),
    starts,
    ...lengths,
  ];
}

/** What the rows are found by, as arrays: subject, caller and tags of each row; then row (from 1) and token of each entry. */
export function packIndex(rows: readonly ChainRow[]): readonly unknown[] {
  const places = rows.flatMap(({ index }, i) => index.tokens.map(() => i + 1));
  return [
    rows.map(({ index }) => index.subject ?? null),
    rows.map(({ index }) => index.caller ?? null),
    rows.map(({ index }) => index.tags.join(TAG_SEPARATOR)),
    places,
    rows.flatMap(({ index }) => index.tokens),
  ];
}
