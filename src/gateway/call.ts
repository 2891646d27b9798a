import { type Dialect, type ParsedRequest } from '../dialects/dialect.ts';
import { type CoverageManifest } from '../domain/call.ts';
import { type CordonError, toCordonError } from '../domain/errors.ts';
import { type Principal } from '../domain/principal.ts';
import { type Place } from '../domain/record.ts';
import { type Protected } from '../redact/protect.ts';
import { detectedValues } from './detected-values.ts';
import { createInspection, type Inspection } from './inspection/inspection.ts';
import { maskPointer } from './mask-pointer.ts';
import { type Answer, type GatewayDependencies, type IncomingCall, type Stage } from './ports.ts';
import { choosePolicy, choosePurpose, chooseSubjectRegion } from './steps/admit.ts';
import { answerJson } from './steps/answer-json.ts';
import { answerStream } from './steps/answer-stream.ts';
import {
  type Admitted,
  admitCandidates,
  chargeAdmitted,
  decideForAll,
  placeOf,
  remaining,
} from './steps/choose.ts';
import { type Handlings } from './steps/decide.ts';
import { exemptSpans } from './steps/exempt.ts';
import { inspectSlots } from './steps/inspect.ts';
import { createKeep, type Keep } from './steps/keep.ts';
import { type Outbound, prepareOutbound } from './steps/outbound.ts';
import { conversationDigest, protectSlots } from './steps/protect-slots.ts';
import { type Recalled, recallKept } from './steps/recall.ts';
import { type Trail, createTrail } from './trail.ts';

export interface Sendable extends Outbound {
  /** For one answer. */
  readonly inspect: () => Inspection;
}

/** A call that was recorded as allowed and may now leave. */
export interface ProtectedCall {
  readonly requestId: string;
  readonly dialect: Dialect;
  readonly request: ParsedRequest;
  readonly principal: Principal;
  readonly recalled: Recalled;
  readonly keep: Keep;
  /** Whom to ask, in order; at least one. What it may write of its own is decided by where it is. */
  readonly outbounds: readonly Sendable[];
  readonly safe: Protected;
  readonly policyHash: string;
  readonly coverage: CoverageManifest;
  readonly trail: Trail;
  readonly signal: AbortSignal;
}

/**
 * One call, start to finish. Each stage throws to refuse; nothing has left before `record`, and what leaves is only
 * ever the protected body.
 */
export async function handleCall(deps: GatewayDependencies, incoming: IncomingCall): Promise<Answer> {
  const purpose = choosePurpose(incoming.purpose, incoming.principal.purposes);
  const trail = createTrail(deps, {
    ...incoming,
    purpose,
    operation: incoming.dialect.operation,
    conversation: conversationDigest(deps, incoming),
  });
  const call = await protectCall(deps, incoming, purpose, trail).catch(async (error: unknown) => {
    throw await recordRefusal(trail, toCordonError(error));
  });
  return call.request.stream ? await answerStream(deps, call) : await answerJson(deps, call);
}

async function protectCall(
  deps: GatewayDependencies,
  incoming: IncomingCall,
  purpose: string | undefined,
  trail: Trail,
): Promise<ProtectedCall> {
  const { dialect, principal, signal, requestId } = incoming;
  if (incoming.fault !== undefined) throw incoming.fault;
  const time = createStopwatch(deps);
  const parsed = dialect.parseRequest(await incoming.readSource());
  trail.findings.model = parsed.model;
  const recalled = await recallKept(deps, principal, parsed, incoming.hold);
  const opaque = parsed.opaque.filter(({ pointer }) => !recalled.owned.has(pointer));
  const request = { ...parsed, opaque, answer: recalled.about?.answer ?? parsed.answer };
  const model = recalled.about?.model ?? request.model;
  trail.findings.model = model;
  const snapshot = choosePolicy(deps, incoming, trail);
  const subjectRegion = chooseSubjectRegion(incoming.subjectRegion, principal.subjectRegions);
  const journey = { model, keeper: recalled.runner, request, purpose, subjectRegion };
  const allowed = admitCandidates(deps, incoming, journey, trail, snapshot);
  const admitted = await chargeAdmitted(deps, incoming, allowed, trail);
  time('admit');
  const found = await inspectSlots(deps.detector, request.slots, signal);
  const spans = exemptSpans(snapshot, principal.tenant, request.slots, found);
  trail.findings.values = detectedValues(request.slots, spans);
  time('inspect');
  deps.observe.entitiesFound(spans.flat().length);
  const coverage = coverageOf(request);
  trail.findings.coverage = coverage;
  const { left, handlings } = decideForAll(snapshot, admitted, request.slots, spans, trail, (decided) => {
    noteHandlings(trail, admitted, decided);
  });
  const safe = protectSlots(deps, incoming, request, spans, handlings, recalled.originals);
  const applied = safe.applied.flat();
  trail.findings.spans = (trail.findings.spans ?? []).map((span, i) => ({ ...span, handling: applied[i] }));
  const body = request.build(safe.texts);
  const manifest = { ...coverage, transformed: safe.transformed.map(maskPointer) };
  trail.findings.coverage = manifest;
  const { betas = [], receivedAtMs: nowMs } = incoming;
  const said = { slots: request.slots, recalled: Object.values(recalled.originals) };
  const outbounds = remaining(
    trail,
    left,
    ({ candidate }) => candidate,
    ({ candidate, input }): Sendable & { readonly place: Place } => ({
      place: placeOf(candidate, model),
      ...prepareOutbound(candidate, dialect, request, { body, betas, nowMs }),
      inspect: () => createInspection(deps, { snapshot, input, said, safe, signal }),
    }),
  );
  const [destination, ...alternatives] = outbounds.map(({ place }) => place);
  Object.assign(trail.findings, { destination, alternatives });
  time('protect');
  signal.throwIfAborted();
  await trail.allow(outbounds[0]?.body, safe.originals);
  time('record');
  const keep = createKeep(deps, principal, request, {
    requestId,
    dataSubject: incoming.dataSubject ?? principal.subject,
    model,
    answer: request.answer,
    originals: request.keeps === true || request.remembered === true ? safe.kept() : {},
    builtOn: recalled.builtOn,
    ...(recalled.about === undefined ? {} : { requestId: recalled.about.requestId }),
  });
  const sent = { requestId, dialect, request, principal, recalled, keep, outbounds, safe };
  return { ...sent, policyHash: snapshot.hash, coverage: manifest, trail, signal };
}

function coverageOf(request: ParsedRequest): CoverageManifest {
  return {
    scanned: request.slots.length,
    structural: request.structural,
    opaque: request.opaque.map((part) => ({ ...part, pointer: maskPointer(part.pointer) })),
    transformed: [],
  };
}

function noteHandlings(trail: Trail, admitted: readonly Admitted[], handlings: Handlings): void {
  const ruleIds = new Set(admitted.flatMap((each) => each.ruleIds));
  Object.assign(trail.findings, {
    handling: handlings.byEntity,
    counts: handlings.counts,
    spans: handlings.spans.map((span) => ({ ...span, pointer: maskPointer(span.pointer) })),
    ruleIds: [...ruleIds, ...handlings.ruleIds],
  });
}

/**
 * A refusal is recorded before it is told. When recording it fails, the caller hears that instead: a call that left
 * no record must not look like an ordinary denial. An append that failed has nothing further to record.
 */
async function recordRefusal(trail: Trail, error: CordonError): Promise<CordonError> {
  if (error.code === 'audit_unavailable') return error;
  try {
    await trail.deny(error);
    return error;
  } catch (failure) {
    return toCordonError(failure);
  }
}

function createStopwatch(deps: GatewayDependencies): (stage: Stage) => void {
  let last = performance.now();
  return (stage) => {
    const now = performance.now();
    deps.observe.stage(stage, (now - last) / 1000);
    last = now;
  };
}
