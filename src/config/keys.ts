import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Secret } from '../domain/secret.ts';
import { readSecret, readSecretFile } from './environment.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { readText, type Sources } from './sources.ts';
import { baseUrl, durationMs, environmentName } from './values.ts';

const name = z.string().regex(/^\w[\w.-]{0,99}$/, { error: 'must be letters, digits, . _ - (at most 100)' });

export const keysSchema = z.strictObject({
  /** Who holds the key encryption keys. */
  provider: z.enum(['file', 'pkcs12', 'vault']).default('file'),
  /** `file`, `pkcs12`: the keyring; with `pkcs12` sealed by that key pair. */
  keyring_file: z.string().min(1).optional(),
  /** How old a key encryption key may become. Erased data is beyond recovery from backups once it is destroyed. */
  rotation_days: z.int().min(1).max(3_650).default(30),
  pkcs12: z
    .strictObject({
      /** The .p12 file with the key pair. */
      file: z.string().min(1),
      password_env: environmentName.optional(),
      password_file: z.string().min(1).optional(),
    })
    .optional(),
  vault: z
    .strictObject({
      address: baseUrl,
      /** Where the transit engine is mounted. */
      mount: z
        .string()
        .regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, { error: 'must be a path such as transit' })
        .default('transit'),
      /** Its key that wraps (aes256-gcm96). */
      key: name.default('cordon'),
      /** Its key that pseudonyms are made with. */
      index_key: name.default('cordon-index'),
      namespace: z
        .string()
        .regex(/^[\w./-]{1,200}$/, { error: 'must be the path of a namespace' })
        .optional(),
      token_env: environmentName.optional(),
      /** Read anew for each request, as agents renew it. */
      token_file: z.string().min(1).optional(),
      /** Certificates (PEM) that vouch for the server; the system's when left out. */
      ca_file: z.string().min(1).optional(),
      timeout_ms: durationMs.default(1_500),
    })
    .optional(),
});

type KeysFile = z.output<typeof keysSchema>;

export interface VaultConfig extends Omit<
  NonNullable<KeysFile['vault']>,
  'token_env' | 'token_file' | 'ca_file'
> {
  /** Absolute path of the file, or the token itself. */
  readonly token: { readonly file: string } | { readonly secret: Secret };
  /** PEM. */
  readonly ca: string | undefined;
}

export type KeysConfig = { readonly rotation_days: number } & (
  | {
      readonly provider: 'file';
      /** Absolute; undefined for the one in the data directory. */
      readonly keyringFile: string | undefined;
    }
  | {
      readonly provider: 'pkcs12';
      readonly keyringFile: string;
      readonly file: string;
      readonly password: Secret;
    }
  | { readonly provider: 'vault'; readonly vault: VaultConfig }
);

export function readKeys(keys: KeysFile, sources: Sources): KeysConfig {
  const { provider, rotation_days, keyring_file: file } = keys;
  const { problems } = sources;
  for (const other of ['pkcs12', 'vault'] as const) {
    if (other !== provider && keys[other] !== undefined)
      problems.push({ path: `keys.${other}`, message: `is for provider: ${other}` });
  }
  const keyringFile = file === undefined ? undefined : path.resolve(sources.baseDirectory, file);
  const whenWrong: KeysConfig = { rotation_days, provider: 'file', keyringFile };
  if (provider === 'file') return whenWrong;
  if (provider === 'pkcs12') return readPkcs12Keys(keys, keyringFile, sources) ?? whenWrong;
  if (file !== undefined) problems.push({ path: 'keys.keyring_file', message: 'is not for provider: vault' });
  const vault = readVault(keys.vault, sources);
  return vault === undefined ? whenWrong : { rotation_days, provider, vault };
}

function readPkcs12Keys(
  { pkcs12, rotation_days }: KeysFile,
  keyringFile: string | undefined,
  sources: Sources,
): KeysConfig | undefined {
  const { problems, baseDirectory, env } = sources;
  if (keyringFile === undefined)
    problems.push({ path: 'keys.keyring_file', message: 'must name the sealed keyring (provider: pkcs12)' });
  if (pkcs12 === undefined) {
    problems.push({ path: 'keys.pkcs12', message: 'must be set (provider: pkcs12)' });
    return undefined;
  }
  const { password_env: variable, password_file: passwordFile } = pkcs12;
  if ((variable === undefined) === (passwordFile === undefined)) {
    problems.push({ path: 'keys.pkcs12', message: 'needs exactly one of password_env and password_file' });
    return undefined;
  }
  const password =
    passwordFile === undefined
      ? readSecret(env, variable ?? '', problems)
      : readSecretFile(path.resolve(baseDirectory, passwordFile), 'keys.pkcs12.password_file', problems);
  if (password === undefined && variable !== undefined)
    problems.push({ path: 'keys.pkcs12.password_env', message: 'names a variable that is not set' });
  const file = path.resolve(baseDirectory, pkcs12.file);
  checkReadable(file, 'keys.pkcs12.file', sources);
  if (password === undefined || keyringFile === undefined) return undefined;
  return { rotation_days, provider: 'pkcs12', keyringFile, file, password };
}

function readVault(vault: KeysFile['vault'], sources: Sources): VaultConfig | undefined {
  const { problems, baseDirectory, env } = sources;
  if (vault === undefined) {
    problems.push({ path: 'keys.vault', message: 'must be set (provider: vault)' });
    return undefined;
  }
  const { token_env: variable, token_file: tokenFile, ca_file: caFile, ...rest } = vault;
  const ca = caFile === undefined ? undefined : readText(caFile, 'keys.vault.ca_file', sources);
  if (rest.key === rest.index_key)
    problems.push({ path: 'keys.vault.index_key', message: 'must be another key than keys.vault.key' });
  if ((variable === undefined) === (tokenFile === undefined)) {
    problems.push({ path: 'keys.vault', message: 'needs exactly one of token_env and token_file' });
    return undefined;
  }
  if (tokenFile !== undefined) {
    const file = path.resolve(baseDirectory, tokenFile);
    checkReadable(file, 'keys.vault.token_file', sources);
    return { ...rest, ca, token: { file } };
  }
  const secret = readSecret(env, variable ?? '', problems);
  if (secret !== undefined) return { ...rest, ca, token: { secret } };
  problems.push({ path: 'keys.vault.token_env', message: 'names a variable that is not set' });
  return undefined;
}

/** For commands that are given the file. Throws ConfigError when it cannot be read. */
export function readPasswordFile(file: string): Secret {
  const problems: ConfigProblem[] = [];
  const password = readSecretFile(file, '--password-file', problems);
  if (password === undefined) throw new ConfigError(problems);
  return password;
}

function checkReadable(file: string, where: string, { problems }: Sources): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    problems.push({ path: where, message: 'names a file that cannot be read' });
  }
}
