import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { parseBundle, type PolicyBundle, type ShippedPacks } from '../policy/lifecycle/bundle.ts';
import { collectIncludes, type PolicyText } from '../policy/include.ts';
import { type Config } from '../config/load.ts';
import { type Vocabulary } from '../policy/check.ts';
import { SUPPORTED_HANDLINGS } from '../policy/engine.ts';
import { readDetectionRules } from './detection-rules.ts';
import { packageDirectory } from './locations.ts';

/** Every operation a rule may name: a misspelt one is refused instead of never applying. Those not served yet are 501. */
export const OPERATIONS = [
  ...['chat', 'completions', 'responses', 'messages', 'embeddings', 'models'],
  ...[
    'chat.retrieve',
    'chat.list',
    'chat.update',
    'chat.delete',
    'responses.retrieve',
    'responses.delete',
    'responses.cancel',
  ],
  ...['analyze', 'anonymize', 'deanonymize', 'sanitize', 'guardrail'],
] as const;

/** Policy packs that come with Cordon. */
function packsDirectory(): string {
  return path.join(packageDirectory(), 'policies', 'packs');
}

export async function readPacks(): Promise<ShippedPacks> {
  const directory = packsDirectory();
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = files.map(async (file): Promise<[string, string]> => [
    file.slice(0, -'.yaml'.length),
    await readFile(path.join(directory, file), 'utf8'),
  ]);
  return new Map(await Promise.all(texts));
}

/** The words that a policy may use here. */
export async function readVocabulary(config: Config): Promise<Vocabulary> {
  return {
    supportedHandlings: SUPPORTED_HANDLINGS,
    extraEntities: readDetectionRules(config).entities,
    operations: OPERATIONS,
    packs: [...(await readPacks()).keys()],
  };
}

/**
 * A set with all that it includes, read once: what is built from it no longer depends on any file. A pack in `packs/`
 * beside the set goes before ours of that name, so that what was exported with a version stays what it was; `lint`, who
 * submits and who approves are told of it.
 */
export async function readPolicyFiles(file: string): Promise<PolicyText> {
  const text = await readFile(file, 'utf8');
  const directory = path.dirname(path.resolve(file));
  return collectIncludes({ text, source: file }, async (key) =>
    key.startsWith('./')
      ? readInside(directory, key)
      : ((await readInside(directory, `./packs/${key}.yaml`)) ??
        readInside(packsDirectory(), `./${key}.yaml`)),
  );
}

/** Undefined for what is not there, cannot be read, or is a link that leads out of the directory. */
async function readInside(directory: string, relative: string): Promise<string | undefined> {
  try {
    const [home, file] = await Promise.all([realpath(directory), realpath(path.join(directory, relative))]);
    return file.startsWith(home + path.sep) ? await readFile(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The same as it is submitted and kept; rejects with a RangeError when it cannot be. */
export async function readPolicyBundle(file: string): Promise<PolicyBundle> {
  return parseBundle(await readPolicyFiles(file));
}
