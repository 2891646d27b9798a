import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { collectIncludes, type PolicyText } from '../policy/include.ts';
import { packageDirectory } from './locations.ts';

/** Policy packs that come with Cordon. */
function packsDirectory(): string {
  return path.join(packageDirectory(), 'policies', 'packs');
}

export async function packNames(): Promise<readonly string[]> {
  const files = await readdir(packsDirectory());
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** A set with all that it includes, read once: what is built from it no longer depends on any file. */
export async function readPolicyFiles(file: string): Promise<PolicyText> {
  const text = await readFile(file, 'utf8');
  const directory = path.dirname(path.resolve(file));
  return collectIncludes({ text, source: file }, (key) =>
    key.startsWith('./') ? readInside(directory, key) : readInside(packsDirectory(), `./${key}.yaml`),
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
