import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../admin-client.ts';
import { print, printJson, UsageError } from '../output.ts';

/** Everything a search can ask for, as options; those that may be given several times must all hold. */
const ONCE = ['subject', 'principal', 'from', 'to'] as const;
const OFTEN: Readonly<Record<string, string>> = {
  email: 'found in the call, or the name of its data subject',
  phone: 'the same, a telephone number',
  name: 'the same, a person: one word, or several of one name',
  value: 'the same, anything: an account, an id',
  purpose: 'declared purpose',
  operation: 'chat, responses, embeddings …',
  model: 'as the caller named it',
  runner: 'where the call could go',
  sent: 'where it was sent',
  region: 'of a runner it could go to',
  entity: 'found in it, such as PERSON',
  handling: 'such as PERSON=pseudonymise',
  output: 'written by the model itself, such as PERSON',
  rule: 'a policy rule that decided',
  policy: 'hash of the policy version',
  outcome: 'complete, denied, client_abort, upstream_error, policy_cut or incomplete',
  error: 'error code it ended with',
  allow: 'true or false',
};

export type QueryOptions = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Personal data on a command line is seen by everybody on the machine: `--query` reads it from a file instead. */
export function withQueryOptions(command: Command): Command {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  command
    .option('--subject <name>', 'the data subject as Cordon-Data-Subject named it, else the caller')
    .option('--principal <subject>', "the subject of the caller's token")
    .option('--from <time>', 'from this date or time on')
    .option('--to <time>', 'before this date or time')
    .option('--query <file>', 'the query as JSON, such as {"email": "…"}; - reads it from standard input');
  for (const [name, what] of Object.entries(OFTEN)) command.option(`--${name} <text>`, what, gather);
  return command;
}

export function queryOf(options: QueryOptions & { readonly query?: string }): JsonObject {
  const named = [...ONCE, ...Object.keys(OFTEN), 'type'].flatMap((name): [string, Json][] => {
    const value = options[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? value : [...value]]];
  });
  return { ...(options.query === undefined ? {} : readQuery(options.query)), ...Object.fromEntries(named) };
}

function readQuery(file: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8')) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    throw new UsageError('--query names no file with JSON in it.');
  }
  throw new UsageError('--query holds no JSON object.');
}

interface SearchOptions extends AdminClientOptions {
  readonly json?: boolean;
  readonly limit: string;
  readonly cursor?: string;
  readonly reason?: string;
  readonly all?: boolean;
}

export function searchCommand(): Command {
  const command = new Command('search').description(
    'find calls by data subject, value, principal, purpose, entity, rule, outcome, time; newest first, recorded',
  );
  withAdminOptions(withQueryOptions(command))
    .option('--type <type>', 'records of this type instead of calls: SEARCHED, ERASED …')
    .option('--reason <text>', 'why; sealed in the record of the search')
    .option('--limit <n>', 'records a page, at most 200', '50')
    .option('--cursor <cursor>', 'the next page, as the page before printed it')
    .option('--all', 'every page')
    .option('--json', 'one JSON object a line')
    .action(async (options: SearchOptions & QueryOptions) => {
      const client = createAdminClient(options);
      const query = queryOf(options);
      let { cursor } = options;
      do {
        const page = await client.post('/audit/search', {
          query,
          limit: Number(options.limit),
          ...(cursor === undefined ? {} : { cursor }),
          ...(options.reason === undefined ? {} : { reason: options.reason }),
        });
        for (const item of listOf(page['items'])) {
          if (options.json === true) printJson(item);
          else print(line(item));
        }
        cursor = typeof page['next'] === 'string' ? page['next'] : undefined;
      } while (options.all === true && cursor !== undefined);
      if (cursor !== undefined) process.stderr.write(`next page: --cursor ${cursor}\n`);
    });
  return command;
}

function line(item: JsonObject): string {
  const data = objectOf(item['data']);
  const end = objectOf(objectOf(item['end'])['data']);
  const { runner } = objectOf(data['destination']);
  const parts = [
    item['at'],
    item['id'],
    item['type'],
    data['reason'],
    data['purpose'],
    data['model'],
    runner,
  ];
  const counts = Object.entries(objectOf(data['counts'])).map(
    ([entity, n]) => `${entity}:${JSON.stringify(n)}`,
  );
  const texts = [...parts, end['outcome'], ...counts].filter((part) => typeof part === 'string');
  return texts.filter((part) => part !== '').join('  ');
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

/** To a file that only its owner reads, or to standard output. */
export function deliver(text: string, file: string | undefined): void {
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}
