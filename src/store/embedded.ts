import { type ChildProcess } from 'node:child_process';
import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../domain/secret.ts';
import { chooseAccount, type Account } from './embedded-account.ts';
import {
  ensureDatabase,
  findBinaries,
  freePort,
  initCluster,
  spawnPostgres,
  type Binaries,
} from './embedded-cluster.ts';
import {
  createState,
  isAlive,
  isPostgres,
  lockDirectory,
  readPostmaster,
  readState,
  writeState,
  type EmbeddedState,
} from './embedded-files.ts';
import { text } from './columns.ts';
import { openSession, type ServingRole } from './session.ts';

export type EmbeddedEvent =
  | { readonly event: 'postgres_initialised' }
  | { readonly event: 'postgres_started'; readonly pid: number; readonly port: number }
  | { readonly event: 'postgres_adopted'; readonly pid: number; readonly port: number }
  | { readonly event: 'postgres_died'; readonly pid: number }
  | { readonly event: 'postgres_restart_failed'; readonly retryMs: number }
  | { readonly event: 'postgres_stopped' };

export interface EmbeddedOptions {
  /** Created when missing; holds the cluster, its log, its state file (0600) and a lock. */
  readonly directory: string;
  readonly log: (event: EmbeddedEvent) => void;
}

export interface EmbeddedPostgres {
  /** Stays valid across restarts of the server. `superuser` is for migrations only. */
  url(role: 'superuser' | ServingRole, database?: string): Secret;
  readonly pid: number;
  /** Fast shutdown; escalates when the server does not end. Ends the supervision first. */
  stop(): Promise<void>;
}

const DATABASE = 'cordon';
const POLL_MS = 25;
const WATCH_MS = 250;
/** Recovery after a crash replays the log; a server that is alive and recovering is given its time. */
const START_DEADLINE_MS = 5 * 60_000;
const PORT_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const;

/**
 * PostgreSQL as a part of Cordon, from the binaries of an npm package: initialises on the first start, reuses the
 * data afterwards, adopts a server that outlived our own kill -9, and restarts one that dies until `stop` is called.
 * One process owns a data directory; a second gets an error that says so.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(process.platform, process.arch);
  // Open for passing through only: started by root, the server runs as somebody else.
  await mkdir(options.directory, { recursive: true, mode: 0o711 });
  const directory = await realpath(options.directory);
  const release = await lockDirectory(join(directory, 'postgres.lock'));
  try {
    const account = await chooseAccount([join(directory, 'postgres'), binaries.postgres]);
    const server = new EmbeddedServer({ directory, binaries, account, log: options.log, release });
    await server.start();
    return server;
  } catch (error) {
    await release();
    throw error;
  }
}

interface ServerParts {
  readonly directory: string;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly log: (event: EmbeddedEvent) => void;
  readonly release: () => Promise<void>;
}

class EmbeddedServer implements EmbeddedPostgres {
  readonly #parts: ServerParts;
  readonly #data: string;
  readonly #statePath: string;
  #state: EmbeddedState = createState(0);
  #pid = 0;
  readonly #stop = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#data = join(parts.directory, 'postgres');
    this.#statePath = join(parts.directory, 'postgres.json');
  }

  get pid(): number {
    return this.#pid;
  }

  url(role: 'superuser' | ServingRole, database = DATABASE): Secret {
    const user = role === 'superuser' ? 'postgres' : role;
    const { port, passwords } = this.#state;
    return new Secret(`postgres://${user}:${passwords[user]}@127.0.0.1:${port}/${database}`);
  }

  async start(): Promise<void> {
    await this.#initialise();
    if (!(await this.#adopt())) await this.#launchOnFreePort();
    try {
      await ensureDatabase(this.url('superuser', 'postgres').reveal(), DATABASE, this.#state);
    } catch (error) {
      await this.#end();
      throw error;
    }
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    await this.#stopped;
  }

  async #shutDown(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await this.#end();
    await this.#parts.release();
    this.#parts.log({ event: 'postgres_stopped' });
  }

  async #initialise(): Promise<void> {
    const state = await readState(this.#statePath);
    const initialised = await stat(this.#data).then(
      () => true,
      () => false,
    );
    if (initialised && state === undefined) {
      throw new Error(
        `${this.#statePath} is missing: without its passwords the database beside it cannot be used`,
      );
    }
    this.#state = state ?? createState(await freePort());
    if (state === undefined) await writeState(this.#statePath, this.#state);
    if (initialised) return;
    await initCluster({ ...this.#place(), password: this.#state.passwords.postgres });
    this.#parts.log({ event: 'postgres_initialised' });
  }

  /** A server left running by a kill -9 of our process is as good as a new one, when it takes our password. */
  async #adopt(): Promise<boolean> {
    const pidFile = join(this.#data, 'postmaster.pid');
    const found = await readPostmaster(pidFile);
    if (found === undefined) return false;
    if (!(await isPostgres(found.pid))) {
      // PostgreSQL would refuse to start while the number in its pid file belongs to anything alive.
      await rm(pidFile, { force: true });
      return false;
    }
    if (found.port > 0 && found.port !== this.#state.port) await this.#usePort(found.port);
    await this.#answering(() => isAlive(found.pid));
    if (!isAlive(found.pid)) return false;
    this.#pid = found.pid;
    this.#parts.log({ event: 'postgres_adopted', pid: found.pid, port: this.#state.port });
    return true;
  }

  async #launchOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#launch();
        return;
      } catch (error) {
        if (attempt === PORT_ATTEMPTS) throw error;
        // Most likely another program has the port by now.
        await this.#usePort(await freePort());
      }
    }
  }

  async #launch(): Promise<void> {
    const child = await spawnPostgres({ ...this.#place(), port: this.#state.port });
    const { pid } = child;
    if (pid === undefined) throw new Error('PostgreSQL has no process id');
    this.#pid = pid;
    if (!(await this.#answering(() => isRunning(child)))) {
      throw new Error(`PostgreSQL ended while starting; see ${this.#place().logPath}`);
    }
    this.#parts.log({ event: 'postgres_started', pid, port: this.#state.port });
  }

  /** Waits until the server takes our password; false when `alive` says that it is gone. */
  async #answering(alive: () => boolean): Promise<boolean> {
    const giveUpAt = Date.now() + START_DEADLINE_MS;
    while (alive()) {
      if (await this.#isOurs()) return true;
      if (Date.now() > giveUpAt) throw new Error(`PostgreSQL does not answer; see ${this.#place().logPath}`);
      await sleep(POLL_MS);
    }
    return false;
  }

  async #isOurs(): Promise<boolean> {
    try {
      const url = this.url('superuser', 'postgres').reveal();
      const session = await openSession({ url, applicationName: 'cordon', deadlineMs: 2_000 });
      try {
        const [row] = await session.query("select current_setting('data_directory') as directory");
        return row !== undefined && text(row, 'directory') === this.#data;
      } finally {
        session.destroy();
      }
    } catch {
      return false;
    }
  }

  /** Polling serves both a child of ours and an adopted server, and costs nothing that shows. */
  async #watch(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#hasEnded()) {
      await this.#pause(WATCH_MS);
      if (this.#hasEnded() || isAlive(this.#pid)) continue;
      this.#parts.log({ event: 'postgres_died', pid: this.#pid });
      while (!this.#hasEnded()) {
        try {
          await this.#launch();
          pauseMs = FIRST_PAUSE_MS;
          break;
        } catch {
          this.#parts.log({ event: 'postgres_restart_failed', retryMs: pauseMs });
          await this.#pause(pauseMs);
          pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        }
      }
    }
  }

  /** Keeps no process alive, and ends early when `stop` is called. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#stop.signal }).catch(() => undefined);
  }

  #hasEnded(): boolean {
    return this.#stop.signal.aborted;
  }

  async #end(): Promise<void> {
    for (const { signal, waitMs } of STOP_STEPS) {
      // The number may be another process's by now, so ask what it is before a signal goes out.
      if (!(await isPostgres(this.#pid))) return;
      process.kill(this.#pid, signal);
      const until = Date.now() + waitMs;
      while (isAlive(this.#pid) && Date.now() < until) await sleep(POLL_MS);
    }
  }

  async #usePort(port: number): Promise<void> {
    this.#state = { ...this.#state, port };
    await writeState(this.#statePath, this.#state);
  }

  #place() {
    const { binaries, account, directory } = this.#parts;
    return { binaries, account, dataDirectory: this.#data, logPath: join(directory, 'postgres.log') };
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
