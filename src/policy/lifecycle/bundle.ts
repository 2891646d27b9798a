import { createHash } from 'node:crypto';

/** A policy as it is submitted, kept and exported: every file it is made of, as written. */
export interface PolicyBundle {
  /** Name of the file that includes the others. */
  readonly entry: string;
  /** Name → text. */
  readonly files: Readonly<Record<string, string>>;
}

const MAX_FILES = 100;
const MAX_CHARS = 16 * 1024 * 1024;
/** A path below the folder: what is exported must not be written anywhere else. */
const FILE_NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

export function oneFile(text: string): PolicyBundle {
  return { entry: 'policy.yaml', files: { 'policy.yaml': text } };
}

/** One text for one bundle, whatever the order of its files: what the version's hash is of. */
export function encodeBundle({ entry, files }: PolicyBundle): string {
  const names = Object.keys(files).sort();
  return JSON.stringify({ entry, files: Object.fromEntries(names.map((name) => [name, files[name]])) });
}

/** Lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Anything → a bundle; throws a RangeError that says what is wrong and quotes nothing. */
export function parseBundle(value: unknown): PolicyBundle {
  if (!isRecord(value)) throw new RangeError('a bundle is an object with entry and files');
  const { entry, files } = value;
  if (typeof entry !== 'string' || !isRecord(files)) {
    throw new RangeError('a bundle is an object with entry (a file name) and files (name: text)');
  }
  const names = Object.keys(files);
  if (names.length > MAX_FILES) throw new RangeError(`a bundle has at most ${MAX_FILES} files`);
  if (!names.includes(entry)) throw new RangeError('the entry of a bundle is one of its files');
  let chars = 0;
  const texts: [string, string][] = names.map((name) => {
    const text = files[name];
    if (name.length > 200 || !FILE_NAME.test(name)) {
      throw new RangeError('a file name has letters, digits, dots, dashes, underscores and slashes between');
    }
    if (typeof text !== 'string' || /[\0\p{Surrogate}]/u.test(text)) {
      throw new RangeError('a file of a bundle is text in Unicode');
    }
    chars += text.length;
    return [name, text];
  });
  if (chars > MAX_CHARS) throw new RangeError(`a bundle has at most ${MAX_CHARS} characters`);
  return { entry, files: Object.fromEntries(texts) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
