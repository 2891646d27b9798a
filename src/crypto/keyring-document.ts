import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { type JsonObject } from '../domain/json.ts';
import { canonicalize } from './jcs.ts';
import { type Kek } from './keyring.ts';

const KEY_BYTES = 32;
const ID = /^[\w.-]{1,100}$/;

interface HeldKek {
  readonly key: KeyObject;
  readonly createdMs: number | undefined;
}

/** What a keyring of our own holds. The keys are in the order of their making. */
export interface KeyringDocument {
  readonly current: string;
  readonly keks: ReadonlyMap<string, HeldKek>;
  /** By version, ascending. */
  readonly index: ReadonlyMap<number, KeyObject>;
}

export function newDocument(nowMs: number): KeyringDocument {
  const index = new Map([[1, newKey()]]);
  return withNewKek({ current: '', keks: new Map(), index }, nowMs);
}

export function withNewKek(document: KeyringDocument, nowMs: number): KeyringDocument {
  const id = `kek-${randomBytes(8).toString('hex')}`;
  const keks = new Map([...document.keks, [id, { key: newKey(), createdMs: nowMs }] as const]);
  return { ...document, current: id, keks };
}

export function withNewIndex(document: KeyringDocument): KeyringDocument {
  const next = Math.max(...document.index.keys()) + 1;
  return { ...document, index: new Map([...document.index, [next, newKey()] as const]) };
}

export function withoutKek(document: KeyringDocument, id: string): KeyringDocument {
  if (id === document.current) throw new RangeError('the current key encryption key cannot be destroyed');
  return { ...document, keks: new Map([...document.keks].filter(([other]) => other !== id)) };
}

export function listKeks(document: KeyringDocument): readonly Kek[] {
  return [...document.keks].map(([id, { createdMs }]) => ({
    id,
    current: id === document.current,
    createdMs,
  }));
}

/** Version 2: `{version, current, keys: {id: {key: base64, created: ms}}, index: {number: base64}}`. */
export function formatDocument({ current, keks, index }: KeyringDocument): string {
  const keys = [...keks].map(([id, { key, createdMs }]): [string, JsonObject] => [
    id,
    { key: base64(key), ...(createdMs === undefined ? {} : { created: createdMs }) },
  ]);
  const versions = [...index].map(([version, key]): [string, string] => [String(version), base64(key)]);
  const document: JsonObject = {
    version: 2,
    current,
    keys: Object.fromEntries(keys),
    index: Object.fromEntries(versions),
  };
  return `${JSON.stringify(document)}\n`;
}

/** Also reads version 1: `{version, current, keys: {id: base64}, index: base64}`. No message quotes the text. */
export function parseDocument(text: string): KeyringDocument {
  const document = asObject(parseJson(text));
  const { version, current } = document;
  if (version !== 1 && version !== 2) throw new Error('the keyring has an unknown version');
  const keks = new Map<string, HeldKek>();
  for (const [id, value] of Object.entries(asObject(document['keys']))) {
    if (!ID.test(id)) throw new Error('a key of the keyring has a malformed id');
    keks.set(id, parseKek(value));
  }
  if (typeof current !== 'string' || !keks.has(current)) throw new Error('the keyring names no current key');
  const index = new Map<number, KeyObject>();
  const versions = version === 1 ? { 1: document['index'] } : asObject(document['index']);
  // Integer-like names come in ascending order, whatever the text has.
  for (const [name, value] of Object.entries(versions)) {
    if (name !== String(index.size + 1)) throw new Error('the index keys of the keyring have a gap');
    index.set(index.size + 1, parseKey(value));
  }
  if (index.size === 0) throw new Error('the keyring has no index key');
  return { current, keks, index };
}

/** HMAC-SHA256 under an index key; see Keyring.reference. */
export function createReference(
  index: ReadonlyMap<number, KeyObject>,
): (parts: readonly string[], version?: number) => Buffer {
  return (parts, version = 1) => {
    const key = index.get(version);
    if (key === undefined) throw new RangeError('there is no such version of the index key');
    return createHmac('sha256', key).update(canonicalize(parts)).digest();
  };
}

/** Throws when a version that was known is gone or another: people would be known by other pseudonyms from then on. */
export function checkIndexKept(
  before: ReadonlyMap<number, KeyObject>,
  after: ReadonlyMap<number, KeyObject>,
): void {
  for (const [version, key] of before) {
    if (after.get(version)?.equals(key) !== true) {
      throw new Error('the index key is not the one it was; this is not the keyring of before');
    }
  }
}

function parseKek(value: unknown): HeldKek {
  if (typeof value === 'string') return { key: parseKey(value), createdMs: undefined };
  const { key, created } = asObject(value);
  if (created !== undefined && !(typeof created === 'number' && Number.isSafeInteger(created))) {
    throw new Error('a key of the keyring has a malformed date');
  }
  return { key: parseKey(key), createdMs: created };
}

/** V8's own message would quote the file, keys included. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the keyring is not JSON');
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('the keyring is malformed');
  return { ...value };
}

function parseKey(value: unknown): KeyObject {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length !== KEY_BYTES) throw new Error('a key of the keyring is not 32 bytes');
  return createSecretKey(bytes);
}

function newKey(): KeyObject {
  return createSecretKey(randomBytes(KEY_BYTES));
}

function base64(key: KeyObject): string {
  return key.export().toString('base64');
}
