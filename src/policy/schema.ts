import { z } from 'zod';
import { HANDLINGS, OUTPUT_HANDLINGS } from '../domain/handling.ts';
import { type Condition } from './condition.ts';

/**
 * The policy language, version 1: the shape of a set. What needs more than shape (cycles, unknown roles, conditions,
 * cases) is in check.ts, condition-parse.ts and cases.ts. Names go into casbin's CSV, so they hold neither commas,
 * quotes, brackets nor blanks.
 */
const NAME = '[A-Za-z0-9._:@/+=$~|-]';
const text = (max: number) =>
  z.string().min(1, 'write at least one character').max(max, `at most ${max} characters`);
const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'an id has 1 to 64 letters, digits, dots, dashes or underscores',
  );
const name = z
  .string()
  .regex(new RegExp(`^${NAME}{1,256}$`), 'a name has 1 to 256 letters, digits or . _ : @ / + = $ ~ | -');
const glob = z
  .string()
  .regex(
    new RegExp(`^(?:${NAME}|\\*){1,256}$`),
    'a glob has letters, digits, . _ : @ / + = $ ~ | - and * for anything',
  );
const selector = z
  .string()
  .regex(
    new RegExp(`^(?:any|(?:role|group|subject|tenant):${NAME}{1,256})$`),
    'write role:NAME, group:NAME, subject:NAME, tenant:NAME or any',
  );
const operation = z
  .string()
  .regex(/^(?:\*|[a-z][a-z0-9._-]{0,63})$/, 'write an operation such as chat, or "*" for all');
const entity = z
  .string()
  .regex(
    /^(?:\*|[A-Z][A-Z0-9_]{0,63}|[a-z]{1,32})$/,
    'write an entity such as EMAIL_ADDRESS, a family, or "*"',
  );
const instant = z.iso.datetime({
  offset: true,
  error: 'write a time with its zone, such as 2027-01-31T00:00:00Z',
});
const anyList = <Item extends z.ZodType>(item: Item, max = 256) =>
  z.array(item).max(max, `at most ${max} entries`).default([]);
/** A clause with nothing in it would match nobody, or everybody, depending on who reads it: refused. */
const list = <Item extends z.ZodType>(item: Item, max = 256) =>
  z.array(item).min(1, 'write at least one entry').max(max, `at most ${max} entries`);

/** Unknown keys are errors: a misspelt `not_after` that is ignored would be a rule that never ends. */
function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key; the keys here are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const role = object({
  /** Who holds this role, beside those whose token names it. */
  members: anyList(selector),
  inherits: anyList(name),
});

const rule = object({
  id,
  description: text(500).optional(),
  effect: z.enum(['allow', 'deny'], { error: 'write allow or deny' }),
  subjects: list(selector),
  tenants: list(name).optional(),
  operations: list(operation),
  models: list(glob),
  runners: list(glob),
  purposes: list(name).optional(),
  regions: list(glob).optional(),
  /** Calls that this rule allows may hold what nobody can read: images, recordings, binary files. */
  opaque: z.literal(true, { error: 'write true, or leave it out' }).optional(),
  /** A condition tree; parsed and typed by condition-parse.ts. */
  when: z.unknown().optional(),
  not_before: instant.optional(),
  not_after: instant.optional(),
  owner: text(200).optional(),
  ticket: text(200).optional(),
});

const globs = z.union([glob.transform((one) => [one]), list(glob)], {
  error: 'write a glob or a list of globs',
});

const handlingRule = object({
  id,
  description: text(500).optional(),
  entities: list(entity),
  destinations: object({
    trust: z.enum(['internal', 'external'], { error: 'write internal or external' }).optional(),
    region: globs.optional(),
    runner: globs.optional(),
  }).default({}),
  subjects: list(selector).optional(),
  /** Left out: all. Embeddings are compared across calls and so ask for another handling than a chat. */
  operations: list(operation).optional(),
  handling: z.enum(HANDLINGS, { error: `write one of ${HANDLINGS.join(', ')}` }),
  owner: text(200).optional(),
  ticket: text(200).optional(),
});

/** What happens to personal data that a model wrote and the caller did not; otherwise like a handling rule. */
const outputRule = handlingRule.extend({
  handling: z.enum(OUTPUT_HANDLINGS, { error: `in answers, write one of ${OUTPUT_HANDLINGS.join(', ')}` }),
});

const policyCase = object({
  name: text(200),
  given: object({
    subject: name,
    tenant: name.default('default'),
    issuer: name.default('https://issuer.example'),
    roles: anyList(name),
    groups: anyList(name),
    client: name.optional(),
    /** Purposes the issuer granted; when left out, the declared one. */
    purposes: z.array(name).optional(),
    operation: name,
    model: name,
    runner: name,
    trust: z.enum(['internal', 'external'], { error: 'write internal or external' }).default('external'),
    region: name.default('unknown'),
    purpose: name.optional(),
    at: instant.optional(),
  }),
  expect: object({
    allow: z.boolean({ error: 'write true or false' }),
    reason: z
      .enum(['matched_allow', 'matched_deny', 'no_matching_allow', 'attribute_missing'], {
        error: 'write matched_allow, matched_deny, no_matching_allow or attribute_missing',
      })
      .optional(),
    rule: id.optional(),
    /** Whether the call may hold what nobody can read. */
    opaque: z.boolean({ error: 'write true or false' }).optional(),
    handling: z
      .record(
        z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'write an entity such as EMAIL_ADDRESS'),
        z.enum(HANDLINGS, { error: `write one of ${HANDLINGS.join(', ')}` }),
      )
      .default({}),
    /** The same for what a model writes of its own. */
    output: z
      .record(
        z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'write an entity such as EMAIL_ADDRESS'),
        z.enum(OUTPUT_HANDLINGS, { error: `in answers, write one of ${OUTPUT_HANDLINGS.join(', ')}` }),
      )
      .default({}),
  }),
});

export const policySetSchema = object({
  version: z.literal(1, { error: 'write version: 1, the only version of the language so far' }),
  name: id,
  description: text(2000).optional(),
  roles: z.record(name, role).default({}),
  rules: z
    .array(rule)
    .min(1, 'write at least one rule; to refuse everything, one deny rule for any')
    .max(100_000, 'at most 100000 rules'),
  handling: anyList(handlingRule, 10_000),
  output: anyList(outputRule, 10_000),
  cases: anyList(policyCase, 10_000),
});

type Shape = z.output<typeof policySetSchema>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Role = DeepReadonly<Shape['roles'][string]>;
export type HandlingRule = DeepReadonly<Shape['handling'][number]>;
export type PolicyCase = DeepReadonly<Shape['cases'][number]>;
export type Rule = Omit<DeepReadonly<Shape['rules'][number]>, 'when'> & {
  readonly when?: Condition | undefined;
};
/** A set whose shape, names, conditions and references hold; its cases may still fail. */
export type PolicySet = Omit<DeepReadonly<Shape>, 'rules'> & { readonly rules: readonly Rule[] };
