import { z } from 'zod';
import { keysSchema } from './keys.ts';
import { route, runner } from './runners.ts';
import { baseUrl, durationMs, environmentName, httpUrl } from './values.ts';
import { retention } from './retention.ts';

const port = z.int().min(0).max(65_535);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 in lower-case hex' });
const modelName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, { error: 'must be letters, digits, . _ - (at most 100)' });

/** A server of the Open Inference Protocol v2 that runs the model instead of this process. */
const remoteModel = z.strictObject({
  /** Base URL; `/v2/models/…` is appended. */
  url: baseUrl,
  /** The model's name there; the folder's own when left out. */
  model: modelName.optional(),
  /** Its version there; the folder's own when left out. `none`: the server knows no versions. */
  version: modelName.optional(),
  token_env: environmentName.optional(),
  token_file: z.string().min(1).optional(),
  /** Certificates (PEM) that vouch for the server; the system's when left out. */
  ca_file: z.string().min(1).optional(),
  timeout_ms: durationMs.default(2_000),
  connections: z.int().min(1).max(256).default(4),
});

/** `cordon serve-model`. */
const modelServer = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(8090),
  token_env: environmentName.optional(),
  token_file: z.string().min(1).optional(),
  tls_cert_file: z.string().min(1).optional(),
  tls_key_file: z.string().min(1).optional(),
  /** Something in front of this server (a sidecar, a load balancer) ends TLS. */
  tls_ends_before: z.boolean().default(false),
  max_body_bytes: z
    .int()
    .min(64 * 1024)
    .max(256 * 1024 * 1024)
    .default(16 * 1024 * 1024),
  max_in_flight: z.int().min(1).max(4_096).default(64),
  request_timeout_ms: durationMs.default(10_000),
  drain_timeout_ms: durationMs.default(10_000),
});

const issuer = z.strictObject({
  issuer: z.string().min(1).max(512),
  audience: z.array(z.string().min(1)).min(1),
  jwks_url: httpUrl.optional(),
  jwks_file: z.string().min(1).optional(),
  algorithms: z
    .array(
      z.enum([
        'ES256',
        'ES384',
        'ES512',
        'RS256',
        'RS384',
        'RS512',
        'PS256',
        'PS384',
        'PS512',
        'EdDSA',
        'Ed25519',
      ]),
    )
    .min(1)
    .default(['ES256', 'RS256', 'PS256', 'EdDSA']),
  token_types: z.array(z.string().min(1)).min(1).default(['at+jwt', 'JWT']),
  max_token_age_s: z.int().min(60).max(3_600).default(3_600),
  clock_tolerance_s: z.int().min(0).max(30).default(5),
  /** Tenants this issuer may speak for; any when left out. */
  tenants: z.array(z.string().min(1)).min(1).optional(),
  claims: z
    .strictObject({
      tenant: z.string().default('tenant'),
      roles: z.string().default('roles'),
      groups: z.string().default('groups'),
      client: z.string().default('client_id'),
      purposes: z.string().default('purposes'),
      subject_regions: z.string().default('subject_regions'),
    })
    .prefault({}),
});

/** Where checkpoints of the audit are kept: somewhere the database's administrators cannot write. */
const sink = z.union(
  [
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ webhook: httpUrl, token_file: z.string().min(1).optional() }),
    z.strictObject({
      syslog: z.string().min(1).max(255),
      port: port.default(6514),
      tls: z.boolean().default(true),
    }),
  ],
  { error: 'must be {file: PATH}, {webhook: https://…, token_file: PATH} or {syslog: HOST, port, tls}' },
);

const entity = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, { error: 'must be an entity such as PERSON' });

const termsByEntity = z.record(entity, z.array(z.string().min(1).max(256)).max(10_000)).default({});

/** The configuration file, as written. Every key has its default here and nowhere else. */
export const configSchema = z.strictObject({
  environment: z.enum(['development', 'production']).default('development'),
  data_dir: z.string().min(1).default('.cordon'),
  /** Name of the deployment; every ciphertext and every leaf of the audit is bound to it, so it never changes. */
  origin: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,127}$/, { error: 'must be a host-name-like text' })
    .default('cordon'),
  server: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: port.default(8080),
      admin_host: z.string().min(1).default('127.0.0.1'),
      admin_port: port.default(8081),
      request_timeout_ms: durationMs.default(30_000),
      /** From the first byte of a call to the last of its answer, streams included. */
      call_timeout_ms: durationMs.default(600_000),
      /** How long open streams may run on after a stop was asked for. */
      drain_timeout_ms: durationMs.default(30_000),
      max_in_flight: z.int().min(1).max(100_000).default(4_096),
      /** Whether anybody may read /openapi.json and /docs; unless told, in development only. */
      docs: z.boolean().optional(),
      /** Bytes of request bodies that all open calls may hold together; a body needs some three times its size. */
      max_body_bytes_in_flight: z
        .int()
        .min(10 * 1024 * 1024)
        .default(256 * 1024 * 1024),
    })
    .prefault({}),
  database: z
    .strictObject({
      /** How long one append to the audit may take before the call is refused. */
      deadline_ms: durationMs.default(2_000),
    })
    .prefault({}),
  stored: z
    .strictObject({
      /** How long a response that a runner stored can be asked for, and its values put back. */
      retention_days: z.int().min(1).max(3_650).default(30),
    })
    .prefault({}),
  keys: keysSchema.prefault({}),
  retention,
  checkpoints: z
    .strictObject({
      /** Ed25519, PKCS #8 in PEM, mode 0600. */
      key_file: z.string().min(1).optional(),
      /** At most this long, and this many records, between two checkpoints while records are written. */
      every_ms: durationMs.default(1_000),
      every_records: z.int().min(1).max(1_000_000).default(1_024),
      sink_deadline_ms: durationMs.default(5_000),
      sinks: z.array(sink).max(16).default([]),
    })
    .prefault({}),
  exports: z
    .strictObject({
      /** Where finished exports lie; in the data directory when left out. Shared, when several machines serve. */
      directory: z.string().min(1).optional(),
      keep_days: z.int().min(1).max(365).default(7),
      /** Who signs their manifests: a key (PKCS #8 in PEM, RSA or EC P-256, mode 0600), its certificate and those above it. */
      signing: z
        .strictObject({ key_file: z.string().min(1), certificate_file: z.string().min(1) })
        .optional(),
    })
    .prefault({}),
  reveals: z
    .strictObject({
      /** The longest that parts of a call may be shown in clear after a second person agreed. */
      max_minutes: z.int().min(1).max(240).default(60),
    })
    .prefault({}),
  issuers: z.array(issuer).default([]),
  runners: z.array(runner).default([]),
  routes: z.array(route).max(1_000).default([]),
  /** What only the controller knows, for the record of processing activities (GDPR 30). */
  processing: z
    .strictObject({
      /** Name and contact details. */
      controller: z.string().min(1).max(1_000).optional(),
      representative: z.string().min(1).max(1_000).optional(),
      data_protection_officer: z.string().min(1).max(1_000).optional(),
      /** Such as customers, patients, staff. */
      categories_of_subjects: z.array(z.string().min(1).max(200)).max(64).default([]),
      /** How long records are kept, in words. */
      retention: z.string().min(1).max(1_000).optional(),
    })
    .prefault({}),
  policy: z
    .strictObject({
      file: z.string().min(1).optional(),
      /** `database`: versions with approvals, live in every process; the file is then what the first version is imported from. */
      source: z.enum(['file', 'database']).default('file'),
      poll_ms: z.int().min(100).max(60_000).default(1_000),
      /** A process that could not confirm its version for longer serves nothing. */
      staleness_ms: z.int().min(1_000).max(3_600_000).default(30_000),
    })
    .prefault({}),
  /** Where rates and budgets are counted; `memory` is this process's own, for development. */
  quota: z.strictObject({ store: z.enum(['postgres', 'memory']).default('postgres') }).prefault({}),
  /** The control plane. */
  admin: z.strictObject({ policy_file: z.string().min(1).optional() }).prefault({}),
  /** Where texts go that other gateways ask about: the policy's handling of a destination goes by it. */
  guardrail: z
    .strictObject({
      trust: z.enum(['internal', 'external']).default('external'),
      region: z.string().max(64).default('unknown'),
    })
    .prefault({}),
  detection: z
    .strictObject({
      /** A folder below models/, or a path to one. */
      model: z.string().min(1).default('cordon-fast'),
      /** SHA-256 of the model's MANIFEST.json: who can write to models/ still cannot exchange the model. */
      manifest_sha256: sha256.optional(),
      provider: z.enum(['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml']).default('auto'),
      require_gpu: z.boolean().default(false),
      threads: z.int().min(1).max(256).optional(),
      remote: remoteModel.optional(),
      /** What a model calls things, in our names; null ignores a type. */
      entity_map: z
        .record(
          z.string().min(1).max(64),
          z
            .string()
            .regex(/^[A-Z][A-Z0-9_]{0,63}$/, { error: 'must be a name like CUSTOMER_NAME, or null' })
            .nullable(),
        )
        .default({}),
      timeout_ms: durationMs.default(10_000),
      phone_regions: z
        .array(z.string().regex(/^[A-Z]{2}$/, { error: 'must be an ISO 3166 country code' }))
        .default(['US', 'GB', 'CN', 'DE', 'FR', 'ES', 'IT', 'NL', 'PT', 'BR', 'MX']),
      /** Entity → least score: lower finds more of it and errs more often. */
      thresholds: z.record(entity, z.number().min(0).max(1)).default({}),
      /** Recogniser files, relative to this one: custom patterns in Presidio's format or ours. */
      recognizers: z.array(z.string().min(1)).max(8).default([]),
      /** Entity → texts that are not personal data here, exactly as written: the company's own hotline. */
      allow: termsByEntity,
      /** Entity → terms that always are, as whole words in any case. They outdo thresholds, allow and every other find. */
      deny: termsByEntity,
    })
    .prefault({}),
  model_server: modelServer.prefault({}),
  inspect_output: z
    .strictObject({
      /** An answer without lines or sentences is read, and let go, in parts of this size. */
      window_chars: z.int().min(64).max(8_192).default(200),
    })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export type ConfigFile = z.output<typeof configSchema>;
