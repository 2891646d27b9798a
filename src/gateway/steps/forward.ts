import { LIMITS } from '../../domain/limits.ts';
import { type RunnerResponse } from '../../domain/runner.ts';
import { type ProtectedCall } from '../call.ts';
import { type GatewayDependencies } from '../ports.ts';
import { readBody } from './read-body.ts';
import { toUpstreamRefusal } from './upstream-refusal.ts';

/** Sends the protected body. An error status of the runner is thrown, its body read no further than needed. */
export async function forward(deps: GatewayDependencies, call: ProtectedCall): Promise<RunnerResponse> {
  const started = performance.now();
  const response = await call.runner.send(
    { path: call.dialect.path, method: 'POST', body: call.body, requestId: call.requestId },
    call.signal,
  );
  deps.observe.stage('forward', (performance.now() - started) / 1000);
  if (response.status === 200) return response;
  throw toUpstreamRefusal(response.status, await readBody(response, LIMITS.sseLineBytes).catch(() => ''));
}
