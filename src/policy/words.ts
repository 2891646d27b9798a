import { z } from 'zod';
import { didYouMean } from './suggest.ts';

/**
 * The smallest pieces of the policy language. Names go into casbin's CSV, so they hold neither commas, quotes, brackets
 * nor blanks.
 */
const NAME = '[A-Za-z0-9._:@/+=$~|-]';

export const text = (max: number) =>
  z.string().min(1, 'write at least one character').max(max, `at most ${max} characters`);
export const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'an id has 1 to 64 letters, digits, dots, dashes or underscores',
  );
export const name = z
  .string()
  .regex(new RegExp(`^${NAME}{1,256}$`), 'a name has 1 to 256 letters, digits or . _ : @ / + = $ ~ | -');
export const glob = z
  .string()
  .regex(
    new RegExp(`^(?:${NAME}|\\*){1,256}$`),
    'a glob has letters, digits, . _ : @ / + = $ ~ | - and * for anything',
  );
export const selector = z
  .string()
  .regex(
    new RegExp(`^(?:any|(?:role|group|subject|tenant):${NAME}{1,256})$`),
    'write role:NAME, group:NAME, subject:NAME, tenant:NAME or any',
  );
export const operation = z
  .string()
  .regex(/^(?:\*|[a-z][a-z0-9._-]{0,63})$/, 'write an operation such as chat, or "*" for all');
export const entity = z
  .string()
  .regex(
    /^(?:\*|[A-Z][A-Z0-9_]{0,63}|[a-z]{1,32})$/,
    'write an entity such as EMAIL_ADDRESS, a family, or "*"',
  );
export const entityName = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'write an entity such as EMAIL_ADDRESS');
/** ISO 3166-1, or 3166-2 where a part of a country has laws of its own. */
export const personRegion = z
  .string()
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, 'write a country as in ISO 3166, such as CN or US-CA');
export const include = z
  .string()
  .regex(
    /^(?:[a-z0-9][a-z0-9-]{0,63}|\.\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\.ya?ml)$/,
    'write the name of a pack such as gdpr, or a file beside or below this one such as ./teams/support.yaml',
  );
export const day = z.iso.date({ error: 'write a day such as 2027-01-31' });
export const instant = z.iso.datetime({
  offset: true,
  error: 'write a time with its zone, such as 2027-01-31T00:00:00Z',
});
export const yes = z.literal(true, { error: 'write true, or leave it out' });
export const truth = z.boolean({ error: 'write true or false' });

export const anyList = <Item extends z.ZodType>(item: Item, max = 256) =>
  z.array(item).max(max, `at most ${max} entries`).default([]);
/** A clause with nothing in it would match nobody, or everybody, depending on who reads it: refused. */
export const list = <Item extends z.ZodType>(item: Item, max = 256) =>
  z.array(item).min(1, 'write at least one entry').max(max, `at most ${max} entries`);
export const globs = z.union([glob.transform((one) => [one]), list(glob)], {
  error: 'write a glob or a list of globs',
});

export const choice = <const Values extends readonly [string, ...string[]]>(values: Values, before = '') =>
  z.enum(values, {
    error: ({ input }) => `${before}write ${oneOf(values)}${didYouMean(input, values)}`,
  });

function oneOf(values: readonly string[]): string {
  return values.length === 2 ? values.join(' or ') : `one of ${values.join(', ')}`;
}

/** Unknown keys are errors: a misspelt `not_after` that is ignored would be a rule that never ends. */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const known = Object.keys(shape);
      const { keys } = issue;
      // One message stands for all the keys, so it may only speak of one when there is one.
      const hint = Array.isArray(keys) && keys.length === 1 ? didYouMean(keys[0], known) : '';
      return `unknown key; the keys here are ${known.join(', ')}${hint}`;
    },
  });
}
