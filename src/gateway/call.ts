import { type Dialect, type ParsedRequest } from '../dialects/dialect.ts';
import { CordonError, toCordonError } from '../domain/errors.ts';
import { type AdmitInput, type PolicySnapshot } from '../domain/policy.ts';
import { type Runner } from '../domain/runner.ts';
import { type Protected } from '../redact/protect.ts';
import { routeModel } from '../runners/route.ts';
import { maskPointer } from './mask-pointer.ts';
import { type Answer, type GatewayDependencies, type IncomingCall, type Stage } from './ports.ts';
import { checkAdmission, choosePurpose } from './steps/admit.ts';
import { answerJson } from './steps/answer-json.ts';
import { answerStream } from './steps/answer-stream.ts';
import { checkNothingBlocked, decideHandlings } from './steps/decide.ts';
import { inspectSlots } from './steps/inspect.ts';
import { conversationDigest, protectSlots } from './steps/protect-slots.ts';
import { type Trail, createTrail } from './trail.ts';

/** A call that was recorded as allowed and may now leave. */
export interface ProtectedCall {
  readonly requestId: string;
  readonly dialect: Dialect;
  readonly request: ParsedRequest;
  readonly body: string;
  readonly safe: Protected;
  readonly runner: Runner;
  readonly policyHash: string;
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
  const { dialect, signal, requestId } = incoming;
  if (incoming.fault !== undefined) throw incoming.fault;
  const time = createStopwatch(deps);
  const request = dialect.parseRequest(await incoming.readSource());
  const { runner, snapshot, input } = admit(deps, incoming, request, purpose, trail);
  time('admit');
  const spans = await inspectSlots(deps.detector, request.slots, signal);
  time('inspect');
  const handlings = decideHandlings(snapshot, input, request.slots, spans);
  deps.observe.entitiesFound(handlings.spans.length);
  Object.assign(trail.findings, {
    handling: handlings.byEntity,
    counts: handlings.counts,
    spans: handlings.spans.map((span) => ({ ...span, pointer: maskPointer(span.pointer) })),
    ruleIds: [...(trail.findings.ruleIds ?? []), ...handlings.ruleIds],
    coverage: { scanned: request.slots.length, transformed: [], structural: request.structural },
  });
  checkNothingBlocked(request.slots, spans, handlings);
  const safe = protectSlots(deps, incoming, request, spans, handlings);
  const applied = safe.applied.flat();
  trail.findings.spans = (trail.findings.spans ?? []).map((span, i) => ({ ...span, handling: applied[i] }));
  const body = request.build(safe.texts);
  trail.findings.coverage = {
    scanned: request.slots.length,
    transformed: safe.transformed.map(maskPointer),
    structural: request.structural,
  };
  time('protect');
  signal.throwIfAborted();
  await trail.allow(body, safe.originals);
  time('record');
  return { requestId, dialect, request, body, safe, runner, policyHash: snapshot.hash, trail, signal };
}

function admit(
  deps: GatewayDependencies,
  incoming: IncomingCall,
  request: ParsedRequest,
  purpose: string | undefined,
  trail: Trail,
): { readonly runner: Runner; readonly snapshot: PolicySnapshot; readonly input: AdmitInput } {
  trail.findings.model = request.model;
  const snapshot = deps.policy.current();
  trail.findings.policyHash = snapshot.hash;
  const runner = routeModel(deps.runners, request.model);
  if (runner === undefined) {
    throw new CordonError(
      'not_found',
      'No model runner serves this model; GET /v1/models lists those that are.',
      {
        param: '/model',
      },
    );
  }
  trail.findings.destination = runner.destination;
  const input: AdmitInput = {
    principal: incoming.principal,
    operation: incoming.dialect.operation,
    model: request.model,
    destination: runner.destination,
    purpose,
    nowMs: incoming.receivedAtMs,
  };
  const verdict = checkAdmission(snapshot, input);
  trail.findings.reason = verdict.reason;
  trail.findings.ruleIds = verdict.ruleIds;
  return { runner, snapshot, input };
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
