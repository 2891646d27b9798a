import { join } from 'node:path';
import { Secret } from '../domain/secret.ts';
import { isPostgres, readPostmaster, readState } from './embedded-files.ts';
import { type EmbeddedPostgres } from './embedded.ts';

/**
 * The embedded server of this data directory, when one runs: for a command beside a running Cordon. It belongs to
 * whoever started it, so `stop` leaves it alone.
 */
export async function attachEmbeddedPostgres(
  directory: string,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'> | undefined> {
  const state = await readState(join(directory, 'postgres.json'));
  const found = await readPostmaster(join(directory, 'postgres', 'postmaster.pid'));
  if (state === undefined || found === undefined || !(await isPostgres(found.pid))) return undefined;
  return {
    url(role, database = 'cordon'): Secret {
      const user = role === 'superuser' ? 'postgres' : role;
      return new Secret(
        `postgres://${user}:${state.passwords[user]}@127.0.0.1:${found.port || state.port}/${database}`,
      );
    },
    stop: () => Promise.resolve(),
  };
}
