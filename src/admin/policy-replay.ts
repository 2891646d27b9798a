import { CordonError } from '../domain/errors.ts';
import { type Json, type JsonObject } from '../domain/json.ts';
import { type PolicySnapshot } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type Ledger } from '../domain/record.ts';
import { type AuditListItem, type AuditReader } from '../ledger/read.ts';
import { encodeBundle, parseBundle, sha256Hex } from '../policy/lifecycle/bundle.ts';
import { type DisputedSpan } from '../policy/lifecycle/false-positives.ts';
import { type VersionBuilder } from '../policy/lifecycle/in-force.ts';
import { type PolicyStore } from '../policy/lifecycle/ports.ts';
import { formatProblem } from '../policy/problem.ts';
import { judgeCall, type SimulatedOutcome } from '../policy/simulate/call.ts';
import { toSimulatedCall } from '../policy/simulate/recorded.ts';
import { createSimulation, type SimulationReport } from '../policy/simulate/simulation.ts';

export interface ReplayDeps {
  readonly audit: Pick<AuditReader, 'list' | 'show'>;
  readonly store: PolicyStore;
  readonly builder: VersionBuilder;
  readonly note: Ledger['note'];
  readonly clock: () => number;
  /** Keyed pseudonym of a person, hex. */
  readonly pseudonym: (principal: Principal) => string;
}

export interface SimulationRequest {
  /** A bundle, or the hash of a version that was submitted. */
  readonly draft: { readonly bundle: unknown } | { readonly version: string };
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
  readonly examples: number;
  readonly signal: AbortSignal;
}

/** Recorded calls, judged again. Reading them is recorded before the first is read. */
export interface PolicyReplay {
  /** Calls of the principal's own tenant, newest first. */
  simulate(
    principal: Principal,
    request: SimulationRequest,
  ): Promise<{ readonly draft: string; readonly active: string; readonly report: SimulationReport }>;
  /** One call by the version that judged it then. */
  reevaluate(principal: Principal, requestId: string): Promise<JsonObject>;
  findSpan(principal: Principal, requestId: string, span: number): Promise<DisputedSpan | undefined>;
}

const PAGE = 1_000;

export function createPolicyReplay(deps: ReplayDeps): PolicyReplay {
  const { audit, store, builder, note, clock, pseudonym } = deps;

  const noteReading = (principal: Principal, what: string, data: JsonObject): Promise<void> =>
    note({
      type: 'AUDIT_READ',
      atMs: clock(),
      tenant: principal.tenant,
      data: { what, ...data, person: pseudonym(principal) },
    });

  const draftOf = async (
    draft: SimulationRequest['draft'],
  ): Promise<{ readonly hash: string; readonly snapshot: PolicySnapshot }> => {
    if ('version' in draft) {
      const snapshot = await builder.versionOf(draft.version);
      if (snapshot === undefined)
        throw new CordonError('not_found', 'There is no such version of the policy.');
      return { hash: draft.version, snapshot };
    }
    const bundle = readBundle(draft.bundle);
    const { snapshot, problems } = await builder.build(bundle);
    if (snapshot !== undefined) return { hash: sha256Hex(encodeBundle(bundle)), snapshot };
    const lines = problems.slice(0, 20).map(formatProblem);
    throw new CordonError('invalid_request', ['The policy set is refused:', ...lines].join('\n'));
  };

  return {
    async simulate(principal, { draft, fromMs, toMs, limit, examples, signal }) {
      const active = (await store.settle())?.base ?? '';
      const [after, before] = [await draftOf(draft), await builder.versionOf(active)];
      if (before === undefined)
        throw new CordonError('policy_unavailable', 'No policy is in force to compare with.');
      await noteReading(principal, 'policy.simulate', { version: after.hash, limit });
      const simulation = createSimulation(before, after.snapshot, { examples });
      const { tenant } = principal;
      const filter = {
        ...{ types: ['DECISION'], tenant },
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(toMs === undefined ? {} : { toMs }),
      };
      let next: string | undefined;
      let left = limit;
      do {
        signal.throwIfAborted();
        const page = await audit.list({ ...filter, ...(next === undefined ? {} : { beforeId: next }) }, PAGE);
        for (const item of page.items.slice(0, left)) {
          const call = toSimulatedCall(decisionOf(item));
          if (typeof call === 'string') simulation.skip(call);
          else simulation.add(call);
        }
        left -= page.items.length;
        next = page.next;
      } while (next !== undefined && left > 0);
      const report = simulation.report();
      if ((await store.version(after.hash)) !== undefined) {
        await store.simulated(after.hash, principal, summaryOf(report));
      }
      return { draft: after.hash, active, report };
    },
    async reevaluate(principal, requestId) {
      await noteReading(principal, 'policy.explain', { requestId: safeId(requestId) });
      const shown = await audit.show(requestId, principal.tenant);
      const decision = shown?.decision;
      if (shown === undefined || decision === undefined) throw noRecord();
      const { policy, allow, reason, rules = [], handling = {} } = decision.data;
      const recorded = { allow: allow ?? null, reason: reason ?? null, rules, handling };
      const call = toSimulatedCall(decisionOf({ record: decision, context: shown.context }));
      const row = typeof policy === 'string' ? await store.inForce(policy) : undefined;
      const base = {
        request: requestId,
        at: new Date(decision.atMs).toISOString(),
        policy: policy ?? null,
        recorded,
      };
      if (row === undefined)
        return { ...base, version: null, why_not: 'this version is not in the database' };
      if (typeof call === 'string') return { ...base, version: row.base, number: row.number, why_not: call };
      const snapshot = await builder.load(row);
      const again = judgeCall(snapshot, call);
      const told = { allow: again.allow, reason: again.reason, rules: again.ruleIds };
      return {
        ...base,
        ...{ version: row.base, number: row.number },
        again: { ...told, handling: { ...again.handling } },
        ...(isBlockedByPlace(recorded) ? { blocked_by_place: true } : {}),
        same: isSame(recorded, again),
      };
    },
    async findSpan(principal, requestId, span) {
      await noteReading(principal, 'policy.false-positive', { requestId: safeId(requestId), span });
      const shown = await audit.show(requestId, principal.tenant);
      if (shown?.findings.state !== 'open') return undefined;
      const { spans, originals } = shown.findings.value;
      const found = toSpan(spans[span]);
      return found && { ...found, candidates: candidatesFor(found, originals) };
    },
  };
}

/** Nothing of it is blocked, but it stood where nothing can be rewritten, which only the call itself could tell. */
function isBlockedByPlace({ reason, handling }: JsonObject): boolean {
  return reason === 'entity_blocked' && !Object.values(objectOf(handling)).includes('block');
}

/**
 * Whether the version decides again what is recorded, by the same rules. The record names the rules of runners that were
 * left out on the way, too.
 */
function isSame(recorded: JsonObject, again: SimulatedOutcome): boolean {
  const { allow, reason, rules, handling } = recorded;
  const byPlace = isBlockedByPlace(recorded);
  const told = Array.isArray(rules) ? (rules as readonly Json[]) : [];
  const then = Object.entries(objectOf(handling));
  return (
    again.allow === (byPlace || allow) &&
    (byPlace || again.reason === reason) &&
    again.ruleIds.every((id) => told.includes(id)) &&
    then.length === Object.keys(again.handling).length &&
    then.every(([entity, given]) => again.handling[entity] === given)
  );
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function decisionOf({ record, context }: AuditListItem): Parameters<typeof toSimulatedCall>[0] {
  const { id, tenant, atMs, data } = record;
  return { id, tenant, atMs, data, context: context.state === 'open' ? context.value : undefined };
}

/** What stood at a span is the original of one of the marks for such an entity, of the same length. */
function candidatesFor(
  { entity, length }: Pick<DisputedSpan, 'entity' | 'length'>,
  originals: ReadonlyMap<string, string>,
): readonly string[] {
  const mine = [...originals].filter(
    ([mark, value]) => value.length === length && (!mark.startsWith('<') || mark.startsWith(`<${entity}_`)),
  );
  return [...new Set(mine.map(([, value]) => value))];
}

function toSpan(value: Json | undefined): Omit<DisputedSpan, 'candidates'> | undefined {
  if (typeof value !== 'object' || value === null || !('entity' in value)) return undefined;
  const { entity, start, end, recognizer } = value;
  if (typeof entity !== 'string' || typeof start !== 'number' || typeof end !== 'number') return undefined;
  return { entity, length: end - start, recognizer: typeof recognizer === 'string' ? recognizer : '' };
}

function summaryOf({ calls, newlyAllowed, newlyDenied, handlingChanged }: SimulationReport): JsonObject {
  return {
    calls,
    newly_allowed: newlyAllowed.calls,
    newly_denied: newlyDenied.calls,
    handling_changed: handlingChanged.calls,
  };
}

function readBundle(value: unknown): ReturnType<typeof parseBundle> {
  try {
    return parseBundle(value);
  } catch (error) {
    if (error instanceof RangeError)
      throw new CordonError('invalid_request', `${error.message}.`, { cause: error });
    throw error;
  }
}

function safeId(text: string): string {
  return /^[0-9a-f-]{1,64}$/.test(text) ? text : 'malformed';
}

function noRecord(): CordonError {
  return new CordonError('not_found', 'There is no record of this request.');
}
