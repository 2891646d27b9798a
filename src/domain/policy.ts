import { type Handling } from './handling.ts';
import { type Principal } from './principal.ts';

/** Where a call would go: the facts a policy may judge a model runner by. */
export interface Destination {
  readonly runner: string;
  /** `internal` runs under our control, `external` does not. */
  readonly trust: 'internal' | 'external';
  /** ISO 3166 code or a cloud region; `unknown` when not configured. */
  readonly region: string;
}

export interface AdmitInput {
  readonly principal: Principal;
  /** `chat`, `models`, … */
  readonly operation: string;
  readonly model: string;
  readonly destination: Destination;
  readonly purpose: string | undefined;
  /** Milliseconds since the epoch: decisions must be repeatable, so the clock is an input. */
  readonly nowMs: number;
}

export type ReasonCode = 'matched_allow' | 'matched_deny' | 'no_matching_allow' | 'attribute_missing';

export interface Verdict {
  readonly allow: boolean;
  readonly reason: ReasonCode;
  /** Ids of the rules that decided. */
  readonly ruleIds: readonly string[];
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
