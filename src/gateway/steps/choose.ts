import { type ParsedRequest } from '../../dialects/dialect.ts';
import { type TextSlot } from '../../domain/call.ts';
import { CordonError, toCordonError } from '../../domain/errors.ts';
import { stricter, type Handling } from '../../domain/handling.ts';
import { type AdmitInput, type Obligation, type PolicySnapshot } from '../../domain/policy.ts';
import { type Place } from '../../domain/record.ts';
import { type Span } from '../../domain/span.ts';
import { type Candidate } from '../../runners/route.ts';
import { type GatewayDependencies, type IncomingCall } from '../ports.ts';
import { type Trail } from '../trail.ts';
import { checkAdmission, checkOpaque } from './admit.ts';
import { charge } from './charge.ts';
import { checkNothingBlocked, decideHandlings, type Handlings } from './decide.ts';

/** A runner that the policy lets this call go to. */
export interface Admitted {
  readonly candidate: Candidate;
  readonly input: AdmitInput;
  /** Of the rules that allow it. */
  readonly ruleIds: readonly string[];
  /** What the call owes for going there. */
  readonly obligations: readonly Obligation[];
}

/** What decides where a call may go. */
export interface Journey {
  readonly model: string;
  /** The runner that keeps what the call builds on. */
  readonly keeper: string | undefined;
  readonly request: ParsedRequest;
  readonly purpose: string | undefined;
  readonly subjectRegion: string | undefined;
}

/**
 * The runners that may serve the call, in the order they are tried, each judged by the policy at its own destination.
 * Where a runner knows the model by another name, that name must be allowed too: an alias opens no back door to a model.
 * Throws `not_found` when nobody serves the model, and the first refusal when nobody may.
 */
export function admitCandidates(
  deps: GatewayDependencies,
  incoming: IncomingCall,
  { model, keeper, request, purpose, subjectRegion }: Journey,
  trail: Trail,
  snapshot: PolicySnapshot,
): readonly Admitted[] {
  const { principal, dialect, receivedAtMs } = incoming;
  const stays = request.remembered === true || request.keeps === true || request.target !== undefined;
  const caller = JSON.stringify([principal.issuer, principal.tenant, principal.subject]);
  const candidates = planCandidates(deps, model, { keeper, stickyTo: stays ? caller : undefined });
  const [destination, ...alternatives] = candidates.map((candidate) => placeOf(candidate, model));
  Object.assign(trail.findings, { destination, alternatives });
  const admitted = remaining(
    trail,
    candidates,
    (candidate) => candidate,
    (candidate): Admitted => {
      const { destination } = candidate.runner;
      const { operation } = dialect;
      const asked = { principal, operation, model, destination, purpose, subjectRegion };
      const input: AdmitInput = { ...asked, nowMs: receivedAtMs };
      const verdict = checkAdmission(snapshot, input, trail);
      const noted = { findings: { ruleIds: verdict.ruleIds } };
      checkOpaque(snapshot, input, request.opaque, noted);
      const obligations = [...(verdict.obligations ?? [])];
      if (candidate.model !== model) {
        const renamed = { ...input, model: candidate.model };
        const there = checkAdmission(snapshot, renamed, trail);
        obligations.push(...(there.obligations ?? []));
        noted.findings.ruleIds = [...new Set([...noted.findings.ruleIds, ...there.ruleIds])];
        checkOpaque(snapshot, renamed, request.opaque, noted);
      }
      // Until now they may name the denial of a runner that is left out.
      if (trail.findings.reason === undefined) trail.findings.ruleIds = verdict.ruleIds;
      trail.findings.reason ??= verdict.reason;
      return { candidate, input, ruleIds: noted.findings.ruleIds, obligations };
    },
  );
  // What a runner remembers of this call no other knows, so the next must come to the same one.
  const [only] = admitted;
  if (!stays || only === undefined) return admitted;
  Object.assign(trail.findings, { destination: placeOf(only.candidate, model), alternatives: [] });
  return [only];
}

/** Those whose rules have something left for this caller; the call is counted against all. */
export async function chargeAdmitted(
  deps: GatewayDependencies,
  incoming: IncomingCall,
  admitted: readonly Admitted[],
  trail: Trail,
): Promise<readonly Admitted[]> {
  const owed = admitted.map(({ obligations }) => obligations);
  const check = await charge(deps.quota, incoming.principal, owed);
  const left = remaining(
    trail,
    admitted,
    ({ candidate }) => candidate,
    (one) => {
      check(one.obligations);
      return one;
    },
  );
  const single = new Map(left.flatMap(({ obligations }) => obligations).map((one) => [one.ruleId, one]));
  trail.findings.obligations = [...single.values()];
  return left;
}

/** A place as it is recorded: the policy may be asked about the model under its name there too. */
export function placeOf({ runner, model }: Candidate, called: string): Place {
  return model === called ? runner.destination : { ...runner.destination, model };
}

function planCandidates(
  deps: GatewayDependencies,
  model: string,
  { keeper, stickyTo }: { readonly keeper: string | undefined; readonly stickyTo: string | undefined },
): readonly Candidate[] {
  const candidates = deps.routes.plan(model, { heldBy: keeper, stickyTo });
  if (candidates.length > 0) return candidates;
  if (keeper === undefined) {
    throw new CordonError(
      'not_found',
      'No model runner serves this model; GET /v1/models lists those that are.',
      { param: '/model' },
    );
  }
  if (deps.runners.every(({ destination }) => destination.runner !== keeper)) {
    throw new CordonError(
      'upstream_unavailable',
      'The model runner that stored what this call builds on is not configured any more.',
    );
  }
  throw new CordonError(
    'invalid_request',
    'The model runner that stored what this call builds on does not serve this model.',
    { param: '/model' },
  );
}

/**
 * Those to whom everything that was found may go, and what is done to it. A runner where an entity is blocked is left
 * out rather than the call refused, as long as one remains. The call is then protected once, under the strictest handling
 * that any of those left asks for: whichever of them answers in the end, it was sent no more than it may have, and the
 * record that is written before the first byte leaves holds for all of them.
 */
export function decideForAll(
  snapshot: PolicySnapshot,
  admitted: readonly Admitted[],
  slots: readonly TextSlot[],
  found: readonly (readonly Span[])[],
  trail: Trail,
  note: (handlings: Handlings) => void,
): { readonly left: readonly Admitted[]; readonly handlings: Handlings } {
  const decided = admitted.map((one) => ({
    one,
    handlings: decideHandlings(snapshot, one.input, slots, found),
  }));
  const [first] = decided;
  if (first === undefined) throw new TypeError('nobody was admitted');
  note(first.handlings);
  const left = remaining(
    trail,
    decided,
    ({ one }) => one.candidate,
    (each) => {
      checkNothingBlocked(slots, found, each.handlings);
      return each;
    },
  );
  const handlings = left.map((each) => each.handlings).reduce(strictest);
  note(handlings);
  return { left: left.map(({ one }) => one), handlings };
}

/** Places and counts are the same for all: they were found before anybody asked where the call goes. */
function strictest(a: Handlings, b: Handlings): Handlings {
  const byEntity: Record<string, Handling> = { ...a.byEntity };
  for (const [entity, handling] of Object.entries(b.byEntity)) {
    byEntity[entity] = stricter(a.byEntity[entity] ?? handling, handling);
  }
  return {
    ...a,
    byEntity,
    spans: a.spans.map((span) => ({ ...span, handling: byEntity[span.entity] })),
    ruleIds: [...new Set([...a.ruleIds, ...b.ruleIds])],
  };
}

/**
 * What `step` made of those it did not refuse; who is left out is recorded with the reason. Throws the first refusal
 * when nobody is left.
 */
export function remaining<T, R>(
  trail: Trail,
  items: readonly T[],
  candidateOf: (item: T) => Candidate,
  step: (item: T) => R,
): readonly R[] {
  const left: R[] = [];
  let first: CordonError | undefined;
  for (const item of items) {
    try {
      left.push(step(item));
    } catch (error) {
      const refusal = toCordonError(error);
      // What is wrong with Cordon is wrong with every candidate.
      if (refusal.status >= 500) throw refusal;
      const { runner } = candidateOf(item).runner.destination;
      trail.attempted({ runner, outcome: 'skipped', reason: refusal.code });
      first ??= refusal;
    }
  }
  if (left.length === 0 && first !== undefined) throw first;
  return left;
}
