import { readFileSync } from 'node:fs';
import { Secret } from '../domain/secret.ts';
import { type ConfigProblem } from './problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A non-empty variable. */
export function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A secret from `NAME`, or from the file that `NAME_FILE` points to (a trailing newline is dropped). */
export function readSecret(env: Environment, name: string, problems: ConfigProblem[]): Secret | undefined {
  const direct = readVariable(env, name);
  const file = readVariable(env, `${name}_FILE`);
  if (direct !== undefined && file !== undefined) {
    problems.push({ path: name, message: `is set twice: keep either ${name} or ${name}_FILE` });
    return undefined;
  }
  if (direct !== undefined) return new Secret(direct);
  return file === undefined ? undefined : readSecretFile(file, `${name}_FILE`, problems);
}

export function readSecretFile(file: string, path: string, problems: ConfigProblem[]): Secret | undefined {
  try {
    const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (value !== '') return new Secret(value);
    problems.push({ path, message: 'names an empty file' });
  } catch {
    problems.push({ path, message: 'names a file that cannot be read' });
  }
  return undefined;
}

/** A port number from a variable; 0 asks the system for a free one. */
export function readPort(env: Environment, name: string, problems: ConfigProblem[]): number | undefined {
  const value = readVariable(env, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number;
  problems.push({ path: name, message: 'must be a port number from 0 to 65535' });
  return undefined;
}
