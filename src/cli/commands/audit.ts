import { Command, InvalidArgumentError } from 'commander';
import { type AuditView, openRecordedAuditView } from '../../compose/audit-view.ts';
import { loadConfig } from '../../config/load.ts';
import { reindexCommand } from './audit-reindex.ts';
import { reportCommand } from './audit-report.ts';
import { searchCommand } from './audit-search.ts';
import { listLine, toListOutput, toShowOutput } from '../audit-output.ts';
import { print, printJson, UsageError } from '../output.ts';
import { addEvidenceCommands } from './audit-evidence.ts';
import { addExportCommands } from './audit-export.ts';
import { addRevealCommands } from './audit-reveal.ts';
import { addVerifyCommand } from './audit-verify.ts';
import { eraseCommand, holdCommand, retentionCommand } from './audit-lifecycle.ts';

interface ListOptions {
  readonly json?: boolean;
  readonly limit: number;
  readonly before?: string;
  readonly tenant?: string;
  readonly type?: string;
}

export function auditCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('audit').description('read and verify the audit record');
  addVerifyCommand(command, setExitCode);
  addEvidenceCommands(command);
  addExportCommands(command);
  addRevealCommands(command);
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

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError('Use a whole number from 1 to 1000.');
  return limit;
}
