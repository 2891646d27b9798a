import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { reportJson } from '../../../admin/routes/policy-replay.ts';
import { type Json, type JsonObject } from '../../../domain/json.ts';
import { diffSets, formatChanges } from '../../../policy/diff.ts';
import { parseCalls } from '../../../policy/simulate/file.ts';
import { createSimulation } from '../../../policy/simulate/simulation.ts';
import { type AdminClientOptions, createAdminClient, withAdminOptions } from '../../admin-client.ts';
import { print, printJson, UsageError } from '../../output.ts';
import { buildSource, isRemote, readSource, told, wholeVersion } from './sources.ts';

interface SimulateOptions extends AdminClientOptions {
  readonly calls?: string;
  readonly against: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

/** What a draft would change: as it is written, and to real calls. */
export function addChangeCommands(command: Command, setExitCode: (code: number) => void): void {
  withAdminOptions(command.command('diff'))
    .argument('<draft>', 'a file, a version, or active')
    .argument('[against]', 'the same; what is in force when left out', 'active')
    .description('what a draft says differently, by rule; exit code 1 when anything')
    .action(async (draft: string, against: string, options: AdminClientOptions) => {
      const [before, after] = [await read(against, options), await read(draft, options)];
      const changes = diffSets(before.set, after.set);
      if (changes.length > 0) setExitCode(1);
      for (const line of changes.length === 0 ? ['No difference.'] : formatChanges(changes)) print(line);
    });
  withAdminOptions(command.command('simulate'))
    .argument('<draft>', 'a file, or a version')
    .option('--calls <file>', 'calls of your own, one JSON a line, instead of recorded ones')
    .option('--against <source>', 'with --calls: a file, a version, or active', 'active')
    .option('--from <time>', 'recorded calls from then')
    .option('--to <time>', 'and before then')
    .option('--limit <n>', 'at most so many, the newest (default: 100000)', parseLimit)
    .option('--json', 'as one JSON')
    .description('what a draft would decide differently; exit code 1 when it would deny what is allowed')
    .action(async (draft: string, options: SimulateOptions) => {
      const report =
        options.calls === undefined
          ? await onRecorded(draft, options)
          : await onFile(draft, options, options.calls);
      if (options.json === true) printJson(report);
      else for (const line of reportLines(report)) print(line);
      if (objectOf(report['newly_denied'])['calls'] !== 0) setExitCode(1);
    });
}

async function read(source: string, options: AdminClientOptions): ReturnType<typeof buildSource> {
  return buildSource(await readSource(source, options), source);
}

async function onRecorded(draft: string, options: SimulateOptions): Promise<JsonObject> {
  const { from, to, limit } = options;
  const isVersion = draft !== 'active' && isRemote(draft);
  const what: JsonObject = isVersion
    ? { version: await wholeVersion(draft, options) }
    : await readSource(draft, options).then(({ text, included }) => ({
        bundle: { text, included: { ...included } },
      }));
  return createAdminClient(options).post('/policy/simulations', {
    draft: what,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(limit === undefined ? {} : { limit }),
  });
}

async function onFile(draft: string, options: SimulateOptions, file: string): Promise<JsonObject> {
  const [before, after] = [await read(options.against, options), await read(draft, options)];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read.`, { cause: error });
  });
  const simulation = createSimulation(before.snapshot, after.snapshot, { examples: 5 });
  try {
    for (const call of parseCalls(text, Date.now())) simulation.add(call);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
  return reportJson(simulation.report());
}

const CHANGES = [
  ['newly_allowed', 'newly allowed'],
  ['newly_denied', 'newly denied'],
  ['handling_changed', 'allowed as before, but handled otherwise'],
  ['obligations_changed', 'allowed as before, but owing something else'],
] as const;

function reportLines(report: JsonObject): readonly string[] {
  const { calls, unchanged, skipped } = report;
  const left = Object.entries(objectOf(skipped)).map(([reason, n]) => `${told(n)} ${reason}`);
  return [
    `${told(calls)} calls judged by both, ${told(unchanged)} the same${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`,
    ...CHANGES.flatMap(([name, title]) => changeLines(title, objectOf(report[name]))),
  ];
}

function changeLines(title: string, change: JsonObject): readonly string[] {
  if (change['calls'] === 0) return [`0 ${title}`];
  const counts = (['by_entity', 'by_destination', 'by_person', 'by_reason'] as const).flatMap((name) => {
    const entries = Object.entries(objectOf(change[name])).map(([key, n]) => `${key} ${told(n)}`);
    return entries.length === 0 ? [] : [`    ${name.replace('_', ' ')}: ${entries.join(', ')}`];
  });
  const examples = Array.isArray(change['examples']) ? (change['examples'] as readonly JsonObject[]) : [];
  const shown = examples.map(
    ({ id, operation, model }) => `    such as ${told(id)}: ${told(operation)} ${told(model)}`,
  );
  return [`${told(change['calls'])} ${title}`, ...counts, ...shown];
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > 100_000) {
    throw new InvalidArgumentError('Use a whole number from 1 to 100000.');
  }
  return limit;
}
