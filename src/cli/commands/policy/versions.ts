import path from 'node:path';
import { type Command } from 'commander';
import { type JsonObject } from '../../../domain/json.ts';
import { ENTRY, type PolicyBundle } from '../../../policy/lifecycle/bundle.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../../admin-client.ts';
import { print } from '../../output.ts';
import { readSource, short, told, wholeVersion, writeBundle } from './sources.ts';

interface SubmitOptions extends AdminClientOptions {
  readonly note: string;
  readonly ticket?: string;
}

interface ActivateOptions extends AdminClientOptions {
  readonly note: string;
  readonly from?: string;
  readonly until?: string;
}

/** From a draft to live and back: submit, activate, approve, roll back. */
export function addVersionCommands(command: Command): void {
  addSubmit(command);
  addActivation(
    command,
    'activate',
    'activations',
    'ask for a version to be put in force; another person approves it',
  );
  addActivation(
    command,
    'rollback',
    'rollbacks',
    'ask for a version that was in force to be so again; another person approves it',
  );
  withAdminOptions(command.command('approve'))
    .argument('<proposal>', 'its id')
    .argument('<hash>', 'its hash: you approve what you have seen')
    .description("approve another person's proposal; it takes effect at once, or when it says")
    .action(async (id: string, hash: string, options: AdminClientOptions) => {
      const path = `/proposals/${encodeURIComponent(id)}/approve`;
      const { state, result } = await createAdminClient(options).post(path, { hash });
      const outcome = isObject(result) ? result : {};
      if (state === 'failed')
        throw new Error(`It was approved and could not be done: ${told(outcome['message'])}`);
      const when = outcome['from'] === undefined ? '' : ` from ${told(outcome['from'])}`;
      const what =
        outcome['version'] === undefined
          ? told(state)
          : `version ${short(outcome['version'])} is in force${when}`;
      print(`Approved: ${what}.`);
    });
  withAdminOptions(command.command('withdraw'))
    .argument('<activation>', 'its id, as `status` prints it')
    .description('take back what was approved for later and has not begun')
    .action(async (id: string, options: AdminClientOptions) => {
      await createAdminClient(options).delete(`/policy/activations/${encodeURIComponent(id)}`);
      print('Withdrawn: it will not begin.');
    });
  addFolders(command);
}

function addSubmit(command: Command): void {
  withAdminOptions(command.command('submit'))
    .argument('<file>', 'a policy set')
    .requiredOption('--note <text>', 'why')
    .option('--ticket <ticket>')
    .description('submit a version: it is checked and its cases are run; nothing comes in force by it')
    .action(async (file: string, options: SubmitOptions) => {
      const done = await submit(await readSource(file, options), options);
      const { version, name, cases, own_packs: own, is_new: isNew } = done;
      const known = isNew === true ? '' : ' (it was there already)';
      print(`Submitted ${told(name)} as version ${short(version)}${known}: ${told(cases)} case(s) pass.`);
      if (Array.isArray(own) && own.length > 0)
        print(`Not the packs of these names that come with Cordon: ${own.map(told).join(', ')}`);
      print(
        `Next: cordon policy simulate ${short(version)}; cordon policy activate ${short(version)} --note …`,
      );
    });
}

function addActivation(
  command: Command,
  verb: 'activate' | 'rollback',
  at: string,
  description: string,
): void {
  withAdminOptions(command.command(verb))
    .argument('<version>', 'its hash, or the first twelve digits')
    .requiredOption('--note <text>', 'why; the approver reads it')
    .option('--from <time>', 'begin then, such as 2027-01-31T00:00:00Z; at once when left out')
    .option('--until <time>', 'end then; the version before it holds again')
    .description(description)
    .action(async (prefix: string, { note, from, until, ...options }: ActivateOptions) => {
      const version = await wholeVersion(prefix, options);
      const body = {
        version,
        note,
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      };
      printProposal(await createAdminClient(options).post(`/policy/${at}`, body));
    });
}

function addFolders(command: Command): void {
  withAdminOptions(command.command('apply'))
    .argument('<folder>', `holds ${ENTRY} and what it includes`)
    .requiredOption('--note <text>', 'why; the approver reads it')
    .option('--ticket <ticket>')
    .description(
      'submit what a folder holds and ask for it to be put in force, unless it is already (for pipelines)',
    )
    .action(async (folder: string, options: SubmitOptions) => {
      const client = createAdminClient(options);
      const { version } = await submit(await readSource(path.join(folder, ENTRY), options), options);
      const { in_force: inForce } = await client.get('/policy');
      if (isObject(inForce) && inForce['version'] === version) {
        print(`Version ${short(version)} is in force already.`);
        return;
      }
      printProposal(await client.post('/policy/activations', { version: version ?? '', note: options.note }));
    });
  withAdminOptions(command.command('export'))
    .argument('<folder>', 'where to write it')
    .option('--version <version>', 'which; the one in force when left out', 'active')
    .description('write a version and all that it includes into a folder')
    .action(async (folder: string, options: AdminClientOptions & { readonly version: string }) => {
      const written = await writeBundle(folder, await readSource(options.version, options));
      for (const file of written) print(path.join(folder, file));
    });
}

function submit({ text, included }: PolicyBundle, options: SubmitOptions): Promise<JsonObject> {
  const { note, ticket = '' } = options;
  const bundle = { text, included: { ...included } };
  return createAdminClient(options).post('/policy/versions', { bundle, note, ticket });
}

/** What the second person is to run, ready to be sent to them. */
export function printProposal({ id, hash, expires }: JsonObject): void {
  print(`Proposed. Another person approves it before ${told(expires)}:`);
  print(`  cordon policy approve ${told(id)} ${told(hash)}`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
