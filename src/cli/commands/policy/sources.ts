import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readPolicyBundle, readVocabulary } from '../../../compose/policy-files.ts';
import { loadConfig } from '../../../config/load.ts';
import { type Json, type JsonObject } from '../../../domain/json.ts';
import { type PolicySnapshot } from '../../../domain/policy.ts';
import { buildPolicy } from '../../../policy/build.ts';
import { ENTRY, parseBundle, placeOf, type PolicyBundle } from '../../../policy/lifecycle/bundle.ts';
import { formatProblem } from '../../../policy/problem.ts';
import { decodeException, ruleOf } from '../../../policy/lifecycle/exception.ts';
import { type PolicySet, type Rule } from '../../../policy/schema.ts';
import { type AdminClientOptions, createAdminClient } from '../../admin-client.ts';
import { UsageError } from '../../output.ts';

/** Whether a person means what the control plane holds, rather than a file. */
export function isRemote(source: string): boolean {
  return source === 'active' || /^[0-9a-f]{12,64}$/.test(source);
}

/** What stands beside the version in force, as rules: who asks what `active` makes of a call asks about them too. */
export async function standingRules(options: AdminClientOptions): Promise<readonly Rule[]> {
  const { exceptions } = await createAdminClient(options).get('/policy');
  return listOf(exceptions).flatMap(({ kind, rule, who, model, runner, tenant, until }) => {
    if (kind === 'false_positive') return [];
    const members = { kind, id: rule, who, model, runner, tenant };
    const exception = decodeException(JSON.stringify(members));
    const made = ruleOf({ hash: '', exception, fromMs: 0, untilMs: Date.parse(told(until)) });
    return made === undefined ? [] : [made];
  });
}

/** A file as a person names it, `active`, or a version's hash (or enough of it, as `history` prints it). */
export async function readSource(source: string, options: AdminClientOptions): Promise<PolicyBundle> {
  if (!isRemote(source)) return readFileSource(source);
  const client = createAdminClient(options);
  const version = source === 'active' ? source : await wholeVersion(source, options);
  const { bundle } = await client.get(`/policy/versions/${version}`);
  return parseBundle(bundle);
}

async function readFileSource(file: string): Promise<PolicyBundle> {
  try {
    return await readPolicyBundle(file);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    const message = `${file} cannot be read; name a policy file, a version, or active`;
    throw new UsageError(message, { cause: error });
  }
}

/** Twelve digits say which version is meant, as long as no other begins with them. */
export async function wholeVersion(prefix: string, options: AdminClientOptions): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(prefix)) return prefix;
  const { items } = await createAdminClient(options).get('/policy/versions');
  const versions = listOf(items).map(({ version }) => told(version));
  const [found, ...others] = versions.filter((version) => version.startsWith(prefix));
  if (found === undefined)
    throw new UsageError('There is no such version; `cordon policy history` lists them.');
  if (others.length > 0) throw new UsageError('Several versions begin so; write more of it.');
  return found;
}

/** Checked, with its cases run, by what this machine's configuration knows; throws a UsageError that lists what is wrong. */
export async function buildSource(
  bundle: PolicyBundle,
  source: string,
): Promise<{ readonly set: PolicySet; readonly snapshot: PolicySnapshot }> {
  const vocabulary = await readVocabulary(loadConfig());
  const { set, snapshot, problems } = await buildPolicy({ ...bundle, source }, vocabulary, () => undefined);
  if (set !== undefined) return { set, snapshot };
  throw new UsageError([`${source} is refused:`, ...problems.map(formatProblem)].join('\n'));
}

/** Writes a bundle below a folder: the set, and what it includes where `readSource` finds it again. */
export async function writeBundle(
  directory: string,
  { text, included }: PolicyBundle,
): Promise<readonly string[]> {
  const files = [
    [ENTRY, text] as const,
    ...Object.entries(included).map(([key, file]) => [placeOf(key), file] as const),
  ];
  for (const [name, file] of files) {
    const target = path.join(directory, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file);
  }
  return files.map(([name]) => name);
}

export function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

/** A value of an answer, as it is printed. */
export function told(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Names the version as people write it. */
export function short(version: Json | undefined): string {
  return told(version).slice(0, 12);
}
