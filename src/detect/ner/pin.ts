import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, join, relative, resolve, sep } from 'node:path';
import { MANIFEST, sha256 } from './manifest.ts';
import { modelError } from './model-error.ts';
import { readModelParts } from './model-parts.ts';

export interface PinOptions {
  readonly name?: string;
  readonly version?: string;
  readonly source?: string;
  readonly licence?: string;
  /** Replace a manifest that is there. */
  readonly force?: boolean;
}

export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly files: number;
  /** SHA-256 of MANIFEST.json, hex. */
  readonly manifestSha256: string;
}

/**
 * Writes the MANIFEST.json of a stranger's model: every file that is in the folder now, with its digest. Only for a
 * folder that is a model, so that a wrong path does not get a manifest.
 * @throws CordonError when it is none, or when there is a manifest already
 */
export async function pinModel(directory: string, options: PinOptions = {}): Promise<Pinned> {
  const files = await filesIn(directory);
  if (files.includes(MANIFEST) && options.force !== true) {
    throw modelError(`the folder has a ${MANIFEST} already; --force replaces it`);
  }
  const named = files.filter((file) => file !== MANIFEST);
  const entries = await Promise.all(
    named.map(async (file) => [file, await describe(join(directory, file))] as const),
  );
  const { name, version } = await identify(directory, options);
  const manifest = {
    name,
    version,
    ...(options.licence === undefined ? {} : { licence: options.licence }),
    files: Object.fromEntries(entries),
    sources: options.source === undefined ? [] : [{ name: options.source }],
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(join(directory, MANIFEST), text, { flag: options.force === true ? 'w' : 'wx' });
  // Proof that what was written is what loading accepts.
  await readModelParts({ directory, allowUnmanifested: false });
  return { name, version, files: named.length, manifestSha256: sha256(Buffer.from(text)) };
}

/** Relative paths with `/`, sorted. What a download leaves behind in dot files is no part of a model. */
async function filesIn(directory: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(directory, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw modelError(`there is no folder ${basename(directory)} that can be read`, cause);
  }
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').some((part) => part.startsWith('.')))
    .sort();
}

async function describe(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return { sha256: hash.digest('hex'), bytes: (await stat(file)).size };
}

async function identify(directory: string, options: PinOptions): Promise<{ name: string; version: string }> {
  const plain = (text: string): string => text.replace(/[^\w.-]/g, '_').slice(0, 100);
  const parts = await readModelParts({ directory, allowUnmanifested: true, ignoreManifest: true });
  return {
    name: plain(options.name ?? basename(resolve(directory))),
    version: plain(options.version ?? parts.digest.slice(0, 12)),
  };
}
