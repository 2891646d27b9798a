import path from 'node:path';
import { Command } from 'commander';
import { openCheckpointKey } from '../../compose/checkpoints.ts';
import { openKekKeeper, readKekStatus } from '../../compose/kek-keeper.ts';
import { openSeal } from '../../compose/keys.ts';
import { loadConfig } from '../../config/load.ts';
import { readPasswordFile } from '../../config/keys.ts';
import { type KekKeeper, KeyRefusal } from '../../crypto/kek-keeper.ts';
import { createKeyringFile } from '../../crypto/keyring-file.ts';
import { formatVerifier } from '../../crypto/signed-note.ts';
import { createSigningKeyFile } from '../../crypto/signing-key-file.ts';
import { horizonLines, kekLine } from '../keys-output.ts';
import { print, printError, printJson, UsageError } from '../output.ts';

interface CreateOptions {
  readonly pkcs12?: string;
  readonly passwordFile?: string;
}

export function keysCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('keys').description('keys of the audit');
  addFileCommands(command);
  command
    .command('list')
    .option('--json', 'as one JSON')
    .description('key encryption keys, what each wraps, and when erased data is beyond recovery')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const status = await readKekStatus(loadConfig());
      if (json) printJson(status);
      else for (const line of [...status.keks.map(kekLine), ...horizonLines(status.horizon)]) print(line);
    });
  command
    .command('rotate')
    .option('--index', 'add a version of the index key instead; the earlier ones stay')
    .description('make a new key encryption key the current one')
    .action(async ({ index = false }: { readonly index?: boolean }) => {
      await withKeeper(setExitCode, async (keeper) => {
        if (index) {
          print(`The index key has version ${await keeper.rotateIndex()} now.`);
          return;
        }
        const { from, to } = await keeper.rotate();
        print(
          `${to} is current${from === undefined ? '' : `, in place of ${from}`}. Next: cordon keys rewrap`,
        );
      });
    });
  command
    .command('rewrap')
    .description('wrap all data keys under the current key; when interrupted, run it again')
    .action(async () => {
      await withKeeper(setExitCode, rewrap(setExitCode));
    });
  command
    .command('retire')
    .argument('<id>', 'the oldest, as cordon keys list shows it')
    .description('destroy a key encryption key that no data key needs')
    .action(async (id: string) => {
      await withKeeper(setExitCode, async (keeper) => {
        await keeper.retire(id);
        print(`${id} is destroyed. Destroy the copies of it in backups of the keyring too.`);
      });
    });
  return command;
}

function addFileCommands(command: Command): void {
  command
    .command('create')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .option('--pkcs12 <p12>', 'seal it with the key pair of this PKCS #12 file')
    .option('--password-file <file>', 'the password of that file')
    .description('create a keyring file (mode 0600)')
    .action(async (file: string, { pkcs12, passwordFile }: CreateOptions) => {
      if ((pkcs12 === undefined) !== (passwordFile === undefined))
        throw new UsageError('--pkcs12 and --password-file go together.');
      if (pkcs12 === undefined || passwordFile === undefined) await createKeyringFile(file);
      else {
        const password = readPasswordFile(path.resolve(passwordFile));
        await createKeyringFile(file, await openSeal({ file: path.resolve(pkcs12), password }));
      }
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
}

async function withKeeper(
  setExitCode: (code: number) => void,
  use: (keeper: KekKeeper) => Promise<void>,
): Promise<void> {
  const keeper = await openKekKeeper(loadConfig());
  try {
    await use(keeper);
  } catch (error) {
    if (!(error instanceof KeyRefusal)) throw error;
    printError(`Refused: ${error.message}.`);
    setExitCode(1);
  } finally {
    await keeper.close();
  }
}

function rewrap(setExitCode: (code: number) => void): (keeper: KekKeeper) => Promise<void> {
  return async (keeper) => {
    const { to, rewrapped, skipped, unusable, remaining } = await keeper.rewrap((done, total) => {
      printError(`${done} of ${total} data keys`);
    });
    print(`${rewrapped} data key(s) were wrapped under ${to}.`);
    if (skipped > 0) print(`${skipped} were erased or replaced in the meantime.`);
    if (unusable > 0) printError(`${unusable} do not open: their key is gone, or they are damaged.`);
    if (remaining > unusable) printError(`${remaining - unusable} were added in the meantime: run it again.`);
    if (remaining > 0) setExitCode(1);
  };
}
