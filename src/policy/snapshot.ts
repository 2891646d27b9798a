import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type AdmitInput,
  type HandlingVerdict,
  type PolicySnapshot,
  type Verdict,
} from '../domain/policy.ts';
import { DEFAULT_BLOCK } from './check.ts';
import { compileRules } from './compile.ts';
import { type Facts, parseFacts } from './facts.ts';
import { createHandlingResolver } from './handling.ts';
import { createOutputRules } from './output.ts';
import { createJudge, NO_MATCHING_ALLOW } from './judge.ts';
import { type PolicySet } from './schema.ts';

/** Something the operator must know. Holds no request data. */
export interface PolicyAlert {
  readonly kind: 'decision_failed' | 'load_failed' | 'set_refused';
  /** The error's class, or the number of problems. */
  readonly detail: string;
}

const MAX_CACHED = 10_000;
const MAX_KEY_CHARS = 4096;

/**
 * Compiles a checked set. Nothing in the result changes afterwards but its caches, which live and die with it: a
 * decision of one set is never answered for another. Rejects when casbin refuses the rows.
 */
export async function createSnapshot(
  set: PolicySet,
  onAlert: (alert: PolicyAlert) => void,
  extraEntities: readonly string[] = [],
): Promise<PolicySnapshot> {
  const admit = await createAdmit(set);
  // The same question of the same casbin, over the denials and those rules alone that make the grant.
  const grantsOpaque = await createAdmit({
    ...set,
    rules: set.rules.filter(({ effect, opaque }) => effect === 'deny' || opaque === true),
  });
  const resolver = createHandlingResolver(set);
  const handlings = new LRUCache<string, HandlingVerdict>({ max: MAX_CACHED });

  const handle = (input: AdmitInput, entity: string): HandlingVerdict => {
    const facts = parseFacts(input);
    const { runner, trust, region } = input.destination;
    const selectors = resolver.relevantSelectors(facts);
    const key = JSON.stringify([entity, input.operation, runner, trust, region, selectors]);
    const known = handlings.get(key);
    if (known !== undefined) return known;
    const verdict = resolver.resolve(facts, entity);
    if (key.length <= MAX_KEY_CHARS) handlings.set(key, verdict);
    return verdict;
  };

  const output = createOutputRules(set, extraEntities);

  return Object.freeze({
    hash: hashSet(set),
    admit: total(admit, NO_MATCHING_ALLOW, onAlert),
    grantsOpaque: total(grantsOpaque, NO_MATCHING_ALLOW, onAlert),
    handle: total(handle, BLOCKED, onAlert),
    handleOutput: total(output.handle, BLOCKED, onAlert),
    outputReading: total(output.reading, 'all', onAlert),
  });
}

async function createAdmit(set: PolicySet): Promise<(input: AdmitInput) => Verdict> {
  const judge = await createJudge(compileRules(set));
  const verdicts = new LRUCache<string, Verdict>({ max: MAX_CACHED });
  return (input) => {
    const facts = parseFacts(input);
    const key = admitKey(facts);
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const { verdict, cacheable } = judge(facts);
    if (cacheable && key.length <= MAX_KEY_CHARS) verdicts.set(key, verdict);
    return verdict;
  };
}

const BLOCKED: HandlingVerdict = Object.freeze({ handling: 'block', ruleId: DEFAULT_BLOCK });

/** SHA-256 of the set with its keys sorted and its defaults filled in, hex: comments and layout do not count. */
export function hashSet(set: PolicySet): string {
  const canonical = JSON.stringify(set, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

/** Every input of a decision but the time, unambiguously: JSON keeps `["a,b"]` and `["a","b"]` apart. */
function admitKey({ input }: Facts): string {
  const { principal, operation, model, destination, purpose } = input;
  const { tenant, subject, issuer, client, roles, groups, purposes } = principal;
  const { runner, trust, region } = destination;
  return JSON.stringify([
    ...[tenant, subject, issuer, client ?? null, roles, groups, purposes],
    ...[operation, model, runner, trust, region, purpose ?? null],
  ]);
}

/** Whatever is thrown inside becomes the refusal, and an alert; an alert that throws changes nothing. */
function total<Args extends readonly unknown[], Result>(
  decide: (...args: Args) => Result,
  refusal: Result,
  onAlert: (alert: PolicyAlert) => void,
): (...args: Args) => Result {
  return (...args) => {
    try {
      return decide(...args);
    } catch (error) {
      sendAlert(onAlert, {
        kind: 'decision_failed',
        detail: error instanceof Error ? error.name : typeof error,
      });
      return refusal;
    }
  };
}

export function sendAlert(onAlert: (alert: PolicyAlert) => void, event: PolicyAlert): void {
  try {
    onAlert(event);
  } catch {
    // The refusal stands whether or not anyone could be told.
  }
}
