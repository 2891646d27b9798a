import { Command, InvalidArgumentError } from 'commander';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { print, printProposed } from '../output.ts';

interface RequestOptions extends AdminClientOptions {
  readonly field: readonly string[];
  readonly purpose: string;
  readonly ticket: string;
  readonly minutes: number;
}

/** Break-glass: parts of one call in clear, for a while, after another person agreed. */
export function addRevealCommands(audit: Command): void {
  const command = new Command('reveal').description(
    'parts of one call in clear, for a while, after a second person agreed',
  );
  audit.addCommand(command);
  withAdminOptions(command.command('request'))
    .argument('<request id>', 'as in the Cordon-Request-Id header')
    .requiredOption('--field <field...>', 'caller, sent, originals, answer')
    .requiredOption('--purpose <text>', 'what for; it is recorded')
    .requiredOption('--ticket <text>', 'the case it belongs to; it is recorded')
    .option('--minutes <n>', 'for how long, once approved', parseMinutes, 30)
    .description('ask to see parts of a call; another person approves it with `cordon proposals approve`')
    .action(async (requestId: string, options: RequestOptions) => {
      const { field, purpose, ticket, minutes, ...client } = options;
      const body = { requestId, fields: field, purpose, ticket, minutes };
      printProposed(await createAdminClient(client).post('/audit/reveals', body));
    });
  withAdminOptions(command.command('show'))
    .argument('<id>', 'of the proposal')
    .description('show what was approved; each reading is recorded')
    .action(async (id: string, options: AdminClientOptions) => {
      const shown = await createAdminClient(options).get(`/audit/reveals/${encodeURIComponent(id)}`);
      print(JSON.stringify(shown, undefined, 2));
    });
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!Number.isInteger(minutes) || minutes < 1)
    throw new InvalidArgumentError('Use a whole number of minutes.');
  return minutes;
}
