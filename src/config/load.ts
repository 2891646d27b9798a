import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { type Secret } from '../domain/secret.ts';
import { type Environment, readPort, readSecret, readSecretFile, readVariable } from './environment.ts';
import {
  checkModelServer,
  type ModelServerConfig,
  readModelServer,
  readRemote,
  type RemoteConfig,
} from './inference.ts';
import { type KeysConfig, readKeys } from './keys.ts';
import { ConfigError, type ConfigProblem, toProblem } from './problem.ts';
import { checkRetention } from './retention.ts';
import { type ConfigFile, configSchema } from './schema.ts';

export interface RunnerConfig extends Omit<ConfigFile['runners'][number], 'api_key_env' | 'api_key_file'> {
  readonly apiKey: Secret | undefined;
}

export type SinkConfig =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly token: Secret | undefined }
  | { readonly kind: 'syslog'; readonly host: string; readonly port: number; readonly tls: boolean };

/** Everything Cordon was told, checked. `database.url` undefined means the embedded server. */
export interface Config extends Omit<
  ConfigFile,
  'runners' | 'database' | 'keys' | 'checkpoints' | 'detection' | 'model_server'
> {
  readonly detection: Omit<ConfigFile['detection'], 'remote'> & { readonly remote: RemoteConfig | undefined };
  readonly model_server: ModelServerConfig;
  readonly keys: KeysConfig;
  readonly runners: readonly RunnerConfig[];
  readonly checkpoints: Omit<ConfigFile['checkpoints'], 'sinks'> & { readonly sinks: readonly SinkConfig[] };
  readonly database: ConfigFile['database'] & { readonly url: Secret | undefined };
  /** Absolute. */
  readonly dataDirectory: string;
  /** What relative paths in the file are relative to; absolute. */
  readonly baseDirectory: string;
}

/**
 * Reads the YAML file named by `CORDON_CONFIG` (none is fine) and the environment over it.
 * Throws one ConfigError that lists every problem with its path and never a value.
 */
export function loadConfig(env: Environment = process.env, cwd: string = process.cwd()): Config {
  return load(env, cwd, checkWhole);
}

/** The same for `cordon serve-model`, which needs neither database nor issuers. */
export function loadModelServerConfig(env: Environment = process.env, cwd: string = process.cwd()): Config {
  return load(env, cwd, (config) => checkModelServer(config.model_server));
}

function load(env: Environment, cwd: string, check: (config: Config) => ConfigProblem[]): Config {
  const problems: ConfigProblem[] = [];
  const fileName = readVariable(env, 'CORDON_CONFIG');
  const baseDirectory = fileName === undefined ? cwd : path.dirname(path.resolve(cwd, fileName));
  const raw = fileName === undefined ? {} : readFile(path.resolve(cwd, fileName), problems);
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) throw new ConfigError([...problems, ...parsed.error.issues.map(toProblem)]);

  const file = applyEnvironment(parsed.data, env, problems);
  const sources = { env, baseDirectory, problems };
  const runners = [
    ...file.runners.map((runner, i) => readRunner(runner, i, env, baseDirectory, problems)),
    ...environmentRunner(env, problems),
  ];
  const url = readSecret(env, 'DATABASE_URL', problems);
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url.reveal())) {
    problems.push({ path: 'DATABASE_URL', message: 'must start with postgres:// or postgresql://' });
  }
  const config: Config = {
    ...file,
    runners,
    checkpoints: {
      ...file.checkpoints,
      sinks: file.checkpoints.sinks.map((sink, i) => readSink(sink, i, baseDirectory, problems)),
    },
    detection: { ...file.detection, remote: readRemote(file.detection.remote, sources) },
    model_server: readModelServer(file.model_server, sources),
    keys: readKeys(file.keys, sources),
    database: { ...file.database, url },
    dataDirectory: path.resolve(
      readVariable(env, 'CORDON_DATA_DIR') === undefined ? baseDirectory : cwd,
      file.data_dir,
    ),
    baseDirectory,
  };
  problems.push(...check(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readFile(fileName: string, problems: ConfigProblem[]): unknown {
  let text: string;
  try {
    text = readFileSync(fileName, 'utf8');
  } catch {
    problems.push({ path: 'CORDON_CONFIG', message: 'names a file that cannot be read' });
    return {};
  }
  const document = parseDocument(text, { prettyErrors: false });
  for (const error of document.errors) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    problems.push({ path: `line ${line}`, message: `is not valid YAML (${error.code})` });
  }
  if (document.errors.length > 0) return {};
  try {
    return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? {};
  } catch {
    // The library's message quotes the name of the alias.
    problems.push({ path: 'CORDON_CONFIG', message: 'has an alias without its anchor, or too many of them' });
    return {};
  }
}

function applyEnvironment(file: ConfigFile, env: Environment, problems: ConfigProblem[]): ConfigFile {
  const environment = readVariable(env, 'CORDON_ENVIRONMENT');
  if (environment !== undefined && environment !== 'development' && environment !== 'production') {
    problems.push({ path: 'CORDON_ENVIRONMENT', message: 'must be one of: development, production' });
  }
  return {
    ...file,
    environment:
      environment === 'production' || environment === 'development' ? environment : file.environment,
    data_dir: readVariable(env, 'CORDON_DATA_DIR') ?? file.data_dir,
    server: {
      ...file.server,
      host: readVariable(env, 'CORDON_HOST') ?? file.server.host,
      port: readPort(env, 'CORDON_PORT', problems) ?? file.server.port,
      admin_host: readVariable(env, 'CORDON_ADMIN_HOST') ?? file.server.admin_host,
      admin_port: readPort(env, 'CORDON_ADMIN_PORT', problems) ?? file.server.admin_port,
    },
    model_server: {
      ...file.model_server,
      host: readVariable(env, 'CORDON_MODEL_SERVER_HOST') ?? file.model_server.host,
      port: readPort(env, 'CORDON_MODEL_SERVER_PORT', problems) ?? file.model_server.port,
    },
  };
}

function readRunner(
  runner: ConfigFile['runners'][number],
  index: number,
  env: Environment,
  baseDirectory: string,
  problems: ConfigProblem[],
): RunnerConfig {
  const { api_key_env: keyVariable, api_key_file: keyFile, ...rest } = runner;
  const where = `runners[${index}]`;
  if (keyVariable !== undefined && keyFile !== undefined) {
    problems.push({ path: where, message: 'has two keys: keep either api_key_env or api_key_file' });
  }
  if (keyVariable !== undefined) {
    const apiKey = readSecret(env, keyVariable, problems);
    if (apiKey === undefined)
      problems.push({ path: `${where}.api_key_env`, message: 'names a variable that is not set' });
    return { ...rest, apiKey };
  }
  const apiKey =
    keyFile === undefined
      ? undefined
      : readSecretFile(path.resolve(baseDirectory, keyFile), `${where}.api_key_file`, problems);
  return { ...rest, apiKey };
}

function readSink(
  sink: ConfigFile['checkpoints']['sinks'][number],
  index: number,
  baseDirectory: string,
  problems: ConfigProblem[],
): SinkConfig {
  if ('file' in sink) return { kind: 'file', path: path.resolve(baseDirectory, sink.file) };
  if ('syslog' in sink) return { kind: 'syslog', host: sink.syslog, port: sink.port, tls: sink.tls };
  const where = `checkpoints.sinks[${index}].token_file`;
  const token =
    sink.token_file === undefined
      ? undefined
      : readSecretFile(path.resolve(baseDirectory, sink.token_file), where, problems);
  return { kind: 'webhook', url: sink.webhook, token };
}

/** `CORDON_RUNNER_URL` stands in for the demo runner; its key, when it needs one, is `CORDON_RUNNER_API_KEY`. */
function environmentRunner(env: Environment, problems: ConfigProblem[]): RunnerConfig[] {
  const url = readVariable(env, 'CORDON_RUNNER_URL');
  if (url === undefined) return [];
  const parsed = configSchema.shape.runners.safeParse([
    { id: 'default', base_url: url, speaks: ['openai', 'anthropic'] },
  ]);
  if (!parsed.success) {
    const [message] = parsed.error.issues.map((issue) => toProblem(issue).message);
    problems.push({ path: 'CORDON_RUNNER_URL', message: message ?? 'is not usable' });
    return [];
  }
  return parsed.data.map((runner) => ({
    ...runner,
    apiKey: readSecret(env, 'CORDON_RUNNER_API_KEY', problems),
  }));
}

/** What no single key shows. Production refuses every part that exists for trying things out. */
function checkWhole(config: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [...checkRetention(config.retention)];
  const ids = config.runners.map((runner) => runner.id);
  if (new Set(ids).size !== ids.length) problems.push({ path: 'runners', message: 'must have distinct ids' });
  // Policies name by it where texts of other gateways go; a runner of that name would be granted along with them.
  const reserved = ids.indexOf('guardrail');
  if (reserved >= 0) problems.push({ path: `runners[${reserved}].id`, message: 'must not be guardrail' });
  for (const [i, issuer] of config.issuers.entries()) {
    if ((issuer.jwks_url === undefined) === (issuer.jwks_file === undefined)) {
      problems.push({ path: `issuers[${i}]`, message: 'needs exactly one of jwks_url and jwks_file' });
    }
  }
  for (const [i, { runners: targets }] of config.routes.entries()) {
    const seen = new Set<string>();
    for (const [j, { id }] of targets.entries()) {
      const path = `routes[${i}].runners[${j}].id`;
      if (!ids.includes(id)) problems.push({ path, message: 'names no runner' });
      if (seen.has(id)) problems.push({ path, message: 'names a runner for the second time' });
      seen.add(id);
    }
  }
  if (config.environment !== 'production') return problems;

  const need = (met: boolean, path: string, message: string): void => {
    if (!met) problems.push({ path, message: `${message} (environment: production)` });
  };
  need(
    config.database.url !== undefined,
    'DATABASE_URL',
    'must be set: the embedded database is for development',
  );
  need(
    config.issuers.length > 0,
    'issuers',
    'must name at least one: the development issuer is for development',
  );
  need(config.runners.length > 0, 'runners', 'must name at least one: the demo runner is for development');
  need(
    config.keys.provider !== 'file' || config.keys.keyringFile !== undefined,
    'keys.keyring_file',
    'must be set: generated keys are for development',
  );
  need(
    config.checkpoints.key_file !== undefined,
    'checkpoints.key_file',
    'must be set: a generated key is for development',
  );
  need(
    config.checkpoints.sinks.length > 0,
    'checkpoints.sinks',
    'must name at least one: without a copy elsewhere, whoever runs the database can rewrite the audit',
  );
  need(
    config.quota.store === 'postgres',
    'quota.store',
    'must be postgres: counts of one process alone are for development',
  );
  need(
    config.policy.file !== undefined || config.policy.source === 'database',
    'policy.file',
    'must be set: the built-in policy is for development',
  );
  return problems;
}
