import { Command, InvalidArgumentError } from 'commander';
import { type AuditView, openRecordedAuditView } from '../../compose/audit-view.ts';
import { checkpointFiles, openCheckpointKey, readCheckpoints } from '../../compose/checkpoints.ts';
import { loadConfig } from '../../config/load.ts';
import { parseVerifier } from '../../crypto/signed-note.ts';
import { reindexCommand } from './audit-reindex.ts';
import { reportCommand } from './audit-report.ts';
import { searchCommand } from './audit-search.ts';
import { listLine, toListOutput, toShowOutput } from '../audit-output.ts';
import { print, printError, printJson, UsageError } from '../output.ts';
import { eraseCommand, holdCommand, retentionCommand } from './audit-lifecycle.ts';

interface ListOptions {
  readonly json?: boolean;
  readonly limit: number;
  readonly before?: string;
  readonly tenant?: string;
  readonly type?: string;
}

interface VerifyOptions {
  readonly json?: boolean;
  readonly decrypt: boolean;
  readonly checkpoints?: readonly string[];
  readonly checkpointKey?: string;
}

export function auditCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('audit').description('read and verify the audit record');
  command
    .command('verify')
    .option('--json', 'the result as one JSON')
    .option('--no-decrypt', 'check hashes and chains only; needs no keys')
    .option('--checkpoints <file...>', 'what a sink kept; the files of the configured sinks when left out')
    .option(
      '--checkpoint-key <key>',
      'who signed them, as `cordon keys checkpoint` prints it; ours when left out',
    )
    .description('recompute every hash and open every ciphertext; exit code 1 when anything was changed')
    .action(async (options: VerifyOptions) => {
      const config = loadConfig();
      const seen = await readCheckpoints(options.checkpoints ?? checkpointFiles(config), [
        options.checkpointKey === undefined
          ? await openCheckpointKey(config)
          : parseVerifier(options.checkpointKey),
      ]);
      await withView(async (view) => {
        if (!(await verify(view, options, seen))) setExitCode(1);
      });
    });
  command
    .command('list')
    .option('--json', 'as a JSON array')
    .option('--limit <n>', 'how many records, newest first', parseLimit, 50)
    .option('--before <record id>', 'the page behind this record')
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--type <type>', 'DECISION, COMPLETION, INCOMPLETE, START …')
    .description('list records, newest first; no payload is opened')
    .action(async (options: ListOptions) => {
      await withView(async (view) => {
        const { items } = await view.list(
          {
            ...(options.before === undefined ? {} : { beforeId: options.before }),
            ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
            ...(options.type === undefined ? {} : { types: [options.type] }),
          },
          options.limit,
        );
        if (options.json === true) printJson(items.map(toListOutput));
        else for (const item of items) print(listLine(item));
      });
    });
  command
    .command('show')
    .argument('<request id>', 'as in the Cordon-Request-Id header')
    .option('--json', 'as one JSON')
    .description('one call: decision, what left, the originals, what came back; reading it is recorded')
    .action(async (requestId: string, { json = false }: { readonly json?: boolean }) => {
      await withView(async (view) => {
        const shown = await view.show(requestId);
        if (shown === undefined) throw new UsageError('There is no record of this request.');
        print(JSON.stringify(toShowOutput(requestId, shown), undefined, json ? undefined : 2));
      });
    });
  command.addCommand(holdCommand());
  command.addCommand(eraseCommand());
  command.addCommand(retentionCommand(setExitCode));
  command.addCommand(searchCommand());
  command.addCommand(reindexCommand(setExitCode));
  command.addCommand(reportCommand(setExitCode));
  return command;
}

async function withView(use: (view: AuditView) => Promise<void>): Promise<void> {
  const view = await openRecordedAuditView(loadConfig());
  try {
    await use(view);
  } finally {
    await view.close();
  }
}

async function verify(
  view: AuditView,
  { json = false, decrypt }: VerifyOptions,
  { checkpoints, refused }: Awaited<ReturnType<typeof readCheckpoints>>,
): Promise<boolean> {
  const result = await view.verify({
    decrypt,
    checkpoints,
    onProgress: (records) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${records} records`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  const fine = result.problems.length === 0 && refused === 0;
  if (json) {
    printJson({ ...result, checkpointsRefused: refused });
    return fine;
  }
  for (const { kind, chain, seq } of result.problems)
    printError(`${kind} in chain ${chain}${seq === 0 ? '' : ` at record ${seq}`}`);
  const { decisions, completions, incompletes, open } = result.pairing;
  print(`${result.records} records in ${result.chains} chains, ${result.opened} ciphertexts opened.`);
  if (result.dropped > 0) {
    print(`${result.dropped} more were dropped by retention; their leaves and the records of it hold.`);
  }
  print(`${decisions} decisions: ${completions} completed, ${incompletes} incomplete, ${open} open.`);
  print(`${result.checkpoints} signed checkpoints held against it.`);
  if (refused > 0) printError(`${refused} checkpoint(s) are not signed by the key, or are damaged`);
  print(
    fine
      ? 'Verified: nothing was changed, removed or reordered.'
      : `NOT VERIFIED: ${result.problems.length + refused} problem(s).`,
  );
  return fine;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError('Use a whole number from 1 to 1000.');
  return limit;
}
