import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chown, link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MAX_FILE_BYTES = 1024 * 1024;
const ASIDE = /\.[0-9a-f]{12}$/;

/** The text of a file that holds keys. Refused when group or others can read it, and when it is a symbolic link. */
export async function readPrivateFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error(`${path} is not a key file`);
    if ((stat.mode & 0o077) !== 0) throw new Error(`${path} can be read by others; run: chmod 600 ${path}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Written aside, flushed, then linked into place: a crash leaves no half file, and the first of two writers wins. False: not first. */
export async function writePrivateFile(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = await writeAside(path, text);
  let first = true;
  try {
    await link(aside, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    first = false;
  } finally {
    await unlink(aside);
  }
  await syncDirectory(dirname(path));
  return first;
}

/**
 * Written aside, flushed, then renamed over the old one: after a crash or on a full disk the file is the old or the new
 * one. What a crash left beside it goes first, for it may hold keys that were destroyed since.
 */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const isLeft = name.startsWith(`${basename(path)}.`) && ASIDE.test(name);
    if (isLeft) await unlink(join(dirname(path), name));
  }
  const { uid, gid } = await stat(path);
  const aside = await writeAside(path, text);
  try {
    // Run by root, it must stay readable for the account that serves.
    if (process.getuid?.() !== uid) await chown(aside, uid, gid);
    await rename(aside, path);
  } catch (error) {
    await unlink(aside);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** The path of a new file beside `path`; nothing is left of it when it cannot be written. */
async function writeAside(path: string, text: string): Promise<string> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await unlink(aside);
    throw error;
  } finally {
    await file.close();
  }
  return aside;
}

export function isMissing(error: unknown): boolean {
  return isCode(error, 'ENOENT');
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
