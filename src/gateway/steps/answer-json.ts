import { type CordonError, type ErrorCode, toCordonError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Outcome } from '../../domain/record.ts';
import { type ProtectedCall } from '../call.ts';
import { type Inspection } from '../inspection/inspection.ts';
import { type Answer, type GatewayDependencies } from '../ports.ts';
import { type Ending } from '../trail.ts';
import { forward } from './forward.ts';
import { checkContentType, readBody } from './read-body.ts';

/** Forwards, restores the caller's own values, and answers once the COMPLETION is durable. */
export async function answerJson(deps: GatewayDependencies, call: ProtectedCall): Promise<Answer> {
  let response: string | undefined;
  let inspection: Inspection | undefined;
  try {
    const { response: upstream, outbound } = await forward(deps, call);
    checkContentType(upstream, 'application/json');
    response = await readBody(upstream, LIMITS.responseBodyBytes);
    const said = outbound.translated?.answer(response) ?? response;
    inspection = outbound.inspect();
    const revealer = await inspection.ofWhole((reader) => {
      call.dialect.revealBody(said, reader, call.request);
    });
    const { body, usage, names } = call.dialect.revealBody(said, revealer, call.request);
    await call.keep(names, outbound.runner.destination.runner);
    const { about } = call.recalled;
    if (call.request.forgets === true && about !== undefined) {
      await deps.kept.forget(call.principal, about.requestId);
    }
    const output = inspection.found();
    await call.trail.finish({
      outcome: 'complete',
      upstreamStatus: upstream.status,
      ...usage,
      response,
      output,
    });
    const { policyHash, coverage } = call;
    return { kind: 'json', body, policyHash, coverage };
  } catch (error) {
    const failure = toCordonError(error);
    await call.trail.finish({ ...endingOf(failure), response, output: inspection?.found() });
    throw failure;
  }
}

const OUTCOMES: ReadonlyMap<ErrorCode, Outcome> = new Map([
  ['client_closed_request', 'client_abort'],
  ['answer_blocked', 'policy_cut'],
]);

/** How a call that did not complete is written down. */
export function endingOf(error: CordonError): Ending {
  return {
    outcome: OUTCOMES.get(error.code) ?? 'upstream_error',
    error: error.code,
  };
}
