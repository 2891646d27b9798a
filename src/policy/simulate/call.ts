import { type Handling, stricter } from '../../domain/handling.ts';
import {
  type AdmitInput,
  type Destination,
  type Obligation,
  type PolicySnapshot,
  type Verdict,
} from '../../domain/policy.ts';
import { type Place } from '../../domain/record.ts';

/** A call as far as a policy looks at it: as recorded, or as somebody imagines it. */
export interface SimulatedCall extends Omit<AdmitInput, 'destination'> {
  /** Of the record, or the line of the file. */
  readonly id: string;
  /** How the report names the caller: a keyed pseudonym where the call was recorded. */
  readonly person: string;
  /** Where it may go, the first choice first. */
  readonly destinations: readonly [Place, ...Place[]];
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
  /** What it owes; of a refused call nothing. */
  readonly obligations: readonly Obligation[];
}

/** The same questions in the same order as for a live call: admit each destination, then what was found. */
export function judgeCall(snapshot: PolicySnapshot, call: SimulatedCall): SimulatedOutcome {
  const [first, ...others] = call.destinations;
  let outcome = judgeAt(snapshot, call, first);
  for (const destination of others) {
    const next = judgeAt(snapshot, call, destination);
    if (!next.allow) continue;
    outcome = outcome.allow ? both(outcome, next) : next;
  }
  return outcome;
}

/** One body serves all who may get it, under the strictest handling among them, and the call counts for all. */
function both(a: SimulatedOutcome, b: SimulatedOutcome): SimulatedOutcome {
  return {
    ...a,
    ruleIds: [...new Set([...a.ruleIds, ...b.ruleIds])],
    handling: strictest(a.handling, b.handling),
    obligations: single([...a.obligations, ...b.obligations]),
  };
}

function judgeAt(snapshot: PolicySnapshot, call: SimulatedCall, place: Place): SimulatedOutcome {
  const { model: there = call.model, ...destination } = place;
  const input: AdmitInput = { ...call, destination };
  const rules = new Set<string>();
  const obligations: Obligation[] = [];
  let first: Verdict | undefined;
  const outcome = (allow: boolean, reason: string, rule: string | undefined): SimulatedOutcome => ({
    ...{ allow, reason, rule: rule ?? 'no rule', ruleIds: [...rules], destination, handling: {} },
    obligations: allow ? single(obligations) : [],
  });
  // Where a runner knows the model by another name, that name must be allowed too (gateway/steps/choose.ts).
  for (const model of new Set([call.model, there])) {
    const verdict = snapshot.admit({ ...input, model });
    const [rule] = verdict.ruleIds;
    if (!verdict.allow) return { ...outcome(false, verdict.reason, rule), ruleIds: verdict.ruleIds };
    first ??= verdict;
    for (const id of verdict.ruleIds) rules.add(id);
    obligations.push(...(verdict.obligations ?? []));
    if (!call.opaque) continue;
    const granted = snapshot.grantsOpaque({ ...input, model });
    if (!granted.allow) return outcome(false, 'content_opaque', rule);
    for (const id of granted.ruleIds) rules.add(id);
  }
  const handling: Record<string, Handling> = {};
  let blocking: string | undefined;
  for (const entity of Object.keys(call.entities)) {
    const verdict = snapshot.handle(input, entity);
    handling[entity] = verdict.handling;
    rules.add(verdict.ruleId);
    if (verdict.handling === 'block') blocking ??= verdict.ruleId;
  }
  const [rule] = first?.ruleIds ?? [];
  return blocking === undefined
    ? { ...outcome(true, first?.reason ?? 'matched_allow', rule), handling }
    : { ...outcome(false, 'entity_blocked', blocking), handling };
}

/** Of one rule once, however many places it was asked for. */
function single(obligations: readonly Obligation[]): readonly Obligation[] {
  return [...new Map(obligations.map((one) => [one.ruleId, one])).values()];
}

function strictest(
  a: Readonly<Record<string, Handling>>,
  b: Readonly<Record<string, Handling>>,
): Readonly<Record<string, Handling>> {
  return Object.fromEntries(
    Object.entries(a).map(([entity, handling]) => [entity, stricter(handling, b[entity] ?? handling)]),
  );
}
