import { type CoverageManifest, type LocatedSpan } from '../domain/call.ts';
import { type CordonError, type ErrorCode } from '../domain/errors.ts';
import { type Handling } from '../domain/handling.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Obligation, type ReasonCode } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import {
  type DecisionRecord,
  type DetectedValue,
  type Outcome,
  type OutputFindings,
  type Place,
} from '../domain/record.ts';
import { type Attempt } from '../domain/runner.ts';
import { type GatewayDependencies } from './ports.ts';

export interface TrailHead {
  readonly requestId: string;
  readonly principal: Principal;
  readonly purpose: string | undefined;
  readonly subjectRegion?: string | undefined;
  readonly dataSubject: string | undefined;
  /** Keyed digest. */
  readonly conversation?: string | undefined;
  readonly operation: string;
  readonly receivedAtMs: number;
}

/** What the stages learn about a call, gathered until it is written down. */
export interface Findings {
  model?: string;
  destination?: Place | undefined;
  alternatives?: readonly Place[];
  policyHash?: string;
  ruleIds?: readonly string[];
  reason?: ReasonCode | undefined;
  handling?: Readonly<Record<string, Handling>>;
  counts?: Readonly<Record<string, number>>;
  spans?: readonly LocatedSpan[];
  values?: readonly DetectedValue[];
  coverage?: CoverageManifest;
  /** What the call owes by the rules that allow it. */
  obligations?: readonly Obligation[];
}

export interface Ending {
  readonly outcome: Outcome;
  readonly error?: ErrorCode | undefined;
  readonly upstreamStatus?: number | undefined;
  readonly promptTokens?: number | undefined;
  readonly completionTokens?: number | undefined;
  /** What the runner answered, before restoring. */
  readonly response?: string | undefined;
  readonly output?: OutputFindings | undefined;
}

/**
 * The record of one call: exactly one DECISION, then exactly one COMPLETION, whoever asks first. Nothing else in the
 * gateway writes records of calls.
 */
export interface Trail {
  readonly findings: Findings;
  /** Goes into the COMPLETION, if it comes before that. */
  attempted(attempt: Attempt): void;
  /** Durable before it resolves. */
  allow(protectedBody: string | undefined, originals: Readonly<Record<string, string>>): Promise<void>;
  /** Both records of a call that goes nowhere; resolves once durable. */
  deny(error: CordonError): Promise<void>;
  /** The first ending counts; later ones are ignored and resolve with the first. */
  finish(ending: Ending): Promise<void>;
  readonly begun: boolean;
}

const NOWHERE: Place = { runner: 'none', trust: 'external', region: 'unknown' };
/** More than a route's runners times their tries. */
const MAX_ATTEMPTS = 256;
const NOTHING: CoverageManifest = { scanned: 0, transformed: [], structural: 0 };

export function createTrail(deps: GatewayDependencies, head: TrailHead): Trail {
  const findings: Findings = {};
  const attempts: Attempt[] = [];
  let begun = false;
  let sentChars = 0;
  let finished: Promise<void> | undefined;

  function decision(
    allow: boolean,
    reason: ReasonCode | ErrorCode,
  ): Omit<DecisionRecord, 'protectedBody' | 'originals'> {
    return {
      requestId: head.requestId,
      atMs: deps.clock(),
      principal: head.principal,
      dataSubject: head.dataSubject ?? head.principal.subject,
      purpose: head.purpose,
      subjectRegion: head.subjectRegion,
      conversation: head.conversation,
      operation: head.operation,
      model: findings.model ?? '',
      destination: findings.destination ?? NOWHERE,
      alternatives: findings.alternatives ?? [],
      policyHash: findings.policyHash ?? '',
      ruleIds: findings.ruleIds ?? [],
      allow,
      reason,
      handling: findings.handling ?? {},
      counts: findings.counts ?? {},
      spans: findings.spans ?? [],
      values: findings.values ?? [],
      coverage: findings.coverage ?? NOTHING,
      detector: deps.detector.version,
      retention: retentionOf(findings.obligations),
    };
  }

  /** Whatever becomes of it is told to nobody but the operator: the call is over. */
  async function spend(ending: Ending): Promise<void> {
    const { obligations = [] } = findings;
    const tokens = begun ? tokensOf(ending, sentChars) : 0;
    if (tokens === 0 || obligations.every(({ budget }) => budget?.of !== 'tokens')) return;
    try {
      await deps.quota.spend(head.principal, obligations, tokens);
    } catch {
      deps.observe.quotaLost(head.requestId);
    }
  }

  function complete(ending: Ending): Promise<void> {
    const now = deps.clock();
    deps.observe.callFinished(head.operation, ending.outcome, (now - head.receivedAtMs) / 1000);
    return deps.ledger.finish({
      requestId: head.requestId,
      atMs: now,
      tenant: head.principal.tenant,
      outcome: ending.outcome,
      error: ending.error,
      promptTokens: ending.promptTokens,
      completionTokens: ending.completionTokens,
      latencyMs: now - head.receivedAtMs,
      upstreamStatus: ending.upstreamStatus,
      ...(attempts.length === 0 ? {} : { attempts: attempts.slice(0, MAX_ATTEMPTS) }),
      response: ending.response?.slice(0, LIMITS.recordedResponseChars),
      output: ending.output,
    });
  }

  return {
    findings,
    attempted(attempt): void {
      attempts.push(attempt);
      deps.observe.attempt(attempt);
    },
    get begun(): boolean {
      return begun;
    },
    async allow(protectedBody, originals): Promise<void> {
      await deps.ledger.begin({
        ...decision(true, findings.reason ?? 'matched_allow'),
        protectedBody,
        originals,
      });
      begun = true;
      sentChars = protectedBody?.length ?? 0;
    },
    async deny(error): Promise<void> {
      const began = deps.ledger.begin({
        ...decision(false, error.code),
        protectedBody: undefined,
        originals: {},
      });
      finished ??= complete({ outcome: 'denied', error: error.code });
      await Promise.all([began, finished]);
    },
    finish(ending): Promise<void> {
      finished ??= Promise.all([complete(ending), spend(ending)]).then(() => undefined);
      return finished;
    },
  };
}

/** Where a runner does not count: a token is some four characters, and leaving the count out is no way around a budget. */
const CHARS_PER_TOKEN = 4;

function tokensOf(ending: Ending, sentChars: number): number {
  const { promptTokens, completionTokens, response, outcome } = ending;
  if (outcome === 'upstream_error' && promptTokens === undefined) return 0;
  const prompt = promptTokens ?? Math.ceil(sentChars / CHARS_PER_TOKEN);
  return prompt + (completionTokens ?? Math.ceil((response?.length ?? 0) / CHARS_PER_TOKEN));
}

function retentionOf(obligations: readonly Obligation[] = []): readonly string[] {
  const classes = obligations.flatMap(({ retention }) => (retention === undefined ? [] : [retention]));
  return [...new Set(classes)].sort();
}
