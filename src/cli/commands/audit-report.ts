import { Command, Option } from 'commander';
import { type JsonObject } from '../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { printError } from '../output.ts';
import { deliver, type QueryOptions, queryOf, withQueryOptions } from './audit-search.ts';

interface ReportOptions extends AdminClientOptions {
  readonly format: string;
  readonly out?: string;
  readonly reason?: string;
  readonly purpose?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reached?: string;
  readonly dek?: string;
  readonly kek?: string;
}

/** Reports, each of them recorded before it is made. */
export function reportCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('report').description(
    'processing, breach, disclosures, subject; each is recorded',
  );
  withOutput(command.command('processing'), ['json', 'csv'])
    .description(
      'the record of processing activities (GDPR 30); exit code 1 when something is missing from it',
    )
    .option('--from <time>', 'figures from this date on')
    .option('--to <time>', 'figures before this date')
    .action(async (options: ReportOptions) => {
      const { from, to, format } = options;
      const report = createAdminClient(options);
      const time = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const json = await report.post('/reports/processing', time);
      const gaps = Array.isArray(json['gaps']) ? (json['gaps'] as readonly string[]) : [];
      const text =
        format === 'csv'
          ? await report.postForText('/reports/processing', { ...time, format })
          : pretty(json);
      deliver(text, options.out);
      for (const gap of gaps) printError(`missing: ${gap}`);
      if (gaps.length > 0) setExitCode(1);
    });
  withQueryOptions(withOutput(command.command('breach'), ['json', 'csv']))
    .description('whom and what a breach concerns (GDPR 33), by time, runner, key, rule, principal, policy')
    .option('--reached <runner>', 'calls that went to this runner, or may have')
    .option('--dek <id>', 'calls with a payload under this data key')
    .option('--kek <id>', 'calls with a payload under a data key that this key wraps now')
    .option('--reason <text>', 'why; sealed in the record')
    .action(async ({ reached, dek, kek, reason, ...options }: ReportOptions & QueryOptions) => {
      const body = { query: queryOf(options), reached, dek, kek, reason };
      await make('/reports/breach', defined(body), options);
    });
  withQueryOptions(withOutput(command.command('disclosures'), ['json', 'csv']))
    .description('what was sent where, for what, by month (HIPAA 164.528)')
    .option('--reason <text>', 'why; sealed in the record')
    .action(async ({ reason, ...options }: ReportOptions & QueryOptions) => {
      await make('/reports/disclosures', defined({ query: queryOf(options), reason }), options);
    });
  subjectCommand(command);
  return command;
}

function subjectCommand(command: Command): void {
  withQueryOptions(withOutput(command.command('subject'), ['json', 'csv', 'text']))
    .description(
      'everything about one person, opened (GDPR 15); --subject, --email, --phone, --name, --value: any of them finds a call',
    )
    .requiredOption('--for <text>', 'what for: the request and its number; sealed in the record')
    .action(async ({ for: purpose, ...options }: ReportOptions & QueryOptions & { readonly for: string }) => {
      const { from, to, ...about } = queryOf(options);
      await make('/reports/subject', defined({ about, from, to, purpose }), options);
    });
}

function withOutput(command: Command, formats: readonly string[]): Command {
  return withAdminOptions(command)
    .addOption(new Option('--format <format>', 'of the report').choices([...formats]).default('json'))
    .option('--out <file>', 'a new file, readable by its owner only; standard output when left out');
}

async function make(path: string, body: JsonObject, options: ReportOptions): Promise<void> {
  const client = createAdminClient(options);
  const { format } = options;
  const text =
    format === 'json'
      ? pretty(await client.post(path, body))
      : await client.postForText(path, { ...body, format });
  deliver(text, options.out);
}

function pretty(json: JsonObject): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

function defined(body: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, JsonObject[string]] => entry[1] !== undefined),
  );
}
