import { type JsonObject } from '../domain/json.ts';
import {
  type CompletionRecord,
  type DecisionRecord,
  type OutputFindings,
  type Place,
  type SystemRecord,
} from '../domain/record.ts';
import { type Attempt } from '../domain/runner.ts';
import { type SealedField } from './leaf.ts';
import { type Token, type Tokens } from './search/tokens.ts';

export type RecordType = 'DECISION' | 'COMPLETION' | SystemRecord['type'];

/** A record before encryption: what will be in clear, and what will be sealed under whose key. */
export interface Draft {
  readonly type: RecordType;
  /** The request's id (UUID); a system note has one of its own. With `type`, it identifies the record. */
  readonly id: string;
  readonly tenant: string;
  readonly atMs: number;
  /** The clear part; no personal data. */
  readonly data: JsonObject;
  /** In SEALED_FIELDS order. */
  readonly payloads: readonly Payload[];
  /** Pseudonym of the data subject, whose key seals the `subject` payloads; empty when there are none. */
  readonly subject: Buffer;
  /** What the record is found by beside its header; kept beside the record and never in it. */
  readonly tokens?: readonly Token[];
}

export interface Payload {
  readonly field: SealedField;
  readonly owner: 'tenant' | 'subject';
  readonly text: string;
}

/** What one row of the index weighs in a batch: it is small, and many of them take the database as long as a payload. */
export const TOKEN_BYTES = 512;

/** A keyed pseudonym for a person within a tenant; see Keyring.reference. */
export type Pseudonym = (tenant: string, person: string) => Buffer;

/**
 * In clear: what was decided and by which rules, counts, versions, and pseudonyms of caller and data subject. Sealed
 * for the tenant: the caller's claims, and the body as it left. Sealed for the data subject: who that is, originals
 * and where spans were found, for pointers hold object keys, which callers choose and may put personal data in.
 * Model and purpose are the policy's vocabulary once it allowed them; before that they are text from outside.
 */
export function decisionDraft(
  record: DecisionRecord,
  pseudonym: Pseudonym,
  index: Pick<Tokens, 'ofRecord'>,
): Draft {
  const {
    principal,
    allow,
    coverage,
    destination,
    alternatives = [],
    subjectRegion,
    retention = [],
  } = record;
  const subject = pseudonym(principal.tenant, record.dataSubject);
  const { tokens, partial } = index.ofRecord(principal.tenant, record.values ?? [], record.dataSubject);
  const context = { principal, purpose: record.purpose, model: record.model };
  const findings = {
    dataSubject: record.dataSubject,
    originals: record.originals,
    spans: record.spans,
    transformed: coverage.transformed,
    opaque: coverage.opaque ?? [],
  };
  const body: Payload[] =
    record.protectedBody === undefined
      ? []
      : [{ field: 'body', owner: 'tenant', text: record.protectedBody }];
  return {
    type: 'DECISION',
    id: record.requestId,
    tenant: principal.tenant,
    atMs: record.atMs,
    data: {
      allow,
      reason: record.reason,
      operation: record.operation,
      model: allow ? record.model : null,
      purpose: allow ? (record.purpose ?? null) : null,
      ...(subjectRegion === undefined ? {} : { subjectRegion }),
      destination: placeOf(destination),
      ...(alternatives.length === 0 ? {} : { alternatives: alternatives.map(placeOf) }),
      policy: record.policyHash,
      rules: record.ruleIds,
      handling: record.handling,
      counts: record.counts,
      coverage: {
        scanned: coverage.scanned,
        transformed: coverage.transformed.length,
        structural: coverage.structural,
        opaque: coverage.opaque?.length ?? 0,
      },
      detector: record.detector,
      ...(partial ? { indexed: 'partial' } : {}),
      ...(retention.length === 0 ? {} : { retention }),
      ...(record.conversation === undefined ? {} : { conversation: record.conversation }),
      caller: pseudonym(principal.tenant, principal.subject).toString('hex'),
      subject: subject.toString('hex'),
    },
    payloads: [
      { field: 'context', owner: 'tenant', text: JSON.stringify(context) },
      ...body,
      { field: 'findings', owner: 'subject', text: JSON.stringify(findings) },
    ],
    subject,
    tokens,
  };
}

/** With all that the policy was told of it, so that the decision can be made again. */
function placeOf({ runner, trust, region, model, processor }: Place): JsonObject {
  const place = { runner, trust, region, ...(model === undefined ? {} : { model }) };
  if (processor === undefined) return place;
  const { dpa, retentionDays, subprocessors, transferBasis, pipiaId, attestations } = processor;
  const facts: JsonObject = {
    ...(dpa === undefined ? {} : { dpa: { signed: dpa.signed, ref: dpa.ref } }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(subprocessors === undefined ? {} : { subprocessors }),
    ...(transferBasis === undefined ? {} : { transferBasis }),
    ...(pipiaId === undefined ? {} : { pipiaId }),
    ...(attestations === undefined ? {} : { attestations }),
  };
  return { ...place, processor: facts };
}

function attemptOf({ runner, outcome, status, reason }: Attempt): JsonObject {
  return {
    runner,
    outcome,
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export function completionDraft(record: CompletionRecord): Draft {
  return {
    type: 'COMPLETION',
    id: record.requestId,
    tenant: record.tenant,
    atMs: record.atMs,
    data: {
      outcome: record.outcome,
      error: record.error ?? null,
      promptTokens: record.promptTokens ?? null,
      completionTokens: record.completionTokens ?? null,
      latencyMs: record.latencyMs,
      upstreamStatus: record.upstreamStatus ?? null,
      ...(record.attempts === undefined ? {} : { attempts: record.attempts.map(attemptOf) }),
      ...(record.output === undefined ? {} : { output: outputData(record.output) }),
    },
    payloads:
      record.response === undefined ? [] : [{ field: 'response', owner: 'tenant', text: record.response }],
    subject: Buffer.alloc(0),
  };
}

/** Offsets and entities in clear: they tell as much as the counts of a DECISION, and nothing of the text. */
function outputData({ counts, spans, ruleIds }: OutputFindings): JsonObject {
  return {
    counts: Object.fromEntries(
      Object.entries(counts).map(([entity, byHandling]) => [entity, { ...byHandling }]),
    ),
    spans: spans.map((span) => ({ ...span })),
    rules: ruleIds,
  };
}

export function noteDraft(record: SystemRecord, id: string): Draft {
  const { type, tenant, atMs, data, details } = record;
  const payloads: readonly Payload[] =
    details === undefined ? [] : [{ field: 'context', owner: 'tenant', text: JSON.stringify(details) }];
  return { type, id, tenant, atMs, data, payloads, subject: Buffer.alloc(0) };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_TENANT_CHARS = 512;
const MAX_TIME_MS = 253_402_300_799_999;

/**
 * Throws RangeError on what the database could not hold. One such record would fail the batch of everybody who
 * queued beside it, so it must not get that far.
 */
export function checkDraft(draft: Draft): void {
  if (!UUID.test(draft.id)) throw new RangeError('a record id is not a lower-case UUID');
  if (draft.tenant.length > MAX_TENANT_CHARS || /[\0\p{Surrogate}]/u.test(draft.tenant)) {
    throw new RangeError('a tenant name cannot be recorded');
  }
  if (!Number.isSafeInteger(draft.atMs) || draft.atMs < 0 || draft.atMs > MAX_TIME_MS) {
    throw new RangeError('a time cannot be recorded');
  }
}

/** First day of the month, UTC: the partition a record lands in and the month its keys belong to. */
export function periodOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 7)}-01`;
}
