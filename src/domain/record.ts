import { type JsonObject } from './json.ts';
import { type CoverageManifest, type LocatedSpan } from './call.ts';
import { type Handling } from './handling.ts';
import { type Destination, type ReasonCode } from './policy.ts';
import { type Principal } from './principal.ts';
import { type Attempt } from './runner.ts';
import { type ErrorCode } from './errors.ts';

/** A value as it stood in a call, and what it was taken for. */
export interface DetectedValue {
  readonly entity: string;
  readonly value: string;
}

/** Where a call may go, with all that the policy was told of it. */
export interface Place extends Destination {
  /** What the model is called there; left out where it is what the caller calls it. */
  readonly model?: string | undefined;
}

/** What is written down before a byte leaves. The clear parts hold no personal data of the prompt. */
export interface DecisionRecord {
  readonly requestId: string;
  readonly atMs: number;
  readonly principal: Principal;
  /** The person whose data this is: `Cordon-Data-Subject`, else the caller. */
  readonly dataSubject: string;
  readonly purpose: string | undefined;
  /** Where the data subject lives, where somebody said so: ISO 3166. */
  readonly subjectRegion?: string | undefined;
  /** Keyed digest of the caller's conversation key, where one was given. */
  readonly conversation?: string | undefined;
  readonly operation: string;
  readonly model: string;
  /** Where the call goes first; of a refused one, where it was meant to go. */
  readonly destination: Place;
  /** Where else it may go, should that fail; each was judged by the policy like the first. */
  readonly alternatives?: readonly Place[];
  readonly policyHash: string;
  readonly ruleIds: readonly string[];
  readonly allow: boolean;
  readonly reason: ReasonCode | ErrorCode;
  /** Handling given to each entity found. */
  readonly handling: Readonly<Record<string, Handling>>;
  /** Spans found, by entity. */
  readonly counts: Readonly<Record<string, number>>;
  readonly spans: readonly LocatedSpan[];
  /** What stood there, each value once. Never stored: keyed tokens of them are what a search finds the record by. */
  readonly values?: readonly DetectedValue[];
  readonly coverage: CoverageManifest;
  readonly detector: string;
  /** Retention classes that the policy's obligations ask for. */
  readonly retention?: readonly string[];
  /** The body as it leaves (protected), encrypted under the tenant's key; undefined when nothing may leave. */
  readonly protectedBody: string | undefined;
  /** Placeholder → original, encrypted under the data subject's own key. */
  readonly originals: Readonly<Record<string, string>>;
}

export type Outcome = 'complete' | 'denied' | 'client_abort' | 'upstream_error' | 'policy_cut';

/** One place of an answer where a model wrote personal data of its own. Never the text. */
export interface OutputSpan {
  /** Which text of the answer, counted in the order in which they began. */
  readonly text: number;
  /** UTF-16 offsets in that text as the runner gave it, the escapes of JSON strings undone. */
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly handling: Handling;
  readonly recognizer: string;
}

/** What inspection of an answer found beside the caller's own values. */
export interface OutputFindings {
  /** Entity → handling → how many. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<Handling, number>>>>>;
  /** The first of them. */
  readonly spans: readonly OutputSpan[];
  /** Ids of the policy's rules that applied. */
  readonly ruleIds: readonly string[];
}

/** What is written down before the last event is released to the caller. */
export interface CompletionRecord {
  readonly requestId: string;
  readonly atMs: number;
  readonly tenant: string;
  readonly outcome: Outcome;
  readonly error: ErrorCode | undefined;
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly latencyMs: number;
  readonly upstreamStatus: number | undefined;
  /** In order; the last one is what the caller was told of. */
  readonly attempts?: readonly Attempt[];
  /** The answer as the runner gave it (before restoring), possibly cut; encrypted. */
  readonly response: string | undefined;
  /** Undefined when nothing was found, or nothing was looked for. */
  readonly output?: OutputFindings | undefined;
}

export type SystemRecordType =
  | 'START'
  | 'STOP'
  | 'INCOMPLETE'
  | 'AUTH_REFUSED'
  | 'ADMIN_REFUSED'
  | 'AUDIT_READ'
  | 'SEARCHED'
  | 'REPORTED'
  | 'REVEALED'
  | 'EXPORTED'
  | 'PROPOSED'
  | 'APPROVED'
  | 'REJECTED'
  | 'HOLD_PLACED'
  | 'HOLD_RELEASED'
  | 'ERASURE_STARTED'
  | 'ERASED'
  | 'ERASURE_REFUSED'
  | 'RETENTION_STARTED'
  | 'RETENTION_DROPPED'
  | 'RETENTION_REFUSED'
  | 'KEY_ROTATED'
  | 'KEY_DESTROYED'
  | 'POLICY_SUBMITTED'
  | 'POLICY_ACTIVATED'
  | 'POLICY_RECEIPT'
  | 'POLICY_EMERGENCY'
  | 'FALSE_POSITIVE';

/** Things that happen to Cordon itself rather than to a call. `data` is clear text in the record. */
export interface SystemRecord {
  readonly type: SystemRecordType;
  /** Shared by the records of one undertaking, such as its intent and its result; a new UUID when left out. */
  readonly id?: string;
  readonly atMs: number;
  readonly tenant: string;
  readonly data: JsonObject;
  /** What may hold personal data, such as the reason a person gave: sealed under the tenant's key. */
  readonly details?: JsonObject;
}

/** Every method resolves only once the record is durable, and rejects with `audit_unavailable` otherwise. */
export interface Ledger {
  begin(record: DecisionRecord): Promise<void>;
  finish(record: CompletionRecord): Promise<void>;
  note(record: SystemRecord): Promise<void>;
}
