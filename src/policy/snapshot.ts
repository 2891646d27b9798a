import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type AdmitInput,
  type Explanation,
  type HandlingVerdict,
  type PolicySnapshot,
  type Verdict,
} from '../domain/policy.ts';
import { DEFAULT_BLOCK } from './check.ts';
import { compileRules, effectiveRules, opaqueRules } from './compile.ts';
import { createExplain } from './explain.ts';
import { parseFacts } from './facts.ts';
import { createHandlingResolver } from './handling.ts';
import { createOutputRules } from './output.ts';
import { createJudge, NO_MATCHING_ALLOW } from './judge.ts';
import { createVerdictCache } from './verdict-cache.ts';
import { createObligations } from './obligations.ts';
import { type PolicySet, type Rule } from './schema.ts';

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
  const rules = effectiveRules(set);
  const admit = total(await createAdmit(set, rules), NO_MATCHING_ALLOW, onAlert);
  // The same question of the same casbin, over the denials and those rules alone that make the grant.
  const grantsOpaque = await createAdmit(set, opaqueRules(set));
  const hash = hashSet(set);
  const explain = createExplain(set, hash, admit);
  const unexplained: Explanation = Object.freeze({
    ...{ policyHash: hash, verdict: NO_MATCHING_ALLOW, code: 'no_matching_allow' },
    ...{ rule: undefined, failed: [], missing: [] },
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
    hash,
    admit,
    explain: total(explain, unexplained, onAlert),
    grantsOpaque: total(grantsOpaque, NO_MATCHING_ALLOW, onAlert),
    handle: total(handle, BLOCKED, onAlert),
    handleOutput: total(output.handle, BLOCKED, onAlert),
    outputReading: total(output.reading, 'all', onAlert),
  });
}

async function createAdmit(set: PolicySet, rules: readonly Rule[]): Promise<(input: AdmitInput) => Verdict> {
  const compiled = compileRules(set, rules);
  const judge = await createJudge(compiled);
  const owed = createObligations(rules, compiled);
  const verdicts = createVerdictCache();
  return (input) => {
    const known = verdicts.known(input);
    if (known !== undefined) return known;
    const facts = parseFacts(input, set.purposes);
    const place = verdicts.place(input);
    if (place.verdict !== undefined) return place.verdict;
    const { verdict, cacheable } = judge(facts);
    if (!verdict.allow) {
      if (cacheable) place.keep(verdict);
      return verdict;
    }
    const { obligations, cacheable: still } = owed(facts);
    const whole = obligations.length === 0 ? verdict : Object.freeze({ ...verdict, obligations });
    if (cacheable && still) place.keep(whole);
    return whole;
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
