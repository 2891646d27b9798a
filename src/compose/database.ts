import path from 'node:path';
import { type Config } from '../config/load.ts';
import { type Secret } from '../domain/secret.ts';
import { attachEmbeddedPostgres } from '../store/embedded-attach.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../store/embedded.ts';
import { checkMigrations, migrate } from '../store/migrate.ts';
import { type Role } from '../store/session.ts';
import { type Log } from '../telemetry/log.ts';
import { packageDirectory } from './locations.ts';
import { unusable } from './unusable.ts';

export interface Database {
  /** A connection with this role's rights and no more. */
  url(role: Role): string;
  readonly description: string;
  close(): Promise<void>;
}

export const migrationsDirectory = (): string => path.join(packageDirectory(), 'migrations');

/**
 * The configured database, which must be at this build's version; with none configured, the embedded one, brought to
 * this build's version.
 */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  const { url } = config.database;
  if (url !== undefined) return openConfigured(url);
  const server = await startEmbeddedPostgres({
    directory: config.dataDirectory,
    log: ({ event }) => {
      log({ event: 'database', state: event });
    },
  });
  try {
    await migrate({
      url: server.url('superuser').reveal(),
      directory: migrationsDirectory(),
      allowBreaking: true,
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return fromEmbedded(server, config.dataDirectory);
}

/** For commands beside a running Cordon: uses its embedded server when one runs, and starts it otherwise. */
export async function openDatabaseBeside(config: Config): Promise<Database> {
  if (config.database.url !== undefined) return openConfigured(config.database.url);
  const running = await attachEmbeddedPostgres(config.dataDirectory);
  return running === undefined
    ? openDatabase(config, () => undefined)
    : fromEmbedded(running, config.dataDirectory);
}

async function openConfigured(url: Secret): Promise<Database> {
  for (const role of ['cordon_writer', 'cordon_reader'] as const) {
    try {
      await checkMigrations({ url: url.reveal(), directory: migrationsDirectory(), role });
    } catch (error) {
      throw unusable('DATABASE_URL: the database', error);
    }
  }
  return {
    url: () => url.reveal(),
    description: 'as configured by DATABASE_URL',
    close: () => Promise.resolve(),
  };
}

function fromEmbedded(server: Pick<EmbeddedPostgres, 'url' | 'stop'>, directory: string): Database {
  return {
    // Of the keeper nobody logs in: createPool takes the role, as the superuser may.
    url: (role) => server.url(role === 'cordon_keeper' ? 'superuser' : role).reveal(),
    description: `embedded PostgreSQL in ${directory}`,
    close: () => server.stop(),
  };
}
