import { type Deks } from '../crypto/deks.ts';
import { additionalData, seal, type EnvelopeContext } from '../crypto/envelope.ts';
import { canonicalize } from '../crypto/jcs.ts';
import { type JsonObject } from '../domain/json.ts';
import { periodOf, TOKEN_BYTES, type Draft, type RecordType } from './draft.ts';
import { type SealedField } from './leaf.ts';
import { factsOf } from './search/facts.ts';
import { type IndexRow, type SealedFields } from './ports.ts';

const SCHEMA = 'cordon.record.v1';

/** A record ready for any place in any chain. */
export interface SealedRecord {
  readonly type: RecordType;
  readonly id: string;
  readonly tenant: string;
  readonly atMs: number;
  readonly period: string;
  /** Canonical JSON: the header without its place. */
  readonly record: string;
  readonly fields: SealedFields<Buffer>;
  readonly digests: SealedFields<Buffer>;
  readonly index: IndexRow;
  readonly bytes: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Encrypts a draft's payloads. Long texts yield to the event loop between chunks (see envelope.ts). */
export async function sealDraft(draft: Draft, deks: Deks, origin: string): Promise<SealedRecord> {
  const { type, id, tenant, atMs } = draft;
  const period = periodOf(atMs);
  const fields: Mutable<SealedFields<Buffer>> = {};
  const digests: Mutable<SealedFields<Buffer>> = {};
  const sealed: JsonObject[] = [];
  for (const { field, owner, text } of draft.payloads) {
    const reference = owner === 'subject' ? draft.subject : Buffer.alloc(0);
    const dek = await deks.forSealing({ kind: owner, tenant, reference, period });
    const aad = additionalData(envelopeContext({ origin, type, id, tenant, field, dek: dek.id }));
    const envelope = await seal(Buffer.from(text, 'utf8'), dek.key, aad);
    fields[field] = envelope.bytes;
    digests[field] = envelope.digest;
    sealed.push({ bytes: envelope.bytes.length, dek: dek.id, field });
  }
  const record = canonicalize({ at: atMs, data: draft.data, id, origin, sealed, tenant, type, v: 1 });
  const payload = Object.values<Buffer>({ ...fields }).reduce((sum, part) => sum + part.length, 0);
  const index = { ...factsOf(type, draft.data), tokens: draft.tokens ?? [] };
  const bytes = record.length + payload + index.tokens.length * TOKEN_BYTES;
  return { type, id, tenant, atMs, period, record, fields, digests, index, bytes };
}

/** What each ciphertext is bound to; a DECISION and its COMPLETION share an id, so the type is part of the name. */
export function envelopeContext(place: {
  readonly origin: string;
  readonly type: string;
  readonly id: string;
  readonly tenant: string;
  readonly field: SealedField;
  readonly dek: string;
}): EnvelopeContext {
  const { origin, type, id, tenant, field, dek } = place;
  return { dek, field, origin, record: `${id}/${type}`, schema: SCHEMA, tenant };
}
