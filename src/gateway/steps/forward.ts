import { CordonError, type ErrorCode, toCordonError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Attempt, type RunnerResponse } from '../../domain/runner.ts';
import { type ProtectedCall } from '../call.ts';
import { type GatewayDependencies } from '../ports.ts';
import { type Outbound } from './outbound.ts';
import { notFound } from './recall.ts';
import { readBody } from './read-body.ts';
import { toUpstreamRefusal } from './upstream-refusal.ts';

/** A runner's answer, begun, and who gives it. */
export interface Forwarded {
  readonly outbound: Outbound;
  readonly response: RunnerResponse;
}

/** What says something about the runner and not about the call, so that another one may do better. */
const FALL_BACK_ON: ReadonlySet<ErrorCode> = new Set([
  'too_many_requests',
  'upstream_unavailable',
  'upstream_error',
  'upstream_timeout',
]);

/**
 * Sends the protected body to the first runner of the plan, and to the next when that one fails before it answers.
 * Throws the last failure. An error status is thrown, its body read no further than needed.
 */
export async function forward(deps: GatewayDependencies, call: ProtectedCall): Promise<Forwarded> {
  const started = performance.now();
  let failure = new CordonError('upstream_unavailable', 'No model runner was left to ask.');
  for (const outbound of call.outbounds) {
    try {
      const response = await ask(outbound, call);
      deps.observe.stage('forward', (performance.now() - started) / 1000);
      return { outbound, response };
    } catch (error) {
      failure = toCordonError(error);
      // Time that is up looks like a late runner: neither a caller who left nor a call cut off is tried elsewhere.
      if (call.signal.aborted || !FALL_BACK_ON.has(failure.code)) throw failure;
    }
  }
  throw failure;
}

async function ask({ runner, ...sent }: Outbound, call: ProtectedCall): Promise<RunnerResponse> {
  const { requestId, request, signal, trail } = call;
  const { method, path, body, betas } = sent;
  const onAttempt = (attempt: Attempt): void => {
    trail.attempted(attempt);
  };
  const response = await runner.send({ method, path, body, betas, requestId, onAttempt }, signal);
  if (response.status === 200) return response;
  // What the runner no longer has is gone in the same words as what was never there.
  if (response.status === 404 && request.target !== undefined) {
    response.discard();
    throw notFound(undefined, request);
  }
  const told = await readBody(response, LIMITS.sseLineBytes).catch(() => '');
  throw toUpstreamRefusal(response.status, told, response.retryAfterMs);
}
