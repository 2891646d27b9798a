import { Command } from 'commander';
import { openCheckpointKey } from '../../compose/checkpoints.ts';
import { loadConfig } from '../../config/load.ts';
import { createKeyringFile } from '../../crypto/keyring-file.ts';
import { formatVerifier } from '../../crypto/signed-note.ts';
import { createSigningKeyFile } from '../../crypto/signing-key-file.ts';
import { print } from '../output.ts';

export function keysCommand(): Command {
  const command = new Command('keys').description('keys of the audit');
  command
    .command('create')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .description('create a keyring file (mode 0600)')
    .action(async (file: string) => {
      await createKeyringFile(file);
      print(`Created ${file}. Back it up apart from the database: without it nobody reads the payloads.`);
    });
  command
    .command('create-checkpoint-key')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .description('create the Ed25519 key that signs checkpoints of the audit (mode 0600)')
    .action(async (file: string) => {
      await createSigningKeyFile(file);
      print(`Created ${file}.`);
    });
  command
    .command('checkpoint')
    .description('the public key that checkpoints are verified by; give it to whoever keeps them')
    .action(async () => {
      print(formatVerifier(await openCheckpointKey(loadConfig())));
    });
  return command;
}
