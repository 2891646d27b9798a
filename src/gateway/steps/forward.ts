import { LIMITS } from '../../domain/limits.ts';
import { type RunnerResponse } from '../../domain/runner.ts';
import { type ProtectedCall } from '../call.ts';
import { type GatewayDependencies } from '../ports.ts';
import { notFound } from './recall.ts';
import { readBody } from './read-body.ts';
import { toUpstreamRefusal } from './upstream-refusal.ts';

/** Sends the protected body. An error status of the runner is thrown, its body read no further than needed. */
export async function forward(deps: GatewayDependencies, call: ProtectedCall): Promise<RunnerResponse> {
  const started = performance.now();
  const { requestId, request, betas, signal } = call;
  const response = await call.runner.send(
    request.target === undefined
      ? { path: call.dialect.path, method: 'POST', body: call.body, requestId, betas }
      : { ...request.target, body: undefined, requestId },
    signal,
  );
  deps.observe.stage('forward', (performance.now() - started) / 1000);
  if (response.status === 200) return response;
  // What the runner no longer has is gone in the same words as what was never there.
  if (response.status === 404 && request.target !== undefined) {
    response.discard();
    throw notFound(undefined, request);
  }
  throw toUpstreamRefusal(response.status, await readBody(response, LIMITS.sseLineBytes).catch(() => ''));
}
