import { type LocatedSpan, type TextSlot } from '../domain/call.ts';
import { type CordonError, toCordonError } from '../domain/errors.ts';
import { type AdmitInput, type Destination, type PolicySnapshot, type Verdict } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';
import { type OutputFindings } from '../domain/record.ts';
import { type Revealer } from '../domain/reveal.ts';
import { type Span } from '../domain/span.ts';
import { createInspection, type Inspection } from './inspection/inspection.ts';
import { detectedValues } from './detected-values.ts';
import { maskPointer } from './mask-pointer.ts';
import { type GatewayDependencies, type Judged } from './ports.ts';
import { type Recall } from './recall.ts';
import { checkAdmission, choosePolicy, choosePurpose, chooseSubjectRegion } from './steps/admit.ts';
import { chargeOne } from './steps/charge.ts';
import { endingOf } from './steps/answer-json.ts';
import { checkNothingBlocked, decideHandlings, type Handlings } from './steps/decide.ts';
import { exemptSpans } from './steps/exempt.ts';
import { inspectSlots } from './steps/inspect.ts';
import { createTrail, type Trail } from './trail.ts';

/** Where a text goes that another gateway asks about: nobody knows, unless the operator says so. */
export const GUARDED_RUNNER = 'guardrail';

export interface GuardDependencies extends GatewayDependencies {
  readonly guarded: Destination;
  /** Who finds what, for those who ask. */
  readonly catalogue: readonly { readonly name: string; readonly entities: readonly string[] }[];
  readonly recall: Recall;
  /** Fills with strong random bytes. */
  readonly random: (bytes: Uint8Array) => Uint8Array;
}

export interface GuardCall extends Judged {
  readonly requestId: string;
  readonly principal: Principal;
  readonly purpose: string | undefined;
  readonly dataSubject: string | undefined;
  readonly policyMinimum?: string | undefined;
  /** What is wrong with the headers. */
  readonly fault?: CordonError | undefined;
  readonly subjectRegion?: string | undefined;
  readonly receivedAtMs: number;
  readonly signal: AbortSignal;
}

export interface GuardAnswer {
  /** JSON text. */
  readonly body: string;
  /** What a model said, before restoring, for the record. */
  readonly response?: string;
  /** What of it was the model's own. */
  readonly output?: OutputFindings | undefined;
}

/** One question that other gateways ask. */
export interface Guardrail {
  /** What policies call it. */
  readonly operation: string;
  /** Goes through the stages of `guard` in order: admit, inspect, decide, record. */
  answer(guard: Guard, source: string): Promise<GuardAnswer>;
  /** A refusal that the contract has an answer of its own for, as JSON text. It is recorded as a refusal all the same. */
  refusal?(error: CordonError): string | undefined;
}

/** The stages of a call, for one that is answered instead of forwarded. Each throws to refuse. */
export interface Guard {
  readonly deps: GuardDependencies;
  readonly call: GuardCall;
  /** Policy's first question. `model`: the one that the text is meant for, `*` when unknown. */
  admit(model: string): void;
  /** Spans of every slot; they go into the record. */
  inspect(slots: readonly TextSlot[], structural: number): Promise<readonly (readonly Span[])[]>;
  /** What was found (or claimed), into the record: types, places and counts. */
  note(slots: readonly TextSlot[], spans: readonly (readonly Span[])[]): void;
  /** Policy's second question, noted as well; refuses what is blocked. */
  decide(slots: readonly TextSlot[], spans: readonly (readonly Span[])[]): Handlings;
  /** For an answer of a model: what it made up is handled by policy, what stands for one of these values is put back. */
  readAnswer(revealer: Revealer, values: readonly string[]): Inspection;
  /** Durable before it resolves. `body`: what goes back, protected; undefined where no text does. */
  record(
    body: string | undefined,
    originals: Readonly<Record<string, string>>,
    transformed: readonly string[],
  ): Promise<void>;
  readonly trail: Trail;
}

/** One question, start to finish: nothing is told before the DECISION is durable, and the answer after the COMPLETION. */
export async function handleGuardrail(
  deps: GuardDependencies,
  call: GuardCall,
  guardrail: Guardrail,
  source: string,
): Promise<{ readonly body: string; readonly policyHash: string }> {
  const purpose = choosePurpose(call.purpose, call.principal.purposes);
  const trail = createTrail(deps, { ...call, purpose, operation: guardrail.operation });
  try {
    if (call.fault !== undefined) throw call.fault;
    const guard = createGuard(deps, call, purpose, guardrail.operation, trail);
    const { body, response, output } = await guardrail.answer(guard, source);
    if (!trail.begun) throw new TypeError('a question was answered without a record');
    call.signal.throwIfAborted();
    await trail.finish({ outcome: 'complete', response, output });
    return { body, policyHash: trail.findings.policyHash ?? '' };
  } catch (error) {
    const failure = toCordonError(error);
    if (trail.begun) await trail.finish(endingOf(failure));
    else if (failure.code !== 'audit_unavailable') await trail.deny(failure);
    const body = guardrail.refusal?.(failure);
    if (body === undefined) throw failure;
    return { body, policyHash: trail.findings.policyHash ?? '' };
  }
}

function createGuard(
  deps: GuardDependencies,
  call: GuardCall,
  purpose: string | undefined,
  operation: string,
  trail: Trail,
): Guard {
  const { findings } = trail;
  let admitted:
    { readonly snapshot: PolicySnapshot; readonly input: AdmitInput; readonly verdict: Verdict } | undefined;
  const policy = (): NonNullable<typeof admitted> => {
    if (admitted === undefined) throw new TypeError('a question was answered without asking the policy');
    return admitted;
  };
  return {
    deps,
    call,
    trail,
    admit(model): void {
      findings.model = model;
      const snapshot = choosePolicy(deps, call, trail);
      findings.destination = deps.guarded;
      const { principal, receivedAtMs: nowMs } = call;
      const subjectRegion = chooseSubjectRegion(call.subjectRegion, principal.subjectRegions);
      const asked = { principal, operation, model, destination: deps.guarded, purpose, subjectRegion };
      const input: AdmitInput = { ...asked, nowMs };
      const verdict = checkAdmission(snapshot, input, trail);
      findings.reason = verdict.reason;
      findings.ruleIds = verdict.ruleIds;
      admitted = { snapshot, input, verdict };
    },
    async inspect(slots, structural) {
      const { snapshot } = policy();
      const started = performance.now();
      const found = await inspectSlots(deps.detector, slots, call.signal);
      const spans = exemptSpans(snapshot, call.principal.tenant, slots, found);
      deps.observe.stage('inspect', (performance.now() - started) / 1000);
      findings.values = detectedValues(slots, spans);
      findings.coverage = { scanned: slots.length, transformed: [], structural };
      return spans;
    },
    note(slots, spans): void {
      const { snapshot, input } = policy();
      const { counts, spans: located } = decideHandlings(snapshot, input, slots, spans);
      deps.observe.entitiesFound(located.length);
      findings.counts = counts;
      findings.values = detectedValues(slots, spans);
      findings.spans = located.map(masked);
    },
    decide(slots, spans) {
      const { snapshot, input } = policy();
      const handlings = decideHandlings(snapshot, input, slots, spans);
      deps.observe.entitiesFound(handlings.spans.length);
      Object.assign(findings, {
        handling: handlings.byEntity,
        counts: handlings.counts,
        values: detectedValues(slots, spans),
        spans: handlings.spans.map(masked),
        ruleIds: [...(findings.ruleIds ?? []), ...handlings.ruleIds],
      });
      checkNothingBlocked(slots, spans, handlings);
      return handlings;
    },
    readAnswer(revealer, recalled) {
      const said = { slots: [], recalled };
      const safe = { texts: [], revealer };
      return createInspection(deps, { ...policy(), said, safe, signal: call.signal });
    },
    async record(body, originals, transformed) {
      await chargeOne(deps.quota, call.principal, policy().verdict, trail);
      const coverage = findings.coverage ?? { scanned: 0, structural: 0 };
      findings.coverage = { ...coverage, transformed: transformed.map(maskPointer) };
      call.signal.throwIfAborted();
      await trail.allow(body, originals);
    },
  };
}

function masked(span: LocatedSpan): LocatedSpan {
  return { ...span, pointer: maskPointer(span.pointer) };
}
