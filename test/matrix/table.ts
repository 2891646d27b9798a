import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Position } from './walker.ts';

/** What is expected at the places of one endpoint's request, answer or events; reviewed, and in version control. */
interface Group {
  readonly class: string;
  /** Why it is not protected and restored. */
  readonly reason?: string;
  readonly positions: readonly string[];
}

interface Table {
  readonly file: string;
  readonly classes: ReadonlyMap<string, string>;
}

/** Set to `full` to send every family to every place; otherwise repeats of a place elsewhere are sampled. */
const FULL = process.env['CORDON_MATRIX'] === 'full';
const SAMPLED = 8;

export function readTable(surface: string, side: string): Table {
  const file = `test/fixtures/matrix/${surface.replaceAll(/[/_]/g, '-')}-${side}.json`;
  const groups = JSON.parse(readFileSync(path.resolve(file), 'utf8')) as readonly Group[];
  const classes = new Map<string, string>();
  for (const group of groups) {
    if (group.class !== 'text' && (group.reason ?? '') === '')
      throw new Error(`${file}: ${group.class} without a reason`);
    for (const position of group.positions) {
      if (classes.has(position)) throw new Error(`${file} has ${position} twice`);
      classes.set(position, group.class);
    }
  }
  return { file, classes };
}

/** Places that the SDK declares and the table does not have, or the other way round, and what to do about them. */
export function differences({ file, classes }: Table, positions: readonly Position[]): readonly string[] {
  const declared = new Set(positions.map(({ path: where }) => where));
  return [
    ...[...declared]
      .filter((where) => !classes.has(where))
      .map(
        (where) =>
          `The SDK has a new place for text: decide what becomes of it and add "${where}" to ${file}.`,
      ),
    ...[...classes.keys()]
      .filter((where) => !declared.has(where))
      .map((where) => `The SDK no longer has this place: remove "${where}" from ${file}.`),
  ];
}

/**
 * Those to send now. Types repeat each other (a tool within an item is a tool), so repeats of an ending are sampled. `known`: sent
 * elsewhere. `derived`: all of them are.
 */
export function chosen(
  positions: readonly Position[],
  { derived = false, known = [] }: { readonly derived?: boolean; readonly known?: readonly Position[] } = {},
): readonly (readonly [number, Position])[] {
  const seen = new Set(known.map(endingOf));
  return [...positions.entries()].filter(([nth, position]) => {
    const ending = endingOf(position);
    const isNew = !derived && !seen.has(ending);
    seen.add(ending);
    return FULL || isNew || nth % SAMPLED === 0;
  });
}

function endingOf({ path: where }: Position): string {
  return where.split('/').slice(-3).join('/');
}

export const ALL_FAMILIES = FULL;

/** What came otherwise than the table says. */
export function surprises(
  { file, classes }: Table,
  found: readonly (readonly [string, string])[],
): readonly string[] {
  return found
    .filter(([where, seen]) => classes.get(where) !== seen)
    .map(([where, seen]) => `${where}: ${file} says ${classes.get(where) ?? 'nothing'}, and it was: ${seen}`);
}
