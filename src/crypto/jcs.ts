import { type Json } from '../domain/json.ts';

const MAX_DEPTH = 128;
/** Printable ASCII that needs no escape: nearly everything in our headers. */
const PLAIN = /^[ !#-[\]-~]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * RFC 8785 canonical JSON: members sorted by UTF-16 code units, numbers as ECMAScript prints them, no white space.
 * Throws RangeError on what has no canonical form (NaN, infinities, lone surrogates, nesting beyond 128) and
 * TypeError on what is not JSON; a hash over a "nearly canonical" text would be worthless.
 */
export function canonicalize(value: Json): string {
  return write(value, 0);
}

function write(value: Json, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError('JSON is nested too deeply to be canonicalised');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a number without a JSON form');
    return JSON.stringify(value);
  }
  if (isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  // What the types promise, a caller may still break: JSON has no functions, symbols or big integers.
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not JSON`);
  return writeObject(value, depth);
}

function writeObject(value: Readonly<Record<string, Json>>, depth: number): string {
  const members: string[] = [];
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) throw new TypeError('undefined is not JSON');
    members.push(`${quote(key)}:${write(member, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

/** Most objects come with their names in order already, which is cheaper to see than to sort. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  }
  return keys;
}

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const quoted = JSON.stringify(text);
  // JSON.stringify writes a lone surrogate as \\udXXX, so the slower test is needed only where that shows.
  if (quoted.includes('\\ud') && LONE_SURROGATE.test(text)) {
    throw new RangeError('a lone surrogate has no UTF-8 form');
  }
  return quoted;
}

function isArray(value: readonly Json[] | Readonly<Record<string, Json>>): value is readonly Json[] {
  return Array.isArray(value);
}
