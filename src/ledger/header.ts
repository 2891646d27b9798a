import { type Json, type JsonObject } from '../domain/json.ts';

/** A header as stored, checked for shape; see leaf.ts and seal.ts for what its parts mean. */
export interface Header {
  readonly chain: string;
  readonly seq: number;
  readonly origin: string;
  readonly type: string;
  readonly id: string;
  readonly tenant: string;
  readonly atMs: number;
  readonly data: JsonObject;
  readonly sealed: readonly SealedEntry[];
}

export interface SealedEntry {
  readonly field: string;
  readonly dek: string;
  readonly bytes: number;
}

/** Undefined when the text is not a header of a version we know. */
export function parseHeader(text: string): Header | undefined {
  const root = parseObject(text);
  const record = asObject(root?.['record']);
  if (root === undefined || record?.['v'] !== 1) return undefined;
  const { chain, seq } = root;
  const { origin, type, id, tenant, at } = record;
  const data = asObject(record['data']);
  const sealed = parseSealed(record['sealed']);
  if (typeof chain !== 'string' || typeof seq !== 'number' || typeof origin !== 'string') return undefined;
  if (typeof type !== 'string' || typeof id !== 'string' || typeof tenant !== 'string') return undefined;
  if (typeof at !== 'number' || data === undefined || sealed === undefined) return undefined;
  return { chain, seq, origin, type, id, tenant, atMs: at, data, sealed };
}

/** The part of a header that does not depend on its place. */
export function recordOf(header: string): JsonObject | undefined {
  return asObject(parseObject(header)?.['record']);
}

export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What JSON.parse returns is JSON; this says so to the compiler. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function parseObject(text: string): JsonObject | undefined {
  return asObject(parseJson(text));
}

function parseSealed(value: Json | undefined): readonly SealedEntry[] | undefined {
  if (!isList(value)) return undefined;
  const entries: SealedEntry[] = [];
  for (const item of value) {
    const entry = asObject(item);
    const { field, dek, bytes } = entry ?? {};
    if (typeof field !== 'string' || typeof dek !== 'string' || typeof bytes !== 'number') return undefined;
    entries.push({ field, dek, bytes });
  }
  return entries;
}
