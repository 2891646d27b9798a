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
const FILTER_NAMES = ['tenant', 'requestId', 'types', 'fromMs', 'toMs'];

/** Reads `{query, fields, certificates}`; throws `invalid_request` for what cannot be exported. */
export function parseExportRequest(body: JsonObject, nowMs: number): ExportRequest {
  const { fields, certificates } = body;
  const known = EXPORT_FIELDS.find((name) => name === fields);
  if (known === undefined) throw invalid('fields is one of metadata, redacted, originals', '/fields');
  if (typeof certificates !== 'string') throw invalid('certificates is PEM text', '/certificates');
  return {
    filter: parseFilter(asObject(body['query'])),
    fields: known,
    certificates,
    recipients: recipientsOf(certificates, nowMs),
  };
}

/** The body again as it is proposed: what was not understood is not in it, so nobody approves what nobody reads. */
export function exportBody({ filter, fields, certificates }: ExportRequest): JsonObject {
  return { query: filterBody(filter), fields, certificates };
}

/** SHA-256 of the canonical request, hex: what an approval is bound to, and what the bundle repeats. */
export function requestHash(request: ExportRequest): string {
  return hash('sha256', canonicalize(exportBody(request)), 'hex');
}

export function filterBody(filter: RecordFilter): JsonObject {
  const { tenant, requestId, types, fromMs, toMs } = filter;
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(requestId === undefined ? {} : { requestId }),
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
  const { tenant, requestId, types, fromMs, toMs } = query;
  const isTime = (value: unknown): boolean =>
    value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
  if (tenant !== undefined && typeof tenant !== 'string') throw invalid('tenant is a text', '/query/tenant');
  if (requestId !== undefined && !(typeof requestId === 'string' && UUID.test(requestId)))
    throw invalid('requestId is a lower-case UUID', '/query/requestId');
  if (!isTime(fromMs)) throw invalid('fromMs is milliseconds since 1970', '/query/fromMs');
  if (!isTime(toMs)) throw invalid('toMs is milliseconds since 1970', '/query/toMs');
  const names = types === undefined ? undefined : textsOf(types);
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(names === undefined ? {} : { types: names }),
    ...(typeof fromMs === 'number' ? { fromMs } : {}),
    ...(typeof toMs === 'number' ? { toMs } : {}),
  };
}

function textsOf(value: JsonObject[string]): readonly string[] {
  const texts = isList(value) ? value.filter((item) => typeof item === 'string') : [];
  if (!isList(value) || texts.length !== value.length || texts.length === 0 || texts.length > MAX_TYPES)
    throw invalid('types is a list of 1 to 64 record types', '/query/types');
  return texts;
}

function invalid(message: string, param: string): CordonError {
  return new CordonError('invalid_request', `${message}.`, { param });
}
