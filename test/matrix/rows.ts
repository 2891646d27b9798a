import { type ExecutionContext } from 'ava';
import { answerClassOf } from './answers.ts';
import { classOf } from './classify.ts';
import { EVERY_FAMILY, FAMILIES, familiesIn } from './families.ts';
import { type Product } from './product.ts';
import { ALL_FAMILIES, chosen, differences, readTable, surprises } from './table.ts';
import { type Position } from './walker.ts';

/** Every place of a request, against its table. `derived`: of another endpoint's types, so sampled. */
export async function checkRequest(
  t: ExecutionContext,
  product: Product,
  surface: string,
  positions: readonly Position[],
  derived = false,
): Promise<void> {
  const table = readTable(surface, 'request');
  t.deepEqual(differences(table, positions), []);
  const found: (readonly [string, string])[] = [];
  for (const [nth, position] of chosen(positions, { derived })) {
    found.push([position.path, await classOf(product, surface, position, { nth, all: ALL_FAMILIES })]);
  }
  t.true(found.length > 0);
  t.deepEqual(surprises(table, found), []);
}

/** Each family by itself, where a text stands first: none hides behind another. */
export async function checkFamilies(
  t: ExecutionContext,
  product: Product,
  surface: string,
  positions: readonly Position[],
): Promise<void> {
  const { classes } = readTable(surface, 'request');
  const position = positions.find(({ path: where }) => classes.get(where) === 'text');
  if (position === undefined) throw new Error(`${surface} has no text`);
  for (const [name, { sentence, compact }] of Object.entries(FAMILIES)) {
    for (const said of [sentence, compact]) {
      const { status, left } = await product.send(surface, position.build(said));
      t.is(status, 200, name);
      t.not(left, '', name);
      t.deepEqual(familiesIn(left), [], name);
    }
  }
  // The search finds what it is to find.
  t.deepEqual(familiesIn(EVERY_FAMILY), Object.keys(FAMILIES));
}

/** Every place of an answer or of a stream's events, against its table. */
export async function checkAnswer(
  t: ExecutionContext,
  product: Product,
  surface: string,
  side: 'answer' | 'event',
  positions: readonly Position[],
  known: readonly Position[] = [],
): Promise<void> {
  const table = readTable(surface, side);
  t.deepEqual(differences(table, positions), []);
  const found: (readonly [string, string])[] = [];
  for (const [, position] of chosen(positions, { known })) {
    found.push([position.path, await answerClassOf(product, surface, position, side === 'event')]);
  }
  t.true(found.length > 0);
  t.deepEqual(surprises(table, found), []);
}
