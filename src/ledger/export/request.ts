import { hash } from 'node:crypto';
import { type Certificate, parseRecipients } from '../../crypto/certificate.ts';
import { canonicalize } from '../../crypto/jcs.ts';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { asObject, isList } from '../header.ts';
import { SEALED_FIELDS, type SealedField } from '../leaf.ts';
import { type RecordFilter } from '../ports.ts';

/** How much of a record an export opens. */
export const EXPORT_FIELDS = ['metadata', 'redacted', 'originals'] as const;
export type ExportFields = (typeof EXPORT_FIELDS)[number];

/** What a person asks for, and a second person approves: what is searched, how much is opened, who can decrypt it. */
export interface ExportRequest {
  readonly filter: RecordFilter;
  readonly fields: ExportFields;
  /** PEM. */
  readonly certificates: string;
  readonly recipients: readonly Certificate[];
}

/** `redacted` is what left and what came back; who the placeholders stand for is with `originals` only. */
export function openedFields(fields: ExportFields): readonly SealedField[] {
  if (fields === 'metadata') return [];
  return fields === 'redacted' ? ['context', 'body', 'response'] : SEALED_FIELDS;
}

const MAX_TYPES = 64;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FILTER_NAMES = ['requestIds', 'types', 'fromMs', 'toMs'];
const MAX_REQUESTS = 10_000;

/**
 * Reads `{query, fields, certificates}`, bound to one tenant; throws `invalid_request` for what cannot be exported. What
 * a search found is exported by naming its `requestIds`.
 */
export function parseExportRequest(tenant: string, body: JsonObject, nowMs: number): ExportRequest {
  const { fields, certificates } = body;
  const known = EXPORT_FIELDS.find((name) => name === fields);
  if (known === undefined) throw invalid('fields is one of metadata, redacted, originals', '/fields');
  if (typeof certificates !== 'string') throw invalid('certificates is PEM text', '/certificates');
  return {
    filter: { tenant, ...parseFilter(asObject(body['query'])) },
    fields: known,
    certificates,
    recipients: recipientsOf(certificates, nowMs),
  };
}

/** The body again as it is proposed: what was not understood is not in it, so nobody approves what nobody reads. */
export function exportBody({ filter, fields, certificates }: ExportRequest): JsonObject {
  return { query: queryOf(filter), fields, certificates };
}

/** SHA-256 of the canonical request and its tenant, hex. The bundle repeats it, so that it can be held against the proposal. */
export function requestHash(request: ExportRequest): string {
  const tenant = request.filter.tenant ?? null;
  return hash('sha256', canonicalize({ ...exportBody(request), tenant }), 'hex');
}

export function queryOf({ requestIds, types, fromMs, toMs }: RecordFilter): JsonObject {
  return {
    ...(requestIds === undefined ? {} : { requestIds }),
    ...(types === undefined ? {} : { types }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

function recipientsOf(pem: string, nowMs: number): readonly Certificate[] {
  try {
    return parseRecipients(pem, nowMs);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'the certificates are malformed', '/certificates');
  }
}

function parseFilter(query: JsonObject | undefined): RecordFilter {
  if (query === undefined) throw invalid('query is an object', '/query');
  // A misspelt condition would widen the export to everything.
  if (Object.keys(query).some((name) => !FILTER_NAMES.includes(name)))
    throw invalid(`query has only ${FILTER_NAMES.join(', ')}`, '/query');
  const { requestIds, types } = query;
  const ids = requestIds === undefined ? undefined : textsOf(requestIds, MAX_REQUESTS, '/query/requestIds');
  const names = types === undefined ? undefined : textsOf(types, MAX_TYPES, '/query/types');
  if (ids?.some((id) => !UUID.test(id)) === true)
    throw invalid('a request id is a lower-case UUID', '/query/requestIds');
  const [fromMs, toMs] = [timeOf(query, 'fromMs'), timeOf(query, 'toMs')];
  return {
    ...(ids === undefined ? {} : { requestIds: ids }),
    ...(names === undefined ? {} : { types: names }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

function timeOf(query: JsonObject, name: 'fromMs' | 'toMs'): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(`${name} is milliseconds since 1970`, `/query/${name}`);
  return value;
}

function textsOf(value: JsonObject[string], most: number, param: string): readonly string[] {
  const texts = isList(value) ? value.filter((item) => typeof item === 'string') : [];
  if (!isList(value) || texts.length !== value.length || texts.length === 0 || texts.length > most)
    throw invalid(`this is a list of 1 to ${most} texts`, param);
  return texts;
}

function invalid(message: string, param: string): CordonError {
  return new CordonError('invalid_request', `${message}.`, { param });
}
