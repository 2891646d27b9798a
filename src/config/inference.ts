import path from 'node:path';
import { type Secret } from '../domain/secret.ts';
import { readSecret, readSecretFile } from './environment.ts';
import { type ConfigProblem } from './problem.ts';
import { type ConfigFile } from './schema.ts';
import { readText, type Sources } from './sources.ts';

type RemoteFile = NonNullable<ConfigFile['detection']['remote']>;
type ServerFile = ConfigFile['model_server'];

/** Where a model runs, when not in this process. */
export interface RemoteConfig extends Omit<RemoteFile, 'token_env' | 'token_file' | 'ca_file'> {
  readonly token: Secret | undefined;
  /** PEM. */
  readonly ca: string | undefined;
}

export interface ModelServerConfig extends Omit<
  ServerFile,
  'token_env' | 'token_file' | 'tls_cert_file' | 'tls_key_file'
> {
  readonly token: Secret | undefined;
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: Secret } | undefined;
}

const TOKEN_VARIABLE = 'CORDON_MODEL_SERVER_TOKEN';

export function readRemote(file: RemoteFile | undefined, sources: Sources): RemoteConfig | undefined {
  if (file === undefined) return undefined;
  const { token_env: tokenEnv, token_file: tokenFile, ca_file: caFile, ...rest } = file;
  const where = 'detection.remote';
  const ca = caFile === undefined ? undefined : readText(caFile, `${where}.ca_file`, sources);
  return { ...rest, ca, token: readToken(tokenEnv, tokenFile, where, sources) };
}

/** The token may also stand in `CORDON_MODEL_SERVER_TOKEN`, or in the file that `…_FILE` names. */
export function readModelServer(file: ServerFile, sources: Sources): ModelServerConfig {
  const { token_env: tokenEnv, token_file: tokenFile, ...others } = file;
  const { tls_cert_file: certFile, tls_key_file: keyFile, ...rest } = others;
  const { env, problems, baseDirectory } = sources;
  const where = 'model_server';
  const token =
    tokenEnv === undefined && tokenFile === undefined
      ? readSecret(env, TOKEN_VARIABLE, problems)
      : readToken(tokenEnv, tokenFile, where, sources);
  if (certFile === undefined && keyFile === undefined) return { ...rest, token, tls: undefined };
  if (certFile === undefined || keyFile === undefined) {
    problems.push({ path: where, message: 'needs both tls_cert_file and tls_key_file, or neither' });
    return { ...rest, token, tls: undefined };
  }
  const cert = readText(certFile, `${where}.tls_cert_file`, sources);
  const key = readSecretFile(path.resolve(baseDirectory, keyFile), `${where}.tls_key_file`, problems);
  return { ...rest, token, tls: cert === undefined || key === undefined ? undefined : { cert, key } };
}

/** On a network, callers are known by a token, and neither it nor what they send travels in clear. */
export function checkModelServer(server: ModelServerConfig): ConfigProblem[] {
  const { host, token, tls, tls_ends_before: tlsEndsBefore } = server;
  if (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)) return [];
  const problems: ConfigProblem[] = [];
  if (token === undefined) {
    problems.push({
      path: 'model_server',
      message: `needs a token (token_env, token_file or ${TOKEN_VARIABLE}) on an address that others reach`,
    });
  }
  if (tls === undefined && !tlsEndsBefore) {
    problems.push({
      path: 'model_server',
      message:
        'needs tls_cert_file and tls_key_file on an address that others reach, or tls_ends_before: true where something in front ends TLS',
    });
  }
  return problems;
}

function readToken(
  variable: string | undefined,
  file: string | undefined,
  where: string,
  { env, baseDirectory, problems }: Sources,
): Secret | undefined {
  if (variable !== undefined && file !== undefined) {
    problems.push({ path: where, message: 'has two tokens: keep either token_env or token_file' });
  }
  if (variable !== undefined) {
    const token = readSecret(env, variable, problems);
    if (token === undefined)
      problems.push({ path: `${where}.token_env`, message: 'names a variable that is not set' });
    return token;
  }
  if (file === undefined) return undefined;
  return readSecretFile(path.resolve(baseDirectory, file), `${where}.token_file`, problems);
}
