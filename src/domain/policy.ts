import { type Handling } from './handling.ts';
import { type Principal } from './principal.ts';

/** Where a call would go: the facts a policy may judge a model runner by. */
export interface Destination {
  readonly runner: string;
  /** `internal` runs under our control, `external` does not. */
  readonly trust: 'internal' | 'external';
  /** ISO 3166 code or a cloud region; `unknown` when not configured. */
  readonly region: string;
  /** What is agreed with whoever runs it; left out where nothing was configured. */
  readonly processor?: ProcessorFacts | undefined;
}

/** On what ground personal data may cross a border to a processor; `none` says that somebody looked and found none. */
export const TRANSFER_BASES = ['adequacy', 'scc', 'bcr', 'consent', 'pipl-assessment', 'none'] as const;
export type TransferBasis = (typeof TRANSFER_BASES)[number];

/** What the operator knows of the one who runs a model: a policy may ask for it, nobody checks it. */
export interface ProcessorFacts {
  /** Data processing agreement (GDPR 28): the day it was signed, `2026-01-31`, and where it is filed. */
  readonly dpa?: { readonly signed: string; readonly ref: string } | undefined;
  /** Days that the processor keeps what it is sent; 0 where it keeps nothing. */
  readonly retentionDays?: number | undefined;
  readonly subprocessors?: readonly string[] | undefined;
  readonly transferBasis?: TransferBasis | undefined;
  /** Of the impact assessment that PIPL 55 asks for. */
  readonly pipiaId?: string | undefined;
  /** What else was signed or certified: `baa`, `pci-dss`, `soc2` … */
  readonly attestations?: readonly string[] | undefined;
}

export interface AdmitInput {
  readonly principal: Principal;
  /** `chat`, `models`, … */
  readonly operation: string;
  readonly model: string;
  readonly destination: Destination;
  readonly purpose: string | undefined;
  /** Where the person lives whose data this is: ISO 3166, `CN` or `US-CA`; undefined when nobody said. */
  readonly subjectRegion?: string | undefined;
  /** Milliseconds since the epoch: decisions must be repeatable, so the clock is an input. */
  readonly nowMs: number;
}

export type ReasonCode = 'matched_allow' | 'matched_deny' | 'no_matching_allow' | 'attribute_missing';

export interface Verdict {
  readonly allow: boolean;
  readonly reason: ReasonCode;
  /** Ids of the rules that decided. */
  readonly ruleIds: readonly string[];
  /** What the call owes for being allowed, of every rule that matches it; left out when nothing. */
  readonly obligations?: readonly Obligation[];
}

/** Whose calls are counted together. A call without a client counts for its principal. */
export const QUOTA_SCOPES = ['principal', 'tenant', 'client'] as const;
export type QuotaScope = (typeof QUOTA_SCOPES)[number];

export const BUDGET_WINDOWS = ['hour', 'day', 'month'] as const;
export type BudgetWindow = (typeof BUDGET_WINDOWS)[number];

/** What one rule asks of the calls it matches. */
export interface Obligation {
  readonly ruleId: string;
  /** At most `points` calls in any window of `seconds` that begins with a call. */
  readonly rateLimit?: {
    readonly per: QuotaScope;
    readonly points: number;
    readonly seconds: number;
  };
  /** At most so many tokens (prompt and answer) or requests in a calendar window, UTC. */
  readonly budget?: {
    readonly per: QuotaScope;
    readonly of: 'tokens' | 'requests';
    readonly amount: number;
    readonly window: BudgetWindow;
  };
  /** Retention class that the record asks for. */
  readonly retention?: string;
}

/** One clause of a rule, asked of one call. `undefined`: an attribute it needs is missing. */
export interface ClauseOutcome {
  /** `subjects`, `models`, `not_after`, `when.all.1` … */
  readonly clause: string;
  readonly held: boolean | undefined;
  /** What a condition asked about. */
  readonly attribute?: string;
}

/** Why a verdict is what it is. Names rules, clauses and attributes; holds no value of the call. */
export interface Explanation {
  readonly policyHash: string;
  readonly verdict: Verdict;
  /** `matched_allow:ID`, `matched_deny:ID`, `attribute_missing:ATTRIBUTE` or `no_matching_allow`. */
  readonly code: string;
  /** The rule that decided; for `no_matching_allow` the allow rule that came nearest, undefined when there is none. */
  readonly rule: { readonly id: string; readonly clauses: readonly ClauseOutcome[] } | undefined;
  /** The clauses of that rule that did not hold; empty when it decided. */
  readonly failed: readonly ClauseOutcome[];
  /** Attributes that were asked for and that this call does not have. */
  readonly missing: readonly string[];
}

export interface HandlingVerdict {
  readonly handling: Handling;
  /** The rule that granted it; `default_block` when none did. */
  readonly ruleId: string;
}

/** One immutable policy version. Its methods are synchronous and total: whatever goes wrong inside is a denial. */
export interface PolicySnapshot {
  /** SHA-256, hex: of the canonical policy set, or of the version in the database and what stands beside it. */
  readonly hash: string;
  /** Its place among all that was ever in force, larger is later; undefined where the policy is a file. */
  readonly number?: number | undefined;
  /** Whether two people agreed that this value of this tenant is no such entity; absent where nothing was agreed. */
  readonly isFalsePositive?: ((tenant: string, entity: string, value: string) => boolean) | undefined;
  admit(input: AdmitInput): Verdict;
  /** The same decision with its reasons, over every rule of the set: for people, not for the path of a call. */
  explain(input: AdmitInput): Explanation;
  /** Whether a rule that allows the call also lets content pass that nobody can read. */
  grantsOpaque(input: AdmitInput): Verdict;
  /** `block` when nothing is granted for the entity at this destination. */
  handle(input: AdmitInput, entity: string): HandlingVerdict;
  /** The same for what a model made up or remembered and the caller never sent: a handling of OUTPUT_HANDLINGS. */
  handleOutput(input: AdmitInput, entity: string): HandlingVerdict;
  /** How closely an answer has to be read for those handlings to be carried out. */
  outputReading(input: AdmitInput): OutputReading;
}

/**
 * `nothing`: every entity is disclosed. `numbers`: only what stands in digits, or is a secret, is not. `structure`:
 * whatever recognisers find. `all`: names too, which only the model finds.
 */
export type OutputReading = 'nothing' | 'numbers' | 'structure' | 'all';

export interface PolicyEngine {
  /**
   * The snapshot in force; throws `policy_unavailable` when there is none. `minimum`, the number or the hash of a
   * version: throws `policy_stale` as long as that is not in force here yet.
   */
  current(minimum?: string): PolicySnapshot;
}
