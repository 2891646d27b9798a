import { EVERY_FAMILY, FAMILIES, type Family, familiesIn } from './families.ts';
import { SEAL } from './least-value.ts';
import { type Outcome, type Product } from './product.ts';
import { type Position } from './walker.ts';

/**
 * What becomes of a text at a place of a request. `text`: protected and restored. `one-way`: protected and not
 * restored. `structure`: looked at, and personal data there is refused. `opaque`: refused unless a policy grants it.
 * `beside`: refused for what it cannot stand without. `refused`: whatever stands there. Anything else is a defect, in words.
 */
export type Class = 'text' | 'one-way' | 'structure' | 'opaque' | 'beside' | 'refused' | `DEFECT: ${string}`;

/** What callers put where no sentence may stand. */
const BENIGN = ['x1', '7', 'https://example.com/a', 'a/b', SEAL];

/** Families that fit the narrowest names: digits, and letters with a dot or a dash. */
const NARROW = ['card', 'ssn', 'cnId', 'secret', 'iban', 'ip', 'phone', 'email', 'cnMobile'];

/**
 * Sends the planted values to this place, and says what it is, or what went wrong. Where no sentence fits, each family
 * goes alone; the `nth` place tries two of them in turn unless `all`.
 */
export async function classOf(
  product: Product,
  surface: string,
  position: Position,
  { nth, all }: { readonly nth: number; readonly all: boolean },
): Promise<Class> {
  const whole = await product.send(surface, position.build(EVERY_FAMILY));
  const wrong = wrongWith(whole);
  if (wrong !== undefined) return `DEFECT: ${wrong}`;
  if (whole.status === 200) return restoredIn(whole.heard, surface);
  if (!isAt(whole.param, position)) return 'beside';
  if (whole.code === 'content_opaque') return 'opaque';
  for (const benign of BENIGN) {
    const outcome = await product.send(surface, position.build(benign));
    if (outcome.status === 200) {
      const turn = [NARROW[0], NARROW[1 + (nth % (NARROW.length - 1))]];
      const families = Object.entries(FAMILIES).filter(([name]) => all || turn.includes(name));
      return structure(product, surface, position, families);
    }
  }
  return 'refused';
}

/** Values that fit the format of a name, each alone: a pattern lets them by, so somebody must look at them. */
async function structure(
  product: Product,
  surface: string,
  position: Position,
  families: readonly (readonly [string, Family])[],
): Promise<Class> {
  for (const [name, { compact }] of families) {
    const outcome = await product.send(surface, position.build(compact));
    const wrong = wrongWith(outcome);
    if (wrong !== undefined) return `DEFECT: ${name}: ${wrong}`;
    if (outcome.status === 200) return `DEFECT: ${name} is let by`;
  }
  return 'structure';
}

function wrongWith({ status, left, code }: Outcome): string | undefined {
  const leaked = familiesIn(left);
  if (leaked.length > 0) return `the upstream got ${leaked.join(', ')}`;
  if (status === 200) return undefined;
  if (status < 400 || status >= 500) return `status ${status} ${code ?? ''}`;
  if (left !== '') return `status ${status}, and the upstream got a request`;
  return undefined;
}

/** Whether an error names this place, or one above or below it. */
function isAt(param: string | undefined, { at }: Position): boolean {
  if (param === undefined) return true;
  const place = at.map((step) => `/${step}`).join('');
  return `${place}/`.startsWith(`${param.replace(/#.*$/, '')}/`) || param.startsWith(place);
}

/** Whether the caller got back every value that is not masked for good. */
function restoredIn(heard: string, surface: string): Class {
  if (['embeddings', 'messages/count_tokens', 'responses/input_tokens'].includes(surface)) return 'text';
  const lost = Object.entries(FAMILIES).filter(
    ([, { restored, sentence }]) => restored && !heard.includes(sentence),
  );
  if (lost.length === 0) return 'text';
  const kept = Object.keys(FAMILIES).length - lost.length - 1;
  return kept <= 0 ? 'one-way' : `DEFECT: not restored: ${lost.map(([name]) => name).join(', ')}`;
}
