import { randomBytes } from 'node:crypto';
import { link, open, readFile, readlink, rename, unlink } from 'node:fs/promises';

/** What a start must find again: where the server listens, and the passwords nobody ever typed. */
export interface EmbeddedState {
  readonly port: number;
  readonly passwords: Readonly<Record<'postgres' | 'cordon_writer' | 'cordon_reader', string>>;
}

export async function readState(path: string): Promise<EmbeddedState | undefined> {
  const content = await readOptional(path);
  if (content === undefined) return undefined;
  const value: unknown = JSON.parse(content);
  if (!isState(value)) throw new Error(`${path} is not a state file of the embedded PostgreSQL`);
  return value;
}

export async function writeState(path: string, state: EmbeddedState): Promise<void> {
  await writePrivate(`${path}.new`, `${JSON.stringify(state)}\n`);
  await rename(`${path}.new`, path);
}

export function createState(port: number): EmbeddedState {
  const password = () => randomBytes(24).toString('base64url');
  return {
    port,
    passwords: { postgres: password(), cordon_writer: password(), cordon_reader: password() },
  };
}

/** Mode 0600, on the disk when it resolves. */
export async function writePrivate(path: string, content: string): Promise<void> {
  await unlink(path).catch(() => undefined);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isState(value: unknown): value is EmbeddedState {
  if (typeof value !== 'object' || value === null) return false;
  if (!('port' in value) || !('passwords' in value)) return false;
  const { port, passwords } = value;
  if (typeof port !== 'number' || typeof passwords !== 'object' || passwords === null) return false;
  const names = new Map(Object.entries(passwords));
  return ['postgres', 'cordon_writer', 'cordon_reader'].every((name) => typeof names.get(name) === 'string');
}

/** Process id and port from a server's postmaster.pid (lines 1 and 4). */
export async function readPostmaster(path: string): Promise<{ pid: number; port: number } | undefined> {
  const [pid, , , port] = ((await readOptional(path)) ?? '').split('\n').map(Number);
  return pid !== undefined && pid > 0 ? { pid, port: port ?? 0 } : undefined;
}

/** Whether the process exists; one of another user's counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether the process is a PostgreSQL server. After a crash of the machine its number may belong to anything; where
 * there is no /proc to ask, a living process is taken for a server, and PostgreSQL's own checks decide.
 */
export async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  return program === undefined || /\/postgres( \(deleted\))?$/.test(program);
}

/**
 * One Cordon per data directory: creates `path` naming this process, and throws when a living process holds it.
 * Returns what releases it. A lock left by a dead process, or by one whose number was given away since, is taken over.
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const own = `${process.pid} ${await startTime(process.pid)}`;
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writePrivate(aside, own);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const taken = await link(aside, path).then(
        () => true,
        () => false,
      );
      if (taken) return () => unlink(path).catch(() => undefined);
      const [pid = 0, started] = ((await readOptional(path)) ?? '').split(' ').map(Number);
      const since = await startTime(pid);
      if (pid > 0 && isAlive(pid) && (since === 0 || since === started)) {
        throw new Error(
          `another Cordon (process ${pid}) uses this data directory: stop it, choose another directory, or set DATABASE_URL to share one database`,
        );
      }
      await unlink(path).catch(() => undefined);
    }
    throw new Error(`the lock ${path} could not be taken`);
  } finally {
    await unlink(aside);
  }
}

/** Clock ticks after boot at which the process started (proc(5), field 22), so that a reused number is told apart; 0: unknown. */
async function startTime(pid: number): Promise<number> {
  const stat = (await readOptional(`/proc/${pid}/stat`)) ?? '';
  // The program's name, in parentheses, may hold spaces.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
