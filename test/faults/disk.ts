import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { postChat, startTestCordon, userMessage } from '../support/cordon.ts';
import {
  Callers,
  examine,
  type FaultOptions,
  type FaultReport,
  pause,
  startSlowUpstream,
  until,
} from './scene.ts';

const DISK_MB = 192;

/** Whether this machine lets us mount a small file system; without, the scenario cannot be run. */
export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/**
 * The database's disk runs full under load, again and again: calls are refused and nothing is forwarded while it is, and
 * served again once there is room.
 */
export async function fillDisk({ rounds, onProgress }: FaultOptions): Promise<FaultReport> {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-test-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=711`, 'cordon-test', directory]);
  const upstream = await startSlowUpstream();
  const callers = new Callers();
  try {
    const cordon = await startTestCordon({
      dataDirectory: path.join(directory, 'data'),
      runnerUrl: upstream.url,
    });
    try {
      const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
      await callers.stream(cordon.url, token);
      for (let round = 0; round < rounds; round++) {
        const ballast = path.join(directory, 'ballast');
        fill(ballast);
        // Records go where there is room left in files that are there already; then there is none.
        const long = 'lorem ipsum '.repeat(20_000);
        await until('calls are refused', 120, async () => {
          const response = await postChat(cordon, token, userMessage(`${long}${Math.random()}`));
          await response.text();
          return response.status === 503;
        });
        const before = upstream.received.length;
        for (let i = 0; i < 5; i++) await callers.stream(cordon.url, token);
        const forwarded = upstream.received.length - before;
        if (forwarded > callers.acknowledged.length) throw new Error('forwarded with a full disk');
        rmSync(ballast);
        await until('calls are served again', 120, async () => {
          if (await callers.stream(cordon.url, token)) return true;
          await pause(100);
          return false;
        });
        onProgress?.(round + 1);
      }
      return await examine(cordon.audit, upstream, callers);
    } finally {
      await cordon.dispose();
    }
  } finally {
    await upstream.close();
    execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
  }
}

function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (const size of [1 << 20, 4096]) {
    const zeros = Buffer.alloc(size);
    try {
      for (;;) writeSync(handle, zeros);
    } catch {
      // Full, to within this size.
    }
  }
  closeSync(handle);
}
