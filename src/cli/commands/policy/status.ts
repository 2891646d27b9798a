import { type Command } from 'commander';
import { type Json, type JsonObject } from '../../../domain/json.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../../admin-client.ts';
import { print, printJson } from '../../output.ts';
import { listOf, short, told } from './sources.ts';

type ReadOptions = AdminClientOptions & { readonly json?: boolean };

/** What is in force, where, and how it came to be. */
export function addStatusCommands(command: Command): void {
  withAdminOptions(command.command('status'))
    .option('--json', 'as one JSON')
    .description('what is in force, which process enforces it, what is scheduled, what waits for a review')
    .action(async ({ json = false, ...options }: ReadOptions) => {
      const status = await createAdminClient(options).get('/policy');
      if (json) printJson(status);
      else for (const line of statusLines(status)) print(line);
    });
  withAdminOptions(command.command('history'))
    .option('--json', 'as one JSON')
    .description('every version with its state, then what was in force from when')
    .action(async ({ json = false, ...options }: ReadOptions) => {
      const client = createAdminClient(options);
      const [versions, history] = [await client.get('/policy/versions'), await client.get('/policy/history')];
      if (json) printJson({ versions: versions['items'] ?? [], ...history });
      else for (const line of historyLines(versions, history)) print(line);
    });
  withAdminOptions(command.command('decision'))
    .argument('<request>', 'as in the Cordon-Request-Id header')
    .description(
      'what applied to one call: the decision as recorded, and judged again by the version of then',
    )
    .action(async (request: string, options: AdminClientOptions) => {
      const found = await createAdminClient(options).get(`/policy/decisions/${encodeURIComponent(request)}`);
      print(JSON.stringify(found, null, 2));
    });
}

function statusLines(status: JsonObject): readonly string[] {
  const { in_force: inForce, receipts, scheduled, exceptions, reviews_outstanding: open } = status;
  const held = objectOf(inForce);
  return [
    inForce === null
      ? 'Nothing is in force: every call is refused.'
      : `In force: version ${short(held['version'])} (number ${told(held['number'])}) since ${told(held['since'])}`,
    ...listOf(receipts).map(({ instance, number, policy, since, live }) => {
      const state = live === true ? (number === held['number'] ? 'enforces it' : 'is behind') : 'is gone';
      return `  ${told(instance)}  ${state}: number ${told(number)}, ${short(policy)}, since ${told(since)}`;
    }),
    ...listOf(scheduled).map(
      ({ id, version, from, until }) =>
        `Scheduled: version ${short(version)} from ${told(from)}${until === null ? '' : ` until ${told(until)}`} (${told(id)})`,
    ),
    ...listOf(exceptions).map(
      ({ kind, rule, until, review, note }) =>
        `Beside it: ${told(kind)} ${told(rule)} until ${told(until)}: ${told(note)}${review === 'outstanding' ? ' (review outstanding)' : ''}`,
    ),
    ...(open === 0 ? [] : [`${told(open)} emergency action(s) wait for a review: cordon policy history`]),
  ];
}

function historyLines(versions: JsonObject, history: JsonObject): readonly string[] {
  return [
    ...listOf(versions['items']).map(({ version, name, state, author, submitted, note }) =>
      [short(version), told(state).padEnd(10), told(name), nameOf(author), told(submitted), told(note)]
        .join('  ')
        .trimEnd(),
    ),
    '',
    ...listOf(history['items']).map(({ number, version, policy, since }) => {
      const beside = policy === version ? '' : '  with exceptions';
      return `${told(since)}  number ${told(number)}  version ${short(version)}${beside}`;
    }),
    ...listOf(history['exceptions']).map(({ exception, kind, rule, from, until, review, author }) => {
      const reviewed = typeof review === 'object' ? told(objectOf(review)['verdict']) : told(review ?? '');
      return [
        told(from),
        told(kind),
        told(rule),
        `until ${told(until)}`,
        nameOf(author),
        reviewed,
        told(exception),
      ].join('  ');
    }),
  ];
}

function nameOf(person: Json | undefined): string {
  return person === null || person === undefined ? 'imported' : told(objectOf(person)['subject']);
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
