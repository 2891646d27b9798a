import { z } from 'zod';
import { TRANSFER_BASES } from '../domain/policy.ts';
import { baseUrl, durationMs, environmentName } from './values.ts';

const vendor = z.enum(['openai', 'anthropic']);

/** Tries of one call at one runner, where trying again is safe. */
const retry = z
  .strictObject({
    attempts: z.int().min(1).max(10).default(3),
    budget_ms: durationMs.default(5_000),
    first_delay_ms: durationMs.default(100),
  })
  .prefault({});

/** When a runner counts as down, and for how long nothing is sent to it. */
const breaker = z
  .strictObject({
    consecutive_failures: z.int().min(1).max(1_000).default(5),
    failure_ratio: z.number().min(0.01).max(0.99).default(0.5),
    window: z.int().min(1).max(10_000).default(50),
    minimum_calls: z.int().min(1).max(10_000).default(20),
    open_ms: durationMs.default(10_000),
  })
  .refine((value) => value.minimum_calls <= value.window, {
    error: 'must have minimum_calls no larger than window',
  })
  .prefault({});

export const runner = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
    error: 'must be lower-case letters, digits, . _ - (at most 64)',
  }),
  /** Whose way of knowing a caller it has. */
  kind: vendor.default('openai'),
  /** Whose endpoints it serves, when not only those of its kind; calls at the other's are translated. */
  speaks: z.array(vendor).min(1).optional(),
  base_url: baseUrl,
  /** Globs of model names this runner serves. */
  models: z.array(z.string().min(1).max(256)).min(1).default(['*']),
  trust: z.enum(['internal', 'external']).default('external'),
  region: z.string().max(64).default('unknown'),
  /** What is agreed with whoever runs it; policies ask for it (`destination.dpa_signed` …), nobody checks it. */
  dpa: z.strictObject({ signed: z.iso.date(), ref: z.string().min(1).max(200) }).optional(),
  /** Days that it keeps what it is sent; 0 for nothing. */
  retention_days: z.int().min(0).max(36_500).optional(),
  subprocessors: z.array(z.string().min(1).max(200)).max(256).optional(),
  transfer_basis: z.enum(TRANSFER_BASES).optional(),
  /** Of the impact assessment of PIPL 55. */
  pipia_id: z.string().min(1).max(200).optional(),
  /** What else was signed or certified: baa, soc2 … */
  attestations: z.array(z.string().min(1).max(64)).max(64).optional(),
  /** Name of an environment variable that holds the key (or `<NAME>_FILE` its file). */
  api_key_env: environmentName.optional(),
  api_key_file: z.string().min(1).optional(),
  connect_timeout_ms: durationMs.default(5_000),
  response_timeout_ms: durationMs.default(120_000),
  idle_timeout_ms: durationMs.default(60_000),
  connections: z.int().min(1).max(4_096).default(128),
  retry,
  breaker,
});

const modelId = z.string().regex(/^[\w.:/@-]{1,256}$/, { error: 'must be the name of a model' });

const target = z.strictObject({
  /** Of a runner above. */
  id: z.string().min(1),
  /** What the model is called there, when not as the caller calls it. */
  model: modelId.optional(),
  /** Share of the calls among those of one priority. */
  weight: z.int().min(1).max(1_000).default(1),
  /** The lowest is tried first. */
  priority: z.int().min(1).max(16).default(1),
});

export const route = z.strictObject({
  /** Globs of the names callers use. The first route that matches decides. */
  models: z.array(z.string().min(1).max(256)).min(1),
  runners: z.array(target).min(1).max(16),
});
