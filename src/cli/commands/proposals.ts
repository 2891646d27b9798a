import { Command } from 'commander';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { print, printJson } from '../output.ts';

interface ListOptions extends AdminClientOptions {
  readonly state?: string;
  readonly kind?: string;
  readonly json?: boolean;
}

/** What waits for a second person. */
export function proposalsCommand(): Command {
  const command = new Command('proposals').description(
    'what waits for a second person: list, show, approve, reject',
  );
  withAdminOptions(command.command('list'))
    .description('what was proposed, newest first')
    .option('--state <state>', 'pending, approved, executed, failed, rejected or expired')
    .option('--kind <kind>', 'such as audit.export')
    .option('--json', 'one JSON object a line')
    .action(async ({ state, kind, json = false, ...options }: ListOptions) => {
      const { items } = await createAdminClient(options).get('/proposals', { state, kind });
      for (const item of listOf(items)) {
        if (json) printJson(item);
        else print(describe(item));
      }
    });
  withAdminOptions(command.command('show'))
    .argument('<id>')
    .description('one proposal, whole')
    .action(async (id: string, options: AdminClientOptions) => {
      print(JSON.stringify(await createAdminClient(options).get(proposalPath(id)), null, 2));
    });
  withAdminOptions(command.command('approve'))
    .argument('<id>')
    .argument('<hash>', 'the hash as `show` prints it: you approve what you have seen')
    .description("approve another person's proposal; it is done at once")
    .action(async (id: string, hash: string, options: AdminClientOptions) => {
      const done = await createAdminClient(options).post(`${proposalPath(id)}/approve`, { hash });
      print(JSON.stringify(done, null, 2));
    });
  withAdminOptions(command.command('reject'))
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .description('reject a proposal, or take back your own')
    .action(async (id: string, { reason, ...options }: AdminClientOptions & { readonly reason: string }) => {
      print(describe(await createAdminClient(options).post(`${proposalPath(id)}/reject`, { reason })));
    });
  return command;
}

function proposalPath(id: string): string {
  return `/proposals/${encodeURIComponent(id)}`;
}

function describe({ id, state, kind, created, author }: JsonObject): string {
  const by = typeof author === 'object' && author !== null && 'subject' in author ? author['subject'] : '';
  return [id, state, kind, created, by].map(String).join('  ');
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}
