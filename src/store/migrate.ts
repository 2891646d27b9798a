import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flag, integer, text } from './columns.ts';
import { openSession, urlWithRole, type Role, type Row, type Session } from './session.ts';

export interface Migration {
  readonly version: number;
  /** File name: `000001_ledger.sql`. */
  readonly name: string;
  readonly sql: string;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
  /** Header line `-- breaking: true`: processes of the version before cannot work with the result. */
  readonly breaking: boolean;
}

const FILE_NAME = /^(\d{6})_[a-z0-9-]+\.sql$/;
const BREAKING = /^-- breaking: true$/m;
const MIGRATE_DEADLINE_MS = 30 * 60 * 1_000;
const CHECK_DEADLINE_MS = 10_000;
/** Any constant will do, as long as every version uses the same. */
const LOCK = 'select pg_advisory_lock(7214083551)';

const BOOTSTRAP = `
create schema if not exists cordon;
create table if not exists cordon.migrations (
  version integer primary key,
  name text not null,
  sha256 text not null,
  breaking boolean not null,
  applied_at timestamptz not null default now()
)`;

/** The numbered files of a directory, from 1 without a gap. Forward only: there are no down migrations. */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(FILE_NAME.exec(name)?.[1]);
      if (version !== index + 1) throw new Error(`${name} is not migration number ${index + 1}`);
      const bytes = await readFile(join(directory, name));
      const sql = bytes.toString('utf8');
      const [header = ''] = sql.split('\n\n', 1);
      return {
        version,
        name,
        sql,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        breaking: BREAKING.test(header),
      };
    }),
  );
}

/**
 * Brings the database to this build's version; returns the names of what it applied. Each file runs in its own
 * transaction, with its row inserted first, so that a file is applied once and wholly or not at all.
 * A breaking migration of a database already in use is applied only when the operator says so.
 */
export async function migrate(options: {
  readonly url: string;
  readonly directory: string;
  readonly allowBreaking?: boolean;
}): Promise<readonly string[]> {
  const migrations = await readMigrations(options.directory);
  const session = await openSession({
    url: options.url,
    applicationName: 'cordon migrate',
    deadlineMs: MIGRATE_DEADLINE_MS,
  });
  try {
    await session.query(LOCK);
    await session.query(BOOTSTRAP);
    const done = await applied(session);
    checkHistory(migrations, done);
    const pending = migrations.slice(done.length);
    const breaking = pending.find((migration) => migration.breaking);
    if (breaking !== undefined && done.length > 0 && options.allowBreaking !== true) {
      throw new Error(
        `${breaking.name} breaks running processes of the version before: stop them and allow it`,
      );
    }
    for (const migration of pending) await apply(session, migration);
    return pending.map((migration) => migration.name);
  } finally {
    session.destroy();
  }
}

/** Throws unless the database is exactly at this build's version, file for file. Changes nothing. */
export async function checkMigrations(options: {
  readonly url: string;
  readonly directory: string;
  readonly role: Role;
}): Promise<void> {
  const migrations = await readMigrations(options.directory);
  const session = await openSession({
    url: urlWithRole(options.url, options.role),
    applicationName: 'cordon',
    deadlineMs: CHECK_DEADLINE_MS,
  });
  try {
    const [found] = await session.query("select to_regclass('cordon.migrations') is not null as present");
    const done = found !== undefined && flag(found, 'present') ? await applied(session) : [];
    checkHistory(migrations, done);
    if (done.length < migrations.length) {
      throw new Error(
        `the database is at migration ${done.length}, this version needs ${migrations.length}: run cordon db migrate`,
      );
    }
  } finally {
    session.destroy();
  }
}

async function apply(session: Session, migration: Migration): Promise<void> {
  const { version, name, sha256, breaking } = migration;
  await session.query('begin');
  await session.query(
    'insert into cordon.migrations (version, name, sha256, breaking) values ($1, $2, $3, $4)',
    [version, name, sha256, breaking],
  );
  // The session is destroyed when this throws, which rolls everything back.
  await session.query(migration.sql);
  await session.query('commit');
}

async function applied(session: Session): Promise<readonly Row[]> {
  return session.query('select version, name, sha256 from cordon.migrations order by version');
}

function checkHistory(migrations: readonly Migration[], done: readonly Row[]): void {
  for (const [index, row] of done.entries()) {
    const migration = migrations[index];
    if (migration === undefined) {
      throw new Error(
        `the database has migration ${text(row, 'name')}, which this version does not know: it is newer than this version`,
      );
    }
    if (integer(row, 'version') !== migration.version || text(row, 'sha256') !== migration.sha256) {
      throw new Error(`${migration.name} is not the file that was applied to the database: restore it`);
    }
  }
}
