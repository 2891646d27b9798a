import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startTestCordon, temporaryDirectory } from '../support/cordon.ts';
import { startProcess } from '../support/process.ts';
import {
  Callers,
  examine,
  type FaultOptions,
  type FaultReport,
  pause,
  randomOf,
  startSlowUpstream,
} from './scene.ts';

const HOUR_MS = 3_600_000;

/** Loaded before Cordon: its clock is the machine's plus what a file says, read again every few milliseconds. */
const SHIFTED_CLOCK = `
import { readFileSync } from 'node:fs';
const RealDate = Date;
const real = Date.now.bind(Date);
let offset = 0;
const read = () => { try { offset = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0; } catch {} };
read();
setInterval(read, 10).unref();
globalThis.Date = class extends RealDate {
  constructor(...given) { if (given.length === 0) super(real() + offset); else super(...given); }
  static now() { return real() + offset; }
};
`;

/** The clock jumps an hour forward or back while calls run, and the process is killed and started again in between. */
export async function jumpClock({ rounds, seed, onProgress }: FaultOptions): Promise<FaultReport> {
  const random = randomOf(seed);
  const upstream = await startSlowUpstream();
  const dataDirectory = temporaryDirectory();
  const clockFile = path.join(dataDirectory, 'clock');
  const preload = path.join(dataDirectory, 'clock.mjs');
  writeFileSync(preload, SHIFTED_CLOCK);
  const setClock = (hours: number): void => {
    writeFileSync(clockFile, String(hours * HOUR_MS));
  };
  const callers = new Callers();
  try {
    for (let round = 0; round < rounds; round++) {
      setClock(random.pick([-1, 0, 1]));
      const cordon = await startProcess({
        CORDON_DATA_DIR: dataDirectory,
        CORDON_PORT: '0',
        CORDON_ADMIN_PORT: '0',
        CORDON_RUNNER_URL: upstream.url,
        CLOCK_FILE: clockFile,
        NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
      });
      const token = /Bearer (\S+)'/.exec(cordon.output())?.[1] ?? '';
      const calls = [callers.stream(cordon.url, token), callers.stream(cordon.url, token)];
      await pause(30);
      // A token is good for an hour: behind this jump its holder may be refused, and the record must hold all the same.
      setClock(random.pick([-1, 0, 1]));
      await pause(30);
      calls.push(callers.stream(cordon.url, token), callers.stream(cordon.url, token));
      await Promise.all(calls);
      await cordon.kill(random.pick(['SIGKILL', 'SIGTERM']));
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
