import { readFileSync } from 'node:fs';
import { Secret } from '../domain/secret.ts';
import { type Environment, readSecret, readVariable } from './environment.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';

/** Where a command finds the control plane, and as whom it speaks. */
export interface AdminClientConfig {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: Secret;
}

const DEFAULT_URL = 'http://127.0.0.1:8081';

/** `--admin-url` and `--token-file` over `CORDON_ADMIN_URL` and `CORDON_TOKEN` (or `CORDON_TOKEN_FILE`). */
export function loadAdminClient(
  options: { readonly adminUrl?: string; readonly tokenFile?: string },
  env: Environment = process.env,
): AdminClientConfig {
  const problems: ConfigProblem[] = [];
  const url = options.adminUrl ?? readVariable(env, 'CORDON_ADMIN_URL') ?? DEFAULT_URL;
  if (!isSafe(url)) {
    problems.push({
      path: 'CORDON_ADMIN_URL',
      message: 'must be an https:// URL (http:// is accepted on loopback only): a token travels there',
    });
  }
  const token =
    options.tokenFile === undefined
      ? readSecret(env, 'CORDON_TOKEN', problems)
      : readToken(options.tokenFile, problems);
  if (token === undefined && problems.length === 0) {
    problems.push({
      path: 'CORDON_TOKEN',
      message: 'is not set: give a token of yours (in development, `cordon dev token --role …` prints one)',
    });
  }
  if (token === undefined || problems.length > 0) throw new ConfigError(problems);
  return { url: url.replace(/\/+$/, ''), token };
}

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname))
  );
}

function readToken(file: string, problems: ConfigProblem[]): Secret | undefined {
  try {
    return new Secret(readFileSync(file, 'utf8').trim());
  } catch {
    problems.push({ path: '--token-file', message: 'names a file that cannot be read' });
    return undefined;
  }
}
