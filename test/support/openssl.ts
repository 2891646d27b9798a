import { spawnSync } from 'node:child_process';
import type { ExecutionContext } from 'ava';

/** Runs OpenSSL; undefined, and said so, on a machine that has none (or one before 3.0). */
export function openssl(
  t: Pick<ExecutionContext, 'log'>,
  ...args: readonly string[]
): { readonly status: number | null; readonly output: Buffer } | undefined {
  const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (version.status !== 0 || !/^OpenSSL [3-9]/.test(version.stdout)) {
    t.log('openssl 3 is not here: its part of this test did not run');
    return undefined;
  }
  const { status, stdout } = spawnSync('openssl', [...args], { maxBuffer: 512 * 1024 * 1024 });
  return { status, output: stdout };
}
