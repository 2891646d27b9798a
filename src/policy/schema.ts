import { z } from 'zod';
import { HANDLINGS, OUTPUT_HANDLINGS } from '../domain/handling.ts';
import { BUDGET_WINDOWS, QUOTA_SCOPES, TRANSFER_BASES } from '../domain/policy.ts';
import { type Condition } from './condition.ts';
import {
  anyList,
  choice,
  day,
  entity,
  entityName,
  glob,
  globs,
  id,
  include,
  instant,
  list,
  name,
  object,
  operation,
  personRegion,
  selector,
  text,
  truth,
  yes,
} from './words.ts';

/**
 * The policy language, version 1: the shape of a set. What needs more than shape (cycles, unknown roles, conditions,
 * cases) is in check.ts, condition-parse.ts, include.ts and cases.ts. policies/schema.json is made from it.
 */

const role = object({
  /** Who holds this role, beside those whose token names it. */
  members: anyList(selector),
  inherits: anyList(name),
});

const EFFECTS = ['allow', 'deny', 'oblige'] as const;
const TRUSTS = ['internal', 'external'] as const;

/** Article 6 GDPR; 13 PIPL knows the same but for legitimate interest. */
const LAWFUL_BASES = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
] as const;

const purpose = object({
  lawful_basis: choice(LAWFUL_BASES),
  description: text(500).optional(),
  /** On what ground data of Article 9 GDPR, or sensitive data of 28 PIPL, may be used: `9(2)(h)`, `separate-consent`. */
  special_category_basis: text(64).optional(),
});

export const purposesSchema = z.record(name, purpose).default({});

const count = z.int('write a whole number').min(1, 'at least 1').max(1e12, 'at most a million million');
const per = choice(QUOTA_SCOPES);

const obligations = object({
  rate_limit: object({ per, points: count, seconds: count.max(2_678_400, 'at most 31 days') }).optional(),
  /** One of the two amounts; windows are those of the calendar, UTC. */
  budget: object({
    per,
    window: choice(BUDGET_WINDOWS),
    tokens: count.optional(),
    requests: count.optional(),
  }).optional(),
  retention: id.optional(),
});

/** Read by condition-parse.ts, described to editors by json-schema.ts. */
export const conditionSchema = z.unknown();

const rule = object({
  id,
  /** Takes the place of the included rule of the same id. */
  override: yes.optional(),
  description: text(500).optional(),
  effect: choice(EFFECTS),
  subjects: list(selector),
  tenants: list(name).optional(),
  operations: list(operation),
  models: list(glob),
  runners: list(glob),
  purposes: list(name).optional(),
  regions: list(glob).optional(),
  /** Calls that this rule allows may hold what nobody can read: images, recordings, binary files. With `deny`: may not. */
  opaque: yes.optional(),
  /** A condition tree; parsed and typed by condition-parse.ts. */
  when: conditionSchema.optional(),
  not_before: instant.optional(),
  not_after: instant.optional(),
  /** What a call that matches owes. An `oblige` rule has nothing else to say; it neither allows nor denies. */
  obligations: obligations.optional(),
  owner: text(200).optional(),
  ticket: text(200).optional(),
});

const handlingRule = object({
  id,
  override: yes.optional(),
  description: text(500).optional(),
  entities: list(entity),
  destinations: object({
    trust: choice(TRUSTS).optional(),
    region: globs.optional(),
    runner: globs.optional(),
  }).default({}),
  subjects: list(selector).optional(),
  /** Left out: all. Embeddings are compared across calls and so ask for another handling than a chat. */
  operations: list(operation).optional(),
  handling: choice(HANDLINGS),
  owner: text(200).optional(),
  ticket: text(200).optional(),
});

/** What happens to personal data that a model wrote and the caller did not; otherwise like a handling rule. */
const outputRule = handlingRule.extend({
  handling: choice(OUTPUT_HANDLINGS, 'in answers, '),
});

/** As in the configuration of a runner. */
const processor = object({
  dpa: object({ signed: day, ref: text(200) }).optional(),
  retention_days: z.int('write a whole number').min(0).max(36_500).optional(),
  subprocessors: z.array(text(200)).max(256).optional(),
  transfer_basis: choice(TRANSFER_BASES).optional(),
  pipia_id: text(200).optional(),
  attestations: z.array(text(64)).max(64).optional(),
});

const handlings = <Values extends readonly [string, ...string[]]>(values: Values, before = '') =>
  z.record(entityName, choice(values, before)).default({});

/** A call, as a person describes one. */
export const givenSchema = object({
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
  trust: choice(TRUSTS).default('external'),
  region: name.default('unknown'),
  processor: processor.optional(),
  purpose: name.optional(),
  subject_region: personRegion.optional(),
  at: instant.optional(),
});

const policyCase = object({
  name: text(200),
  given: givenSchema,
  expect: object({
    allow: truth,
    reason: choice(['matched_allow', 'matched_deny', 'no_matching_allow', 'attribute_missing']).optional(),
    rule: id.optional(),
    /** Whether the call may hold what nobody can read. */
    opaque: truth.optional(),
    /** Ids of the rules whose obligations apply, all of them. */
    obliged_by: z.array(id).optional(),
    handling: handlings(HANDLINGS),
    /** The same for what a model writes of its own. */
    output: handlings(OUTPUT_HANDLINGS, 'in answers, '),
  }),
});

export const policySetSchema = object({
  version: z.literal(1, { error: 'write version: 1, the only version of the language so far' }),
  /** A pack is made to be included: it cannot be put in force alone, and its cases are judged as if all else were allowed. */
  kind: choice(['set', 'pack']).default('set'),
  name: id,
  description: text(2000).optional(),
  /** Packs by name, files by path from here. Their rules come in; their cases stay. */
  includes: anyList(include, 32),
  /** Ids of included rules that are left out. */
  disable: anyList(id, 1000),
  /** When any is declared, a call for another purpose is refused. Those of a pack serve its cases and stay with them. */
  purposes: purposesSchema,
  roles: z.record(name, role).default({}),
  rules: anyList(rule, 100_000),
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
export type Purpose = DeepReadonly<Shape['purposes'][string]>;
/** One file as written, its conditions parsed. */
export type PolicyDocument = Omit<DeepReadonly<Shape>, 'rules'> & { readonly rules: readonly Rule[] };
/** A set whose shape, names, conditions and references hold, with all that it includes; its cases may still fail. */
export type PolicySet = Omit<PolicyDocument, 'includes' | 'disable'>;
