import { type Handling, stricter } from '../../domain/handling.ts';
import { type AdmitInput, type Destination, type PolicySnapshot } from '../../domain/policy.ts';

/** A call as far as a policy looks at it: as recorded, or as somebody imagines it. */
export interface SimulatedCall extends Omit<AdmitInput, 'destination'> {
  /** Of the record, or the line of the file. */
  readonly id: string;
  /** How the report names the caller: a keyed pseudonym where the call was recorded. */
  readonly person: string;
  /** Where it may go, the first choice first. */
  readonly destinations: readonly [Destination, ...Destination[]];
  /** Spans found, by entity; empty where the call was refused before anybody looked. */
  readonly entities: Readonly<Record<string, number>>;
  /** Whether it holds what nobody can read. */
  readonly opaque: boolean;
}

/** What a policy makes of a call. */
export interface SimulatedOutcome {
  readonly allow: boolean;
  /** `matched_allow`, another reason of a verdict, `content_opaque`, or `entity_blocked`. */
  readonly reason: string;
  readonly ruleIds: readonly string[];
  /** The rule to look at first: of a refusal, the one that refuses. */
  readonly rule: string;
  /** Where it would go first; where it is refused, where it was meant to go. */
  readonly destination: Destination;
  readonly handling: Readonly<Record<string, Handling>>;
}

/** The same questions in the same order as for a live call: admit each destination, then what was found. */
export function judgeCall(snapshot: PolicySnapshot, call: SimulatedCall): SimulatedOutcome {
  const [first, ...others] = call.destinations;
  let outcome = judgeAt(snapshot, call, first);
  for (const destination of others) {
    const next = judgeAt(snapshot, call, destination);
    if (!next.allow) continue;
    // One body serves all who may get it, under the strictest handling among them.
    outcome = outcome.allow ? { ...outcome, handling: strictest(outcome.handling, next.handling) } : next;
  }
  return outcome;
}

function judgeAt(snapshot: PolicySnapshot, call: SimulatedCall, destination: Destination): SimulatedOutcome {
  const input: AdmitInput = { ...call, destination };
  const { allow, reason, ruleIds } = snapshot.admit(input);
  const [rule = 'no rule'] = ruleIds;
  if (!allow) return { allow, reason, ruleIds, rule, destination, handling: {} };
  if (call.opaque && !snapshot.grantsOpaque(input).allow) {
    return { allow: false, reason: 'content_opaque', ruleIds, rule, destination, handling: {} };
  }
  const handling: Record<string, Handling> = {};
  const rules = new Set(ruleIds);
  let blocking: string | undefined;
  for (const entity of Object.keys(call.entities)) {
    const verdict = snapshot.handle(input, entity);
    handling[entity] = verdict.handling;
    rules.add(verdict.ruleId);
    if (verdict.handling === 'block') blocking ??= verdict.ruleId;
  }
  return {
    allow: blocking === undefined,
    reason: blocking === undefined ? reason : 'entity_blocked',
    rule: blocking ?? rule,
    ruleIds: [...rules],
    destination,
    handling,
  };
}

function strictest(
  a: Readonly<Record<string, Handling>>,
  b: Readonly<Record<string, Handling>>,
): Readonly<Record<string, Handling>> {
  return Object.fromEntries(
    Object.entries(a).map(([entity, handling]) => [entity, stricter(handling, b[entity] ?? handling)]),
  );
}
