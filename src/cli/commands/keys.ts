import { Command } from 'commander';
import { createKeyringFile } from '../../crypto/keyring-file.ts';
import { print } from '../output.ts';

export function keysCommand(): Command {
  const command = new Command('keys').description('key-encryption keys');
  command
    .command('create')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .description('create a keyring file (mode 0600)')
    .action(async (file: string) => {
      await createKeyringFile(file);
      print(`Created ${file}. Back it up apart from the database: without it nobody reads the payloads.`);
    });
  return command;
}
