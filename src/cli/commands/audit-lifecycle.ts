import { Command } from 'commander';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { print, printJson, UsageError } from '../output.ts';

interface PlaceOptions extends AdminClientOptions {
  readonly matter: string;
  readonly reason: string;
  readonly dataSubject?: readonly string[];
  readonly principal?: readonly string[];
  readonly everybody?: boolean;
  readonly from?: string;
  readonly to?: string;
}

interface ReasonOptions extends AdminClientOptions {
  readonly reason: string;
}

/** Legal holds: `cordon audit hold …`. */
export function holdCommand(): Command {
  const command = new Command('hold').description(
    'legal holds: what they cover is neither erased nor dropped',
  );
  withAdminOptions(command.command('place'))
    .requiredOption(
      '--matter <name>',
      'your name of the case: letters, digits and . _ / - ; no personal data',
    )
    .requiredOption('--reason <text>', 'why; it is recorded, sealed')
    .option('--data-subject <person...>', 'as calls name them: Cordon-Data-Subject, or the token’s subject')
    .option('--principal <caller...>', 'callers: holds those their calls were about')
    .option('--everybody', 'the whole tenant')
    .option('--from <time>', 'only records from then on, such as 2026-01-31 or 2026-01-31T08:00:00Z')
    .option('--to <time>', 'only records before then')
    .description('place a hold; it is in force and recorded when this returns')
    .action(async (options: PlaceOptions) => {
      const { matter, reason, dataSubject = [], principal = [], everybody = false, from, to } = options;
      const hold = await createAdminClient(options).post('/audit/holds', {
        ...{ matter, reason, data_subjects: dataSubject, principals: principal, everybody },
        ...(from === undefined ? {} : { from: timeOf(from) }),
        ...(to === undefined ? {} : { to: timeOf(to) }),
      });
      print(holdLine(hold));
    });
  withAdminOptions(command.command('list'))
    .option('--json', 'one JSON object a line')
    .description('the holds of your tenant, newest first')
    .action(async ({ json = false, ...options }: AdminClientOptions & { readonly json?: boolean }) => {
      const { items } = await createAdminClient(options).get('/audit/holds');
      for (const hold of listOf(items)) {
        if (json) printJson(hold);
        else print(holdLine(hold));
      }
    });
  withAdminOptions(command.command('release'))
    .argument('<id>', 'as `list` shows it')
    .requiredOption('--reason <text>', 'why; it is recorded, sealed')
    .description('ask for a hold to be released; a second person approves it')
    .action(async (id: string, { reason, ...options }: ReasonOptions) => {
      const path = `/audit/holds/${encodeURIComponent(id)}/release`;
      const proposal = await createAdminClient(options).post(path, { reason });
      print(`Proposed. Within 24 hours, another person runs:`);
      print(`  cordon proposals approve ${said(proposal['id'])} ${said(proposal['hash'])}`);
    });
  return command;
}

export function eraseCommand(): Command {
  return withAdminOptions(new Command('erase'))
    .requiredOption(
      '--data-subject <person>',
      'as calls name them: Cordon-Data-Subject, or the token’s subject',
    )
    .requiredOption('--reason <text>', 'why; it is recorded, sealed')
    .description(
      'destroy the keys of a data subject: what was sealed under them is gone; refused under a hold',
    )
    .action(async ({ dataSubject, reason, ...options }: ReasonOptions & { readonly dataSubject: string }) => {
      const done = await createAdminClient(options).post('/audit/erasures', {
        data_subject: dataSubject,
        reason,
      });
      print(`Erased: ${said(done['keys_destroyed'])} key(s) destroyed, ${said(done['erased'])}.`);
      if (done['keys_destroyed'] === 0)
        print('Nothing was sealed for this person: check how calls name them.');
      print(
        done['beyond_recovery_from_backups'] === null
          ? 'From when on it is beyond recovery from backups, too, nobody can say: see `cordon keys list`.'
          : `Beyond recovery from backups, too, from ${said(done['beyond_recovery_from_backups'])} on.`,
      );
      print(`The record: ${said(done['id'])}`);
    });
}

/** `cordon audit retention …` */
export function retentionCommand(setExitCode: (code: number) => void): Command {
  const command = new Command('retention').description('how long records are kept');
  withAdminOptions(command.command('status'))
    .option('--json', 'as one JSON')
    .description('terms, months, when each may go and what keeps it')
    .action(async ({ json = false, ...options }: AdminClientOptions & { readonly json?: boolean }) => {
      const status = await createAdminClient(options).get('/audit/retention');
      if (json) printJson(status);
      else for (const line of statusLines(status)) print(line);
    });
  withAdminOptions(command.command('run'))
    .option('--json', 'as one JSON')
    .description('drop what is past its time now; exit code 1 when something had to stay')
    .action(async ({ json = false, ...options }: AdminClientOptions & { readonly json?: boolean }) => {
      const run = await createAdminClient(options).post('/audit/retention/run', {});
      const [dropped, held, left] = [listOf(run['dropped']), listOf(run['held']), listOf(run['left'])];
      if (run['state'] !== 'done' || left.length > 0) setExitCode(1);
      if (json) {
        printJson(run);
        return;
      }
      if (run['state'] !== 'done') print('Another process is at it; ask for the status later.');
      for (const { month, records } of dropped) print(`${said(month)}  dropped, ${said(records)} records`);
      for (const month of held) print(`${said(month['month'])}  ${heldBy(month)}`);
      for (const { month, reason } of left)
        print(`${said(month)}  still there: ${said(reason)}; run it again`);
      if (dropped.length + held.length + left.length === 0) print('Nothing is past its time.');
    });
  return command;
}

function timeOf(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`Write a time such as 2026-01-31T08:00:00Z, not ${text}.`);
  return at.toISOString();
}

function holdLine(hold: JsonObject): string {
  const { id, matter, placed, released, everybody, from, to } = hold;
  const persons = listOfAny(hold['data_subjects']).length + listOfAny(hold['principals']).length;
  const scope = everybody === true ? 'everybody' : `${persons} person(s)`;
  const span = from === null && to === null ? '' : ` ${said(from ?? '…')} to ${said(to ?? '…')}`;
  const state = released === null ? 'in force' : `released ${said(released)}`;
  return [said(id), said(matter), `${scope}${span}`, `placed ${said(placed)}`, state].join('  ');
}

function statusLines(status: JsonObject): readonly string[] {
  const terms = listOf(status['terms']);
  const unpartitioned = status['unpartitioned_records'];
  return [
    ...(terms.length === 0 ? ['No retention is configured: records are kept for ever.'] : []),
    ...terms.map(({ tenant, days, shredding }) =>
      [
        `${tenant === '*' ? 'everybody' : said(tenant)}: ${said(days)} days`,
        shredding === true ? '' : ', no erasure',
      ].join(''),
    ),
    ...listOf(status['dropped']).map(
      ({ month, records, dropped }) => `${said(month)}  dropped ${said(dropped)}, ${said(records)} records`,
    ),
    ...listOf(status['months']).map((month) =>
      [
        said(month['month']),
        month['due'] === null ? 'kept' : `may go from ${said(month['due'])}`,
        heldBy(month),
      ]
        .filter((part) => part !== '')
        .join('  '),
    ),
    ...(unpartitioned === 0
      ? []
      : [`${said(unpartitioned)} records are in no month’s partition and are kept.`]),
  ];
}

function heldBy(month: JsonObject): string {
  const others = month['held_by_others'] === true ? ['another tenant'] : [];
  const matters = [...listOfAny(month['held_by']).map(said), ...others];
  return matters.length === 0 ? '' : `held by ${matters.join(', ')}`;
}

function listOfAny(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

function said(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}
