import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modelError } from './model-error.ts';
import { asRecord, type Fields } from './fields.ts';

/** MANIFEST.json of a model folder, as far as loading needs it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, { readonly sha256: string; readonly bytes: number }>;
}

/** A model's folder. What `read` returns are the very bytes that were checked. */
export interface ModelFolder {
  readonly directory: string;
  readonly manifest: Manifest | undefined;
  has(file: string): Promise<boolean>;
  /** @throws CordonError when the file is missing or is not what MANIFEST.json says */
  read(file: string): Promise<Uint8Array>;
  readJson(file: string): Promise<Fields>;
}

export const MANIFEST = 'MANIFEST.json';
/** Larger files (further weights) are hashed in passing. */
const MAX_HELD_BYTES = 1024 * 1024 * 1024;
const NAME = /^[\w.-]{1,100}$/;

/**
 * Opens a model's folder and, where it has a MANIFEST.json, checks every file that is named there: a model is code
 * that decides what leaves, so a changed file refuses to load.
 *
 * `manifestSha256` is what MANIFEST.json itself must be, when somebody has written that down elsewhere;
 * `ignoreManifest` is for writing a new one.
 */
export async function openModelFolder(
  directory: string,
  options: { readonly manifestSha256?: string; readonly ignoreManifest?: boolean } = {},
): Promise<ModelFolder> {
  const manifest =
    options.ignoreManifest === true ? undefined : await readManifest(directory, options.manifestSha256);
  const checked = new Map<string, Uint8Array>();

  const read = async (file: string): Promise<Uint8Array> => {
    const known = checked.get(file);
    if (known !== undefined) return known;
    if (manifest !== undefined) {
      throw modelError(`${file} is not named in ${MANIFEST}; add its sha256 and bytes, or remove the file`);
    }
    return readBytes(directory, file);
  };
  // Also files that are not read here, as weights in further files are read by onnxruntime alone.
  for (const [file, { sha256: digest, bytes: size }] of manifest?.files ?? []) {
    const bytes = size <= MAX_HELD_BYTES ? await readBytes(directory, file) : undefined;
    const actual = bytes === undefined ? await digestOf(join(directory, file)) : sha256(bytes);
    if (actual !== digest || (bytes !== undefined && bytes.length !== size)) {
      throw modelError(`${file} is not the file that ${MANIFEST} names; fetch the model again`);
    }
    if (bytes !== undefined) checked.set(file, bytes);
  }

  return {
    directory,
    manifest,
    read,
    has: async (file) => (await stat(join(directory, file)).catch(() => undefined))?.isFile() === true,
    readJson: async (file) => parseFields(await read(file), file),
  };
}

async function readManifest(directory: string, expected: string | undefined): Promise<Manifest | undefined> {
  const isThere = await stat(join(directory, MANIFEST)).catch(() => undefined);
  if (isThere === undefined && expected === undefined) return undefined;
  const bytes = await readBytes(directory, MANIFEST);
  if (expected !== undefined && sha256(bytes) !== expected) {
    throw modelError(
      `${MANIFEST} is not the one that detection.manifest_sha256 names; fetch the model again, or pin the new one`,
    );
  }
  const fields = parseFields(bytes, MANIFEST);
  const { name, version } = fields;
  if (typeof name !== 'string' || !NAME.test(name) || typeof version !== 'string' || !NAME.test(version)) {
    throw modelError(`${MANIFEST}: name and version must be given, in letters, digits, dots and dashes`);
  }
  const files = Object.entries(asRecord(fields['files'], `${MANIFEST}: files`)).map(([file, entry]) => {
    const { sha256: digest, bytes } = asRecord(entry, `${MANIFEST}: files`);
    const isInside = !file.startsWith('/') && !/[\\:\0]/.test(file) && !file.split('/').includes('..');
    if (
      !isInside ||
      typeof digest !== 'string' ||
      !/^[0-9a-f]{64}$/.test(digest) ||
      typeof bytes !== 'number'
    ) {
      throw modelError(`${MANIFEST}: each file needs a path inside the folder, sha256 in hex and bytes`);
    }
    return [file, { sha256: digest, bytes }] as const;
  });
  return { name, version, files: new Map(files) };
}

async function readBytes(directory: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    throw modelError(`${file} is missing from the model's folder, or cannot be read`, cause);
  }
}

function parseFields(bytes: Uint8Array, file: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw modelError(`${file} is not JSON`, cause);
  }
  return asRecord(value, file);
}

/** @throws CordonError when the file is not what it was */
export async function readChecked(directory: string, file: string, digest: string): Promise<Uint8Array> {
  const bytes = await readBytes(directory, file);
  if (sha256(bytes) !== digest) throw modelError(`${file} was changed while the model was in use`);
  return bytes;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw modelError('a file that MANIFEST.json names is missing or cannot be read', cause);
  }
  return hash.digest('hex');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
