import { Command } from 'commander';
import { migrationsDirectory } from '../../compose/database.ts';
import { loadConfig } from '../../config/load.ts';
import { migrate } from '../../store/migrate.ts';
import { print, UsageError } from '../output.ts';

export function databaseCommand(): Command {
  const command = new Command('db').description('prepare the database');
  command
    .command('migrate')
    .description('bring the database of DATABASE_URL to the version of this build')
    .option('--allow-breaking', 'apply migrations that processes of the version before cannot work with')
    .action(async ({ allowBreaking = false }: { readonly allowBreaking?: boolean }) => {
      const { url } = loadConfig().database;
      if (url === undefined)
        throw new UsageError('Set DATABASE_URL; the embedded database is migrated whenever Cordon starts.');
      const applied = await migrate({ url: url.reveal(), directory: migrationsDirectory(), allowBreaking });
      print(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    });
  return command;
}
