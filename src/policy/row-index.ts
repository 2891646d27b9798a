import { type Facts } from './facts.ts';
import { FIELD, type Row } from './model.ts';

type Branch<Value> = Map<string, Value>;
/** selector → tenant → operation → model → runner → numbers of rows. */
type Tree = Branch<Branch<Branch<Branch<Branch<number[]>>>>>;

/**
 * Rows by selector, tenant, operation, model and runner, so that a decision costs what its own rows cost and not what
 * the set holds. It may only leave out rows that the model's clauses refuse: `*` stands beside each value, and a model
 * or runner with a glob in it stands with `*`; casbin judges all that is found.
 */
export function createRowIndex(rows: readonly Row[]): (facts: Facts) => readonly Row[] {
  const tree: Tree = new Map();
  for (const [number, row] of rows.entries()) {
    const tenants = branch(tree, row[FIELD.sub]);
    const operations = branch(tenants, row[FIELD.dom]);
    const models = branch(operations, row[FIELD.op]);
    const runners = branch(models, literal(row[FIELD.model]));
    const runner = literal(row[FIELD.runner]);
    const numbers = runners.get(runner);
    if (numbers === undefined) runners.set(runner, [number]);
    else numbers.push(number);
  }
  return ({ input, selectors }) => {
    const { principal, operation, model, destination } = input;
    const found: number[] = [];
    for (const selector of selectors) {
      const tenants = tree.get(selector);
      if (tenants === undefined) continue;
      for (const operations of both(tenants, principal.tenant)) {
        for (const models of both(operations, operation)) {
          for (const runners of both(models, model)) {
            for (const numbers of both(runners, destination.runner))
              for (const number of numbers) found.push(number);
          }
        }
      }
    }
    // Row order carries meaning: it decides which rule a verdict names.
    if (found.length > 1) found.sort((a, b) => a - b);
    const chosen: Row[] = [];
    for (const number of found) {
      const row = rows[number];
      if (row !== undefined) chosen.push(row);
    }
    return chosen;
  };
}

const NONE: readonly never[] = [];

/** What stands under the value itself and under `*`; a value that is `*` (a caller may call a model so) once. */
function both<Value>(branches: Branch<Value>, key: string): readonly Value[] {
  const any = branches.get('*');
  const own = key === '*' ? undefined : branches.get(key);
  if (any === undefined) return own === undefined ? NONE : [own];
  return own === undefined ? [any] : [any, own];
}

function literal(pattern: string): string {
  return pattern.includes('*') ? '*' : pattern;
}

function branch<Inner>(branches: Branch<Branch<Inner>>, key: string): Branch<Inner> {
  const known = branches.get(key);
  if (known !== undefined) return known;
  const made: Branch<Inner> = new Map();
  branches.set(key, made);
  return made;
}
