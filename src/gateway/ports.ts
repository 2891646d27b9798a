import { type CoverageManifest } from '../domain/call.ts';
import { type CordonError } from '../domain/errors.ts';
import { type Detector } from '../domain/span.ts';
import { type KeptCalls } from '../domain/kept.ts';
import { type Ledger, type Outcome } from '../domain/record.ts';
import { type PolicyEngine, type PolicySnapshot } from '../domain/policy.ts';
import { type Quota } from '../domain/quota.ts';
import { type Principal } from '../domain/principal.ts';
import { type Attempt, type Runner } from '../domain/runner.ts';
import { type Dialect } from '../dialects/dialect.ts';
import { type Routes } from '../runners/route.ts';

export type Stage = 'admit' | 'inspect' | 'protect' | 'record' | 'forward' | 'finish';

/** What a call needs from the world. */
export interface GatewayDependencies {
  readonly policy: PolicyEngine;
  readonly detector: Detector;
  readonly runners: readonly Runner[];
  readonly routes: Routes;
  readonly ledger: Ledger;
  readonly quota: Quota;
  readonly kept: KeptCalls;
  /** UTF-16 units of an answer that are held back at most where it has neither lines nor sentences. */
  readonly outputWindowChars: number;
  /** True where plain words may be personal data by the operator's own word: then no part of an answer goes unread. */
  readonly outputEveryWord: boolean;
  /** Keyed, one-way name for a value: hex, stable within a tenant and scope. */
  readonly pseudonym: (tenant: string, scope: string, value: string) => string;
  /** ISO 3166 codes of the countries whose national phone numbers are read, the likeliest first. */
  readonly phoneRegions?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly observe: {
    stage(stage: Stage, seconds: number): void;
    entitiesFound(count: number): void;
    callFinished(operation: string, outcome: Outcome, seconds: number): void;
    attempt(attempt: Attempt): void;
    /** A record could not be written where no error can reach the caller any more. */
    auditLost(requestId: string): void;
    /** What a call used could not be counted after it was answered. */
    quotaLost(requestId: string): void;
  };
}

/** What a caller says about its call beside the body. */
export interface CallHeaders {
  readonly purpose: string | undefined;
  readonly dataSubject: string | undefined;
  /** Where that person lives: ISO 3166, `CN` or `US-CA`. */
  readonly subjectRegion?: string | undefined;
  /** The caller's own key for a conversation: within it, what stands for a value stays the same. */
  readonly conversation?: string | undefined;
  /** The number or the hash of the version that the call is to be judged by at least. */
  readonly policyMinimum?: string | undefined;
  /** What is wrong with them: the call is refused with it, and the refusal recorded. */
  readonly fault: CordonError | undefined;
}

/** Who wants to know which version of the policy judges a call, whatever becomes of the call. */
export interface Judged {
  readonly onPolicy?: (snapshot: Pick<PolicySnapshot, 'hash' | 'number'>) => void;
}

/** An authenticated request as it came in. */
export interface IncomingCall extends CallHeaders, Judged {
  readonly requestId: string;
  readonly principal: Principal;
  readonly dialect: Dialect;
  /** The request body, decoded; rejects with what is wrong with it, which is then recorded like any refusal. */
  readonly readSource: () => Promise<string>;
  readonly betas?: readonly string[];
  readonly receivedAtMs: number;
  /** Counts bytes that the call holds beside its body; throws `too_many_requests` when there is no room for them. */
  readonly hold?: (bytes: number) => void;
  /** Aborts when the caller has gone or the call's time is up. */
  readonly signal: AbortSignal;
}

/** `events` are the data of SSE events; the last one is released only after the COMPLETION is durable. */
export type Answer = (
  | { readonly kind: 'json'; readonly body: string }
  | { readonly kind: 'events'; readonly events: AsyncGenerator<string, void, void> }
) & { readonly policyHash: string; readonly coverage: CoverageManifest };
