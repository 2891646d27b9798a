import { text as readAll } from 'node:stream/consumers';
import { type Command, InvalidArgumentError } from 'commander';
import { type JsonObject } from '../../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../../admin-client.ts';
import { print } from '../../output.ts';
import { told } from './sources.ts';
import { printProposal } from './versions.ts';

interface ScopeOptions extends AdminClientOptions {
  readonly who?: string;
  readonly model?: string;
  readonly runner?: string;
  readonly minutes?: number;
  readonly ticket?: string;
}

interface GlassOptions extends ScopeOptions {
  readonly purpose: string;
  readonly tenant?: string;
}

interface DisputeOptions extends AdminClientOptions {
  readonly note: string;
  readonly days?: number;
  readonly valueFromStdin?: boolean;
}

/** What stands beside a version: denied in an emergency, allowed behind broken glass, found and none. */
export function addExceptionCommands(command: Command): void {
  scoped(
    command,
    'emergency-deny',
    'deny somebody, a model or a runner at once, for 24 hours at most; reviewed later',
  )
    .requiredOption('--note <text>', 'why')
    .option('--ticket <ticket>')
    .action(async ({ note, ...options }: ScopeOptions & { readonly note: string }) => {
      const opened = await createAdminClient(options).post('/policy/emergency-denies', {
        ...scopeOf(options),
        note,
      });
      print(`Denied from now until ${told(opened['until'])}, by rule ${told(opened['rule'])}.`);
      printReview(opened);
    });
  scoped(command, 'break-glass', 'allow somebody what no rule does, for 4 hours at most; reviewed later')
    .requiredOption('--purpose <text>', 'what for')
    .requiredOption('--ticket <ticket>')
    .option('--tenant <name>', 'whose subject, role or group is meant; your own when left out')
    .action(async ({ purpose, tenant, ...options }: GlassOptions) => {
      const opened = await createAdminClient(options).post('/policy/break-glasses', {
        ...scopeOf(options),
        ...(tenant === undefined ? {} : { tenant }),
        purpose,
      });
      print(`Allowed from now until ${told(opened['until'])}, by rule ${told(opened['rule'])}.`);
      printReview(opened);
    });
  withAdminOptions(command.command('review'))
    .argument('<exception>', 'as it was printed, and as `history` lists it')
    .requiredOption('--verdict <verdict>', 'upheld or objected')
    .requiredOption('--note <text>', 'why')
    .description('say of an emergency action of another person that it was right, or was not')
    .action(
      async (
        exception: string,
        options: AdminClientOptions & { readonly verdict: string; readonly note: string },
      ) => {
        const { verdict, note } = options;
        await createAdminClient(options).post(`/policy/exceptions/${encodeURIComponent(exception)}/review`, {
          verdict,
          note,
        });
        print(`Reviewed: ${verdict}.`);
      },
    );
  withAdminOptions(command.command('end'))
    .argument('<exception>')
    .description('end an exception early; an emergency denial is lifted by another person than who denied')
    .action(async (exception: string, options: AdminClientOptions) => {
      await createAdminClient(options).delete(`/policy/exceptions/${encodeURIComponent(exception)}`);
      print('Ended.');
    });
  addDispute(command);
}

function addDispute(command: Command): void {
  withAdminOptions(command.command('false-positive'))
    .argument('<request>', 'as in the Cordon-Request-Id header')
    .argument('<span>', 'which of its spans, as `cordon audit show` lists them, from 0', wholeNumber)
    .requiredOption('--note <text>', 'why it is none')
    .option('--days <n>', 'for how long it passes (default: 180)', wholeNumber)
    .option(
      '--value-from-stdin',
      'read what stood there, where the record cannot tell; only a keyed hash is kept',
    )
    .description('say that what was found is none; once another person approves, exactly that value passes')
    .action(async (request: string, span: number, options: DisputeOptions) => {
      const { note, days, valueFromStdin = false } = options;
      const value = valueFromStdin ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : undefined;
      const body: JsonObject = {
        ...{ request, span, note },
        ...(days === undefined ? {} : { days }),
        ...(value === undefined ? {} : { value }),
      };
      printProposal(await createAdminClient(options).post('/policy/false-positives', body));
    });
}

function scoped(command: Command, name: string, description: string): Command {
  return withAdminOptions(command.command(name))
    .description(description)
    .option('--who <selector>', 'subject:NAME, role:NAME, group:NAME or tenant:NAME')
    .option('--model <glob>')
    .option('--runner <glob>')
    .option('--minutes <n>', 'for how long', wholeNumber);
}

function scopeOf({ who, model, runner, minutes, ticket }: ScopeOptions): JsonObject {
  return {
    ...(who === undefined ? {} : { who }),
    ...(model === undefined ? {} : { model }),
    ...(runner === undefined ? {} : { runner }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

function printReview({ exception }: JsonObject): void {
  print('Another person reviews it:');
  print(`  cordon policy review ${told(exception)} --verdict upheld --note …`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return number;
}
