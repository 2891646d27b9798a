import { type CordonError, toCordonError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type ProtectedCall } from '../call.ts';
import { type Answer, type GatewayDependencies } from '../ports.ts';
import { type Ending } from '../trail.ts';
import { forward } from './forward.ts';
import { checkContentType, readBody } from './read-body.ts';

/** Forwards, restores the caller's own values, and answers once the COMPLETION is durable. */
export async function answerJson(deps: GatewayDependencies, call: ProtectedCall): Promise<Answer> {
  let response: string | undefined;
  try {
    const { response: upstream, outbound } = await forward(deps, call);
    checkContentType(upstream, 'application/json');
    response = await readBody(upstream, LIMITS.responseBodyBytes);
    const said = outbound.translated?.answer(response) ?? response;
    const { body, usage, names } = call.dialect.revealBody(said, call.safe.revealer, call.request);
    await call.keep(names);
    const { about } = call.recalled;
    if (call.request.forgets === true && about !== undefined) {
      await deps.kept.forget(call.principal, about.requestId);
    }
    await call.trail.finish({ outcome: 'complete', upstreamStatus: upstream.status, ...usage, response });
    const { policyHash, coverage } = call;
    return { kind: 'json', body, policyHash, coverage };
  } catch (error) {
    const failure = toCordonError(error);
    await call.trail.finish({ ...endingOf(failure), response });
    throw failure;
  }
}

/** How a call that did not complete is written down. */
export function endingOf(error: CordonError): Ending {
  return {
    outcome: error.code === 'client_closed_request' ? 'client_abort' : 'upstream_error',
    error: error.code,
  };
}
