import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startTestCordon, temporaryDirectory, type TestCordon } from '../support/cordon.ts';
import { childrenOf, startProcess } from '../support/process.ts';
import {
  Callers,
  examine,
  type FaultOptions,
  type FaultReport,
  pause,
  randomOf,
  startSlowUpstream,
  until,
} from './scene.ts';

const STREAMS = 4;

/** kill -9 of the process mid-stream; each round is a start, calls and a kill. */
export async function killProcess({ rounds, seed, onProgress }: FaultOptions): Promise<FaultReport> {
  const random = randomOf(seed);
  const upstream = await startSlowUpstream();
  const dataDirectory = temporaryDirectory();
  const callers = new Callers();
  try {
    for (let round = 0; round < rounds; round++) {
      const cordon = await startProcess({
        CORDON_DATA_DIR: dataDirectory,
        CORDON_PORT: '0',
        CORDON_ADMIN_PORT: '0',
        CORDON_RUNNER_URL: upstream.url,
      });
      const token = /Bearer (\S+)'/.exec(cordon.output())?.[1] ?? '';
      const before = upstream.received.length;
      const calls = Array.from({ length: STREAMS }, () => callers.stream(cordon.url, token));
      // Somewhere between the first call's arrival at the runner and the end of the last stream.
      await until('a call reaches the runner', 60, () => upstream.received.length > before);
      await pause(random.next() * 200);
      await cordon.kill('SIGKILL');
      await Promise.all(calls);
      onProgress?.(round + 1);
    }
    const last = await startTestCordon({ dataDirectory, runnerUrl: upstream.url });
    try {
      return await examine(last.audit, upstream, callers);
    } finally {
      await last.dispose();
    }
  } finally {
    await upstream.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** kill -9 of the whole database server under load; the next strikes once calls are served again. */
export async function killPostgres(options: FaultOptions): Promise<FaultReport> {
  return strikeUnderLoad(options, (cordon) => {
    process.kill(postmasterOf(cordon), 'SIGKILL');
    return Promise.resolve();
  });
}

/** Every backend of the database stands still for longer than an append may take, then goes on. */
export async function stopBackends(options: FaultOptions): Promise<FaultReport> {
  return strikeUnderLoad(options, async (cordon) => {
    const backends = childrenOf(postmasterOf(cordon));
    for (const pid of backends) signal(pid, 'SIGSTOP');
    await pause(2_500);
    for (const pid of backends) signal(pid, 'SIGCONT');
  });
}

async function strikeUnderLoad(
  { rounds, seed, onProgress }: FaultOptions,
  strike: (cordon: TestCordon) => Promise<void>,
): Promise<FaultReport> {
  const random = randomOf(seed);
  const upstream = await startSlowUpstream();
  const callers = new Callers();
  const cordon = await startTestCordon({ runnerUrl: upstream.url });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  let running = true;
  const loops = Array.from({ length: STREAMS }, async () => {
    while (running) if (!(await callers.stream(cordon.url, token))) await pause(20);
  });
  try {
    for (let round = 0; round < rounds; round++) {
      await pause(300 + random.next() * 300);
      await strike(cordon);
      const before = callers.acknowledged.length;
      await until('calls are served again', 120, () => callers.acknowledged.length >= before + STREAMS);
      onProgress?.(round + 1);
    }
  } finally {
    running = false;
    await Promise.all(loops);
    await cordon.stop('test');
  }
  const last = await startTestCordon({ dataDirectory: cordon.dataDirectory, runnerUrl: upstream.url });
  try {
    return await examine(last.audit, upstream, callers);
  } finally {
    await last.dispose();
    await upstream.close();
  }
}

function postmasterOf({ dataDirectory }: TestCordon): number {
  const file = path.join(dataDirectory, 'postgres', 'postmaster.pid');
  return Number(readFileSync(file, 'utf8').split('\n')[0]);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}
