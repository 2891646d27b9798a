import { type Facts } from './facts.ts';
import { FIELD, type Row } from './model.ts';

/**
 * Rows by tenant, operation and selector, `*` included, so that a decision costs what its own rows cost and not what
 * the set holds. It may only leave out rows that the model's first three clauses refuse; casbin judges the rest.
 */
export function createRowIndex(rows: readonly Row[]): (facts: Facts) => readonly Row[] {
  const buckets = new Map<string, number[]>();
  for (const [number, row] of rows.entries()) {
    const key = bucketKey(row[FIELD.dom], row[FIELD.op], row[FIELD.sub]);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [number]);
    else bucket.push(number);
  }
  return ({ input, selectors }) => {
    const numbers: number[] = [];
    for (const selector of selectors) {
      for (const tenant of new Set([input.principal.tenant, '*'])) {
        for (const operation of new Set([input.operation, '*'])) {
          const bucket = buckets.get(bucketKey(tenant, operation, selector));
          if (bucket !== undefined) for (const number of bucket) numbers.push(number);
        }
      }
    }
    // Row order carries meaning: it decides which rule a verdict names.
    return numbers
      .sort((a, b) => a - b)
      .map((number) => rows[number])
      .filter((row) => row !== undefined);
  };
}

/** Row fields never hold a line feed (see schema.ts), so a request that does hold one finds no bucket of theirs. */
function bucketKey(tenant: string, operation: string, selector: string): string {
  return `${tenant}\n${operation}\n${selector}`;
}
