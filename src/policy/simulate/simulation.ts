import { type JsonObject } from '../../domain/json.ts';
import { type PolicySnapshot } from '../../domain/policy.ts';
import { describeObligation } from '../obligations.ts';
import { judgeCall, type SimulatedCall, type SimulatedOutcome } from './call.ts';

export interface Simulation {
  add(call: SimulatedCall): void;
  /** A call that could not be replayed, and why. */
  skip(reason: string): void;
  report(): SimulationReport;
}

/** What would become different: counts and examples. Names callers as the calls did. */
export interface SimulationReport {
  readonly calls: number;
  readonly unchanged: number;
  readonly newlyAllowed: ChangeReport;
  readonly newlyDenied: ChangeReport;
  readonly handlingChanged: ChangeReport;
  /** Allowed as before, but counted, limited or kept otherwise; may be among `handlingChanged` too. */
  readonly obligationsChanged: ChangeReport;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface ChangeReport {
  readonly calls: number;
  /** The most frequent ones. */
  readonly byPerson: Readonly<Record<string, number>>;
  readonly byDestination: Readonly<Record<string, number>>;
  /** Entities in calls that changed; of a changed handling `PERSON: pseudonymise → mask`. */
  readonly byEntity: Readonly<Record<string, number>>;
  /**
   * By the reasons before and after: `matched_allow → matched_deny (deny-night)`; of changed obligations by rule:
   * `desk-rate: nothing → 60 calls in 60 s per principal`.
   */
  readonly byReason: Readonly<Record<string, number>>;
  readonly examples: readonly SimulationExample[];
}

export interface SimulationExample {
  readonly id: string;
  readonly person: string;
  readonly operation: string;
  readonly model: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

const LISTED = 20;
/** As many names as are told apart while counting; beyond, they count as others. */
const MAX_NAMES = 10_000;

/** Judges each call by both policies as it comes, so that a hundred thousand need no more memory than their counts. */
export function createSimulation(
  before: PolicySnapshot,
  after: PolicySnapshot,
  options: { readonly examples: number },
): Simulation {
  const newlyAllowed = new ChangeCount(options.examples);
  const newlyDenied = new ChangeCount(options.examples);
  const handlingChanged = new ChangeCount(options.examples);
  const obligationsChanged = new ChangeCount(options.examples);
  const skipped = new Map<string, number>();
  let calls = 0;
  let unchanged = 0;
  return {
    add(call): void {
      calls += 1;
      const [was, is] = [judgeCall(before, call), judgeCall(after, call)];
      if (was.allow !== is.allow) {
        (is.allow ? newlyAllowed : newlyDenied).add(call, was, is, entitiesOf(call, is));
        return;
      }
      const handled = was.allow ? changedHandlings(was, is) : [];
      const owed = changedObligations(was, is);
      if (handled.length > 0) handlingChanged.add(call, was, is, handled);
      if (owed.length > 0) obligationsChanged.add(call, was, is, [], owed);
      if (handled.length + owed.length === 0) unchanged += 1;
    },
    skip(reason): void {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    },
    report: () => ({
      calls,
      unchanged,
      newlyAllowed: newlyAllowed.report(),
      newlyDenied: newlyDenied.report(),
      handlingChanged: handlingChanged.report(),
      obligationsChanged: obligationsChanged.report(),
      skipped: Object.fromEntries(skipped),
    }),
  };
}

/** What a call is denied for, where that is something in it; else all that is in it. */
function entitiesOf(call: SimulatedCall, is: SimulatedOutcome): readonly string[] {
  const blocked = Object.entries(is.handling).filter(([, handling]) => handling === 'block');
  return is.allow || blocked.length === 0 ? Object.keys(call.entities) : blocked.map(([entity]) => entity);
}

function changedHandlings(was: SimulatedOutcome, is: SimulatedOutcome): readonly string[] {
  return Object.entries(is.handling)
    .filter(([entity, handling]) => was.handling[entity] !== handling)
    .map(([entity, handling]) => `${entity}: ${was.handling[entity] ?? 'none'} → ${handling}`);
}

function changedObligations(was: SimulatedOutcome, is: SimulatedOutcome): readonly string[] {
  const [old, now] = [was, is].map(
    ({ obligations }) => new Map(obligations.map((one) => [one.ruleId, describeObligation(one)])),
  );
  const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...ids]
    .map((id) => [id, old?.get(id) ?? 'nothing', now?.get(id) ?? 'nothing'] as const)
    .filter(([, before, after]) => before !== after)
    .map(([id, before, after]) => `${id}: ${before} → ${after}`);
}

class ChangeCount {
  readonly #limit: number;
  readonly #byPerson = new Map<string, number>();
  readonly #byDestination = new Map<string, number>();
  readonly #byEntity = new Map<string, number>();
  readonly #byReason = new Map<string, number>();
  readonly #examples: SimulationExample[] = [];
  #calls = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(
    call: SimulatedCall,
    was: SimulatedOutcome,
    is: SimulatedOutcome,
    entities: readonly string[],
    reasons: readonly string[] = [`${was.reason} → ${is.reason} (${is.rule})`],
  ): void {
    this.#calls += 1;
    count(this.#byPerson, call.person);
    count(this.#byDestination, is.destination.runner);
    for (const entity of entities) count(this.#byEntity, entity);
    for (const reason of reasons) count(this.#byReason, reason);
    if (this.#examples.length >= this.#limit) return;
    const { id, person, operation, model } = call;
    this.#examples.push({ id, person, operation, model, before: told(was), after: told(is) });
  }

  report(): ChangeReport {
    return {
      calls: this.#calls,
      byPerson: most(this.#byPerson),
      byDestination: most(this.#byDestination),
      byEntity: most(this.#byEntity),
      byReason: most(this.#byReason),
      examples: this.#examples,
    };
  }
}

function told({ allow, reason, ruleIds, destination, handling, obligations }: SimulatedOutcome): JsonObject {
  return {
    ...{ allow, reason, rules: ruleIds, runner: destination.runner, handling: { ...handling } },
    owes: obligations.map((one) => `${one.ruleId}: ${describeObligation(one)}`),
  };
}

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MAX_NAMES ? name : 'others';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function most(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const rest = sorted.slice(LISTED).reduce((sum, [, n]) => sum + n, 0);
  return Object.fromEntries([...sorted.slice(0, LISTED), ...(rest === 0 ? [] : [['others', rest] as const])]);
}
