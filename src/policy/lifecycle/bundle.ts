import { createHash } from 'node:crypto';

/** A policy as it is submitted, kept and exported: its text and the text of everything that it includes, as written. */
export interface PolicyBundle {
  readonly text: string;
  /** By the name of a pack (`gdpr`) or the path from the set (`./teams/support.yaml`). */
  readonly included: Readonly<Record<string, string>>;
}

const MAX_FILES = 64;
const MAX_CHARS = 16 * 1024 * 1024;
/** A pack, or a path below the set's folder: what is exported must not be written anywhere else. */
const KEY = /^(?!.*\/\.{1,2}(?:\/|$))(?:\.(?:\/[A-Za-z0-9._-]{1,100}){1,10}|[a-z0-9][a-z0-9-]{0,63})$/;

/** One text for one bundle, whatever the order of its files: what the version's hash is of. */
export function encodeBundle({ text, included }: PolicyBundle): string {
  const keys = Object.keys(included).sort();
  return JSON.stringify({ included: Object.fromEntries(keys.map((key) => [key, included[key]])), text });
}

/** Lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Anything → a bundle; throws a RangeError that says what is wrong and quotes nothing. */
export function parseBundle(value: unknown): PolicyBundle {
  if (!isRecord(value)) throw new RangeError('a bundle is an object with text and included');
  const { text, included = {} } = value;
  if (!isText(text)) throw new RangeError('the text of a bundle is text in Unicode');
  if (!isRecord(included)) throw new RangeError('what a bundle includes is an object of texts by name');
  const entries = Object.entries(included);
  if (entries.length > MAX_FILES) throw new RangeError(`a bundle includes at most ${MAX_FILES} files`);
  let chars = text.length;
  const files = entries.map(([key, file]): [string, string] => {
    if (!KEY.test(key)) {
      throw new RangeError(
        'an included file is named like a pack (gdpr) or by its path (./teams/support.yaml)',
      );
    }
    if (!isText(file)) throw new RangeError('an included file is text in Unicode');
    chars += file.length;
    return [key, file];
  });
  if (chars > MAX_CHARS) throw new RangeError(`a bundle has at most ${MAX_CHARS} characters`);
  return { text, included: Object.fromEntries(files) };
}

/** The database holds no NUL, and a lone surrogate has no UTF-8 form. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
