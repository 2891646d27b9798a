import { createHash } from 'node:crypto';
import { include } from '../words.ts';

/** A policy as it is submitted, kept and exported: its text and the text of everything that it includes, as written. */
export interface PolicyBundle {
  readonly text: string;
  /** By the name of a pack (`gdpr`) or the path from the set (`./teams/support.yaml`). */
  readonly included: Readonly<Record<string, string>>;
}

const MAX_FILES = 64;
const MAX_CHARS = 16 * 1024 * 1024;
/** The set's own file, and the folder of its packs, where a bundle is written out. */
export const ENTRY = 'policy.yaml';
const PACKS = 'packs';

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
  const taken = new Set([ENTRY]);
  const files = entries.map(([key, file]): [string, string] => {
    // A name that no set can include has no business here: what is exported is written into somebody's folder, beside
    // their `.git`.
    if (!include.safeParse(key).success) {
      throw new RangeError(
        'an included file is named like a pack (gdpr) or by its path (./teams/support.yaml)',
      );
    }
    const place = placeOf(key).toLowerCase();
    if (taken.has(place)) {
      throw new RangeError(
        `two files would stand in one place when this is exported: ${ENTRY} is the set itself, and ${PACKS}/NAME.yaml a pack`,
      );
    }
    taken.add(place);
    if (!isText(file)) throw new RangeError('an included file is text in Unicode');
    chars += file.length;
    return [key, file];
  });
  if (chars > MAX_CHARS) throw new RangeError(`a bundle has at most ${MAX_CHARS} characters`);
  return { text, included: Object.fromEntries(files) };
}

/** Packs by their name, with their text, as they come with this Cordon. */
export type ShippedPacks = ReadonlyMap<string, string>;

/** Packs that bear the name of one that comes with Cordon and say something else; an older one, or somebody's own. */
export function ownPacks(
  { included = {} }: { readonly included?: PolicyBundle['included'] },
  shipped: ShippedPacks,
): readonly string[] {
  return [...shipped].flatMap(([name, text]) =>
    Object.hasOwn(included, name) && included[name] !== text ? [name] : [],
  );
}

/** Where an included file is written, from the set's folder, and found again. */
export function placeOf(key: string): string {
  return key.startsWith('./') ? key.slice(2) : `${PACKS}/${key}.yaml`;
}

/** The database holds no NUL, and a lone surrogate has no UTF-8 form. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
