import { type Deks } from '../crypto/deks.ts';
import { type Json, type JsonObject } from '../domain/json.ts';
import { asObject, isList, parseHeader, parseJson, type Header } from './header.ts';
import { SEALED_FIELDS, type SealedField } from './leaf.ts';
import { openField } from './open-field.ts';
import { type FoundRow, type RecordFilter, type RecordSource } from './ports.ts';

/** One record as a person may see it. The clear data is as draft.ts wrote it. */
export interface AuditRecord {
  readonly chain: string;
  readonly seq: number;
  readonly type: string;
  /** The request's id; a system note's own. */
  readonly id: string;
  readonly tenant: string;
  readonly atMs: number;
  readonly data: JsonObject;
}

/** Who asked for what, as sealed for the tenant. */
export interface AuditContext {
  readonly principal: JsonObject;
  readonly purpose: string | undefined;
  readonly model: string | undefined;
}

/** What was found in the data subject's text, as sealed under their key. */
export interface AuditFindings {
  readonly dataSubject: string;
  /** Placeholder → original. */
  readonly originals: ReadonlyMap<string, string>;
  readonly spans: readonly Json[];
  /** Pointers of the strings that were rewritten. */
  readonly transformed: readonly Json[];
  /** What left unread: pointer, bytes and SHA-256 of each. */
  readonly opaque: readonly Json[];
}

/** `none`: was not recorded. `key_unavailable`: erased. `damaged`: not what was written; run a verification. */
export type Opened<T> =
  { readonly state: 'open'; readonly value: T } | { readonly state: 'none' | 'key_unavailable' | 'damaged' };

export interface AuditListItem {
  readonly record: AuditRecord;
  readonly context: Opened<AuditContext>;
}

export interface AuditCall {
  readonly decision: AuditRecord | undefined;
  readonly completion: AuditRecord | undefined;
  /** Says that no completion will come, or that none had when it was written. */
  readonly incomplete: AuditRecord | undefined;
  readonly context: Opened<AuditContext>;
  /** The body as it left. */
  readonly body: Opened<string>;
  readonly findings: Opened<AuditFindings>;
  /** The answer as the runner gave it. */
  readonly response: Opened<string>;
}

export interface AuditReader {
  /**
   * Newest first by id, at most `limit` (1 … 1,000). `next` continues: pass it as `beforeId`; undefined at the end.
   * Whoever calls this for a person notes AUDIT_READ.
   */
  list(
    filter: RecordFilter,
    limit: number,
  ): Promise<{ readonly items: readonly AuditListItem[]; readonly next: string | undefined }>;
  /** Everything about one request, decrypted; undefined when nothing is recorded. `tenant` bounds who may see it. */
  show(requestId: string, tenant?: string): Promise<AuditCall | undefined>;
}

const MAX_PAGE = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CALL_TYPES = ['DECISION', 'COMPLETION', 'INCOMPLETE'] as const;

export function createAuditReader(deps: { readonly source: RecordSource; readonly deks: Deks }): AuditReader {
  const { source, deks } = deps;
  return {
    async list(filter, limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
        throw new RangeError('limit is 1 … 1000');
      for (const id of [filter.requestId, filter.beforeId]) {
        if (id !== undefined && !UUID.test(id)) throw new RangeError('an id is a lower-case UUID');
      }
      const rows = await source.find(filter, limit, ['context']);
      // A page ends between ids, so that the records of one request are never torn apart.
      const last = rows.at(-1)?.requestId;
      const rest =
        rows.length < limit
          ? []
          : await source.find({ ...filter, requestId: last ?? '' }, MAX_PAGE, ['context']);
      const page = rest.length === 0 ? rows : [...rows.filter((row) => row.requestId !== last), ...rest];
      const items = await Promise.all(
        page.map(async (row) => ({ record: toRecord(row), context: await openContext(row, deks) })),
      );
      return { items, next: rows.length < limit ? undefined : last };
    },
    async show(requestId, tenant) {
      if (!UUID.test(requestId)) return undefined;
      const filter = { requestId, types: CALL_TYPES, ...(tenant === undefined ? {} : { tenant }) };
      const rows = await source.find(filter, CALL_TYPES.length * 2, SEALED_FIELDS);
      if (rows.length === 0) return undefined;
      const of = (type: (typeof CALL_TYPES)[number]) => rows.find((row) => row.type === type);
      const decision = of('DECISION');
      const completion = of('COMPLETION');
      const incomplete = of('INCOMPLETE');
      return {
        decision: decision && toRecord(decision),
        completion: completion && toRecord(completion),
        incomplete: incomplete && toRecord(incomplete),
        context: await openContext(decision, deks),
        body: await openText(decision, 'body', deks),
        findings: parseWith(await openText(decision, 'findings', deks), toFindings),
        response: await openText(completion, 'response', deks),
      };
    },
  };
}

async function openContext(row: FoundRow | undefined, deks: Deks): Promise<Opened<AuditContext>> {
  return parseWith(await openText(row, 'context', deks), toContext);
}

async function openText(row: FoundRow | undefined, field: SealedField, deks: Deks): Promise<Opened<string>> {
  const envelope = row?.fields[field];
  if (row === undefined || envelope === undefined) return { state: 'none' };
  const header = parseHeader(row.header);
  if (header === undefined) return { state: 'damaged' };
  const opened = await openField(header, field, envelope, deks);
  return opened.state === 'open' ? { state: 'open', value: opened.text } : opened;
}

function parseWith<T>(opened: Opened<string>, parse: (json: JsonObject) => T | undefined): Opened<T> {
  if (opened.state !== 'open') return opened;
  const json = asObject(parseJson(opened.value));
  const value = json === undefined ? undefined : parse(json);
  return value === undefined ? { state: 'damaged' } : { state: 'open', value };
}

function toContext(json: JsonObject): AuditContext | undefined {
  const principal = asObject(json['principal']);
  const { purpose, model } = json;
  if (principal === undefined) return undefined;
  return {
    principal,
    purpose: typeof purpose === 'string' ? purpose : undefined,
    model: typeof model === 'string' ? model : undefined,
  };
}

function toFindings(json: JsonObject): AuditFindings | undefined {
  const { dataSubject, spans, transformed, opaque } = json;
  const originals = asObject(json['originals']);
  if (typeof dataSubject !== 'string' || originals === undefined) return undefined;
  const pairs = Object.entries(originals).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    dataSubject,
    originals: new Map(pairs),
    spans: list(spans),
    transformed: list(transformed),
    opaque: list(opaque),
  };
}

function list(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** A row whose header does not parse is shown with what its columns say, and no data. */
export function toRecord(row: FoundRow): AuditRecord {
  const header: Header | undefined = parseHeader(row.header);
  return {
    chain: header?.chain ?? '',
    seq: row.seq,
    type: row.type,
    id: row.requestId,
    tenant: row.tenant,
    atMs: row.atMs,
    data: header?.data ?? {},
  };
}
