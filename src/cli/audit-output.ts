import { type Json, type JsonObject } from '../domain/json.ts';
import { type AuditCall, type AuditListItem, type AuditRecord, type Opened } from '../ledger/read.ts';

/** A record as `cordon audit` prints it: its place in the chain, what it is, and its clear data. */
function toRecordOutput({ id, type, tenant, atMs, chain, seq, data }: AuditRecord): JsonObject {
  return { requestId: id, type, tenant, at: new Date(atMs).toISOString(), chain, seq, ...data };
}

export function toListOutput({ record, context }: AuditListItem): JsonObject {
  return { ...toRecordOutput(record), ...(context.state === 'open' ? contextOutput(context.value) : {}) };
}

export interface ShowOutput {
  readonly requestId: string;
  readonly decision: JsonObject | undefined;
  readonly completion: JsonObject | undefined;
  readonly incomplete: JsonObject | undefined;
  readonly caller: JsonObject | undefined;
  readonly dataSubject: string | undefined;
  /** The body as it left. */
  readonly body: string | undefined;
  /** Placeholder → original. */
  readonly originals: Readonly<Record<string, string>> | undefined;
  readonly spans: readonly Json[] | undefined;
  /** The answer as the runner gave it. */
  readonly response: string | undefined;
  /** Parts that could not be opened, and why. */
  readonly unavailable: Readonly<Record<string, string>>;
}

export function toShowOutput(requestId: string, call: AuditCall): ShowOutput {
  const { context, body, findings, response } = call;
  const parts = Object.entries({ context, body, findings, response });
  const lost = parts.filter(([, part]) => part.state === 'key_unavailable' || part.state === 'damaged');
  const found = valueOf(findings);
  const caller = valueOf(context);
  return {
    requestId,
    decision: call.decision && toRecordOutput(call.decision),
    completion: call.completion && toRecordOutput(call.completion),
    incomplete: call.incomplete && toRecordOutput(call.incomplete),
    caller: caller && contextOutput(caller),
    dataSubject: found?.dataSubject,
    body: valueOf(body),
    originals: found && Object.fromEntries(found.originals),
    spans: found?.spans,
    response: valueOf(response),
    unavailable: Object.fromEntries(lost.map(([name, part]) => [name, part.state])),
  };
}

export function listLine({ record, context }: AuditListItem): string {
  const { outcome, allow, reason } = record.data;
  const what = [
    outcome,
    allow === false ? 'refused' : undefined,
    allow === false ? reason : undefined,
  ].filter((word) => typeof word === 'string');
  const who = context.state === 'open' ? context.value.principal['subject'] : undefined;
  return [
    new Date(record.atMs).toISOString(),
    record.id,
    record.type.padEnd(12),
    record.tenant || '-',
    typeof who === 'string' ? who : '-',
    what.join(' '),
  ]
    .join('  ')
    .trimEnd();
}

function contextOutput(context: {
  readonly principal: JsonObject;
  readonly purpose: string | undefined;
  readonly model: string | undefined;
}): JsonObject {
  const { principal, purpose, model } = context;
  return { principal, purpose: purpose ?? null, model: model ?? null };
}

function valueOf<T>(opened: Opened<T>): T | undefined {
  return opened.state === 'open' ? opened.value : undefined;
}
