import { CordonError } from '../domain/errors.ts';
import { HANDLINGS, type Handling } from '../domain/handling.ts';
import { type PolicyEngine, type PolicySnapshot } from '../domain/policy.ts';
import { buildPolicy } from './build.ts';
import { type PolicyText } from './include.ts';
import { type PolicyProblem } from './problem.ts';
import { type PolicySet } from './schema.ts';
import { type PolicyAlert, sendAlert } from './snapshot.ts';

/** What the installation can carry out. */
export const SUPPORTED_HANDLINGS: readonly Handling[] = HANDLINGS;

export interface PolicyEngineOptions {
  readonly load: () => Promise<PolicyText>;
  readonly onAlert: (alert: PolicyAlert) => void;
  /** Milliseconds since the epoch; stamps activations. Decisions take their time from their input. */
  readonly clock: () => number;
  readonly supportedHandlings?: readonly Handling[];
  readonly extraEntities?: readonly string[];
  readonly operations?: readonly string[] | undefined;
  readonly packs?: readonly string[];
}

export interface ReloadResult {
  /** The set in force after the reload, whether or not it is the one just read. */
  readonly hash: string | undefined;
  /** Why the text just read is not in force; empty when it is. */
  readonly problems: readonly PolicyProblem[];
}

/** What a process tells about the policy it enforces. */
export interface PolicyStatus {
  readonly hash: string;
  readonly source: string;
  readonly activatedAtMs: number;
}

export interface ReloadablePolicyEngine extends PolicyEngine {
  /**
   * Reads, builds and tests a set aside, then puts it in force by one assignment. Whatever fails on the way leaves
   * the last good set in force and alerts. Never rejects; concurrent reloads run one after the other.
   */
  reload(): Promise<ReloadResult>;
  /** Undefined while there is no snapshot. */
  status(): PolicyStatus | undefined;
  /** What was read and is enforced; undefined while nothing is. */
  inForce(): SetInForce | undefined;
}

export interface SetInForce {
  readonly hash: string;
  readonly set: PolicySet;
  readonly text: PolicyText;
}

/** Has no snapshot, and so refuses every call, until the first reload succeeds. */
export function createPolicyEngine(options: PolicyEngineOptions): ReloadablePolicyEngine {
  const { load, onAlert, clock, extraEntities = [], operations } = options;
  const vocabulary = {
    supportedHandlings: options.supportedHandlings ?? SUPPORTED_HANDLINGS,
    extraEntities,
    operations,
    packs: options.packs ?? [],
  };
  let active: (SetInForce & { readonly snapshot: PolicySnapshot; readonly status: PolicyStatus }) | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const refuse = (kind: PolicyAlert['kind'], problems: readonly PolicyProblem[]): ReloadResult => {
    sendAlert(onAlert, { kind, detail: `${problems.length} problem(s)` });
    return { hash: active?.snapshot.hash, problems };
  };

  const refuseUnread = (): ReloadResult => {
    const message = 'the policy set could not be read; check that it exists and may be read';
    return refuse('load_failed', [{ source: 'policy', line: 1, column: 1, path: '', message }]);
  };

  const reloadNow = async (): Promise<ReloadResult> => {
    const text = await load();
    const { set, snapshot, problems } = await buildPolicy(text, vocabulary, onAlert);
    if (snapshot === undefined) return refuse('set_refused', problems);
    const { hash } = snapshot;
    active = { hash, set, text, snapshot, status: { hash, source: text.source, activatedAtMs: clock() } };
    return { hash, problems };
  };

  return {
    current(minimum) {
      if (active === undefined) {
        throw new CordonError('policy_unavailable', 'No policy is in force, so nothing is allowed.');
      }
      if (minimum !== undefined && minimum !== active.snapshot.hash) {
        throw new CordonError(
          'policy_stale',
          'This process does not enforce the version that Cordon-Policy-Minimum asks for; a policy from a file has no number.',
          { retryAfterS: 1 },
        );
      }
      return active.snapshot;
    },
    status: () => active?.status,
    inForce: () => active,
    reload() {
      const result = queue.then(reloadNow).catch(refuseUnread);
      queue = result;
      return result;
    },
  };
}
