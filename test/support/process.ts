import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface CordonProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  readonly output: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** `npm start`'s own process, without npm. Resolves once it says that it is ready. */
export async function startProcess(env: Readonly<Record<string, string>>): Promise<CordonProcess> {
  const child = spawn(process.execPath, [path.resolve('build/src/main.js')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /data plane\s+(http:\/\/\S+)\/v1/.exec(output)?.[1];
      if (found !== undefined && output.includes('Stop: Ctrl-C')) resolve(found);
      // In production it says so in the log only.
      const logged = /"event":"started","url":"([^"]+)".*"environment":"production"/.exec(output)?.[1];
      if (logged !== undefined) resolve(logged);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      reject(new Error(`Cordon ended with ${String(code)} before it was ready:\n${output}`));
    });
  });
  return {
    url,
    child,
    output: () => output,
    kill: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve();
          return;
        }
        child.once('exit', () => {
          resolve();
        });
        child.kill(signal);
      }),
  };
}

/** Runs `cordon …` to its end. */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [path.resolve('bin/cordon.js'), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** Process ids of the children of a process; none where it is gone (Linux). */
export function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number);
}
