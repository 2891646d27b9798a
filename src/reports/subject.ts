import { type Keyring, personReference } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { type Json, type JsonObject } from '../domain/json.ts';
import { type SystemRecord } from '../domain/record.ts';
import { type AuditCall, type AuditReader, type AuditRecord, type Opened } from '../ledger/read.ts';
import { factsOf } from '../ledger/search/facts.ts';
import { type FactSource, type Place } from '../ledger/search/ports.ts';
import { compileQuery, type SearchQuery } from '../ledger/search/query.ts';
import { type Actor } from '../ledger/search/search.ts';
import { type AskedValue, type Tokens } from '../ledger/search/tokens.ts';

/** Who a report is about: everything they are known by. Any of it finds a record. */
export interface SubjectRequest {
  readonly subject?: string;
  readonly values: readonly AskedValue[];
  readonly fromMs?: number;
  readonly toMs?: number;
  /** What for, in the person's words: the access request and its number. */
  readonly purpose: string;
}

/** One call that says something about the person. */
export interface SubjectCall {
  readonly requestId: string;
  readonly atMs: number;
  /** `data_subject`: the call was about them, and is opened. `mentioned`: in somebody else's call, which stays closed. */
  readonly role: 'data_subject' | 'mentioned';
  readonly purpose: string | undefined;
  readonly operation: string | undefined;
  readonly model: string | undefined;
  readonly allowed: boolean;
  /** Runners it was sent to: as its completion says, else where the decision let it go unless it ended before that. */
  readonly sentTo: readonly string[];
  readonly destination: JsonObject | undefined;
  readonly outcome: string | undefined;
  readonly policy: string | undefined;
  readonly rules: readonly string[];
  /** Entity → what was done with it. */
  readonly handling: JsonObject;
  readonly counts: JsonObject;
  /** Placeholder → what it stood for. */
  readonly found: Opened<Readonly<Record<string, string>>>;
  /** The body as it left. */
  readonly sent: Opened<string>;
  /** The answer as the runner gave it. */
  readonly answer: Opened<string>;
}

export interface SubjectReport {
  readonly createdMs: number;
  /** Oldest first. */
  readonly calls: readonly SubjectCall[];
}

export interface SubjectReportDeps {
  readonly source: FactSource;
  readonly reader: Pick<AuditReader, 'show'>;
  readonly keyring: Keyring;
  readonly tokens: Pick<Tokens, 'ofQuery'>;
  readonly note: (record: SystemRecord) => Promise<void>;
  readonly now: () => number;
}

const MAX_CALLS = 2_000;
const MAX_TEXT_CHARS = 64 * 1024 * 1024;
const PAGE = 200;
const CLOSED = { state: 'none' } as const;

/**
 * Everything about one person (GDPR 15, HIPAA 164.524). Opening what is sealed is a reveal: that it was asked for, and
 * which records were opened, is durable before the first one is.
 */
export async function reportSubject(
  deps: SubjectReportDeps,
  actor: Actor,
  request: SubjectRequest,
): Promise<SubjectReport> {
  const { tenant } = actor;
  const person = (name: string): string => personReference(deps.keyring, tenant, name).toString('hex');
  const names = [request.subject, ...request.values.map(({ text }) => text)].filter(
    (name) => name !== undefined,
  );
  if (names.length === 0) {
    throw new CordonError('invalid_request', 'Say who the report is about: a subject, or a value.');
  }
  const base = {
    atMs: deps.now(),
    tenant,
    details: { ...identifiers(request), purpose: request.purpose },
  };
  const shared = { actor: person(actor.subject), subjects: names.map(person) };
  await deps.note({ ...base, type: 'REPORTED', data: { report: 'subject', ...shared } });
  const places = await findAll(deps, tenant, person, request);
  const records = places.map(({ id }) => id);
  const details = { ...base.details, records };
  await deps.note({
    ...base,
    type: 'REVEALED',
    data: { for: 'report.subject', ...shared, records: records.length },
    details,
  });
  const own = new Set(names.map(person));
  const calls: SubjectCall[] = [];
  let chars = 0;
  for (const { id } of places) {
    const shown = await deps.reader.show(id, tenant);
    if (shown?.decision === undefined) continue;
    const call = toCall(shown, shown.decision, own);
    chars += sizeOf(call.sent) + sizeOf(call.answer);
    if (chars > MAX_TEXT_CHARS) throw tooMuch();
    calls.push(call);
  }
  return { createdMs: base.atMs, calls };
}

function identifiers({ subject, values, fromMs, toMs }: SubjectRequest): JsonObject {
  return {
    subject: subject ?? null,
    values: values.map(({ kind, text }) => ({ kind, text })),
    from: fromMs ?? null,
    to: toMs ?? null,
  };
}

async function findAll(
  deps: SubjectReportDeps,
  tenant: string,
  person: (name: string) => string,
  { subject, values, fromMs, toMs }: SubjectRequest,
): Promise<readonly Place[]> {
  const time = { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
  const queries: SearchQuery[] = values.map((value) => ({ values: [value], tags: {}, ...time }));
  if (subject !== undefined) queries.push({ subject, values: [], tags: {}, ...time });
  const found = new Map<string, Place>();
  for (const query of queries) {
    const filter = compileQuery(query, tenant, { person, tokens: deps.tokens });
    let after: Place | undefined;
    do {
      const hits = await deps.source.find(filter, after, PAGE);
      for (const hit of hits) found.set(hit.id, hit);
      if (found.size > MAX_CALLS) throw tooMuch();
      after = hits.length < PAGE ? undefined : hits.at(-1);
    } while (after !== undefined);
  }
  return [...found.values()].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

function tooMuch(): CordonError {
  return new CordonError(
    'payload_too_large',
    `A report holds at most ${MAX_CALLS} calls; ask for a shorter time, or for an export.`,
  );
}

function sizeOf(text: Opened<string>): number {
  return text.state === 'open' ? text.value.length : 0;
}

/** Somebody else's call stays closed: what is found in it is not all this person's to see. */
function toCall(call: AuditCall, decision: AuditRecord, own: ReadonlySet<string>): SubjectCall {
  const { data } = decision;
  const end = call.completion ?? call.incomplete;
  const facts = [
    ...factsOf('DECISION', data).tags,
    ...(end === undefined ? [] : factsOf(end.type, end.data).tags),
  ];
  const tagged = (name: string): readonly string[] =>
    facts.filter((fact) => fact.startsWith(`${name}:`)).map((fact) => fact.slice(name.length + 1));
  const role = typeof data['subject'] === 'string' && own.has(data['subject']) ? 'data_subject' : 'mentioned';
  const open = role === 'data_subject';
  const { findings } = call;
  return {
    requestId: decision.id,
    atMs: decision.atMs,
    role,
    purpose: tagged('purpose')[0],
    operation: tagged('operation')[0],
    model: tagged('model')[0],
    allowed: data['allow'] === true,
    sentTo: sentTo(data, tagged('sent'), tagged('outcome')[0]),
    destination: asObject(data['destination']),
    outcome: tagged('outcome')[0],
    policy: typeof data['policy'] === 'string' ? data['policy'] : undefined,
    rules: tagged('rule'),
    handling: asObject(data['handling']) ?? {},
    counts: asObject(data['counts']) ?? {},
    found: !open
      ? CLOSED
      : findings.state === 'open'
        ? { state: 'open', value: Object.fromEntries(findings.value.originals) }
        : findings,
    sent: open ? call.body : CLOSED,
    answer: open ? call.response : CLOSED,
  };
}

/** The rule that disclosures are counted by, too: see report-source. */
function sentTo(data: JsonObject, sent: readonly string[], outcome: string | undefined): readonly string[] {
  if (sent.length > 0) return sent;
  if (data['allow'] !== true || outcome === 'denied' || outcome === 'upstream_error') return [];
  const runner = asObject(data['destination'])?.['runner'];
  return typeof runner === 'string' ? [runner] : [];
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
