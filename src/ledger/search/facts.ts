import { type Json, type JsonObject } from '../../domain/json.ts';
import { asObject, isList } from '../header.ts';

/** What a record is found by beside tenant, type and time. Derived from the clear part of its header, and only from it. */
export interface Facts {
  /** Hex of SHORT_BYTES: the beginning of the header's pseudonym. */
  readonly subject: string | undefined;
  readonly caller: string | undefined;
  /** `name:value`, each once. */
  readonly tags: readonly string[];
}

/** Names of tags. What is asked of the end of a call stands on its COMPLETION or INCOMPLETE. */
export const DECISION_TAGS = [
  ...['allow', 'reason', 'operation', 'model', 'purpose', 'runner', 'region', 'trust', 'policy', 'rule'],
  ...['entity', 'handling', 'indexed'],
] as const;
export const END_TAGS = ['outcome', 'error', 'sent', 'output'] as const;
export type TagName = (typeof DECISION_TAGS)[number] | (typeof END_TAGS)[number];

const SHORT_DIGITS = 32;
/** Of a policy's hash: enough to tell versions apart. */
const POLICY_DIGITS = 16;
/** Separates tags on their way into the database. */
export const TAG_SEPARATOR = '\u001f';
const MAX_TAG_CHARS = 300;

export function tag(name: TagName, value: string): string {
  const short = name === 'policy' ? value.slice(0, POLICY_DIGITS) : value;
  return `${name}:${short.replace(/[\p{Cc}\p{Cs}]/gu, '?')}`.slice(0, MAX_TAG_CHARS);
}

export function factsOf(type: string, data: JsonObject): Facts {
  const tags = new Set<string>();
  const add = (name: TagName, value: Json | undefined): void => {
    if (typeof value === 'string' && value !== '') tags.add(tag(name, value));
  };
  if (type === 'DECISION') addDecision(data, add);
  if (type === 'COMPLETION') addCompletion(data, add);
  if (type === 'INCOMPLETE') add('outcome', 'incomplete');
  return {
    subject: shortReference(data['subject']),
    // Records of Cordon's own name who did it by either of these.
    caller: shortReference(data['caller'] ?? data['actor'] ?? data['by']),
    tags: [...tags],
  };
}

type Add = (name: TagName, value: Json | undefined) => void;

function addDecision(data: JsonObject, add: Add): void {
  add('allow', data['allow'] === true ? 'true' : 'false');
  for (const name of ['reason', 'operation', 'model', 'purpose', 'policy', 'indexed'] as const)
    add(name, data[name]);
  for (const place of [data['destination'] ?? null, ...listOf(data['alternatives'])]) {
    const { runner, region, trust } = asObject(place) ?? {};
    add('runner', runner);
    add('region', region);
    add('trust', trust);
  }
  for (const rule of listOf(data['rules'])) add('rule', rule);
  for (const entity of keysOf(data['counts'])) add('entity', entity);
  for (const entity of keysOf(data['handling'])) {
    const handling = asObject(data['handling'])?.[entity];
    if (typeof handling === 'string') add('handling', `${entity}=${handling}`);
  }
}

function addCompletion(data: JsonObject, add: Add): void {
  add('outcome', data['outcome']);
  add('error', data['error']);
  for (const attempt of listOf(data['attempts'])) {
    const { runner, outcome } = asObject(attempt) ?? {};
    // A try that failed may have been read before it did.
    if (outcome !== 'skipped') add('sent', runner);
  }
  const { counts } = asObject(data['output']) ?? {};
  for (const entity of keysOf(counts)) add('output', entity);
}

/** Sorted: a header has its keys in another order than what it was made from. */
function keysOf(value: Json | undefined): readonly string[] {
  return Object.keys(asObject(value) ?? {}).sort();
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** Pseudonyms in headers are hex of 32 bytes; half of that still tells everybody apart. */
function shortReference(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) return undefined;
  return value.slice(0, SHORT_DIGITS);
}
