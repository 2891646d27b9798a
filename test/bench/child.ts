import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

export interface Started {
  readonly url: string;
  readonly token?: string;
}

/** Runs a server in a process of its own and resolves with what it says about itself. */
export async function startChild(
  script: string,
  args: readonly string[] = [],
): Promise<{ readonly started: Started; stop(): Promise<void> }> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, script), [...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const started = await new Promise<Started>((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as Started);
    });
    child.once('exit', (code) => {
      reject(new Error(`${script} ${args.join(' ')} ended with ${String(code)}`));
    });
  });
  return {
    started,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}
