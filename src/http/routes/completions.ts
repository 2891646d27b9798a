import { type Dialect } from '../../dialects/dialect.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Answer, type IncomingCall } from '../../gateway/ports.ts';
import { type HeldBytes } from '../body-budget.ts';
import { type CallLimits, createCallSignal } from '../call-signal.ts';
import { coverageSummary, readBetas, readCallHeaders, readCoverageWish } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { readJsonText } from '../read-body.ts';
import { readParameters } from '../read-parameters.ts';
import { createSseBody } from '../sse.ts';
import { type RequestContext } from '../state.ts';

export interface CallRouteOptions extends CallLimits {
  readonly bodyBudget: () => HeldBytes;
  readonly handle: (call: IncomingCall) => Promise<Answer>;
}

interface Parameters {
  readonly params: Readonly<Record<string, string>>;
}

/** A route for one dialect: the body goes in as text, the answer comes out as JSON or as events. */
export function callRoute(dialect: Dialect, options: CallRouteOptions) {
  return async (ctx: RequestContext & Parameters): Promise<void> => {
    const signal = createCallSignal(ctx.res, options);
    const held = options.bodyBudget();
    const wantsCoverage = readCoverageWish(ctx.req);
    let streaming = false;
    try {
      const answer = await options.handle({
        requestId: ctx.state.requestId,
        principal: principalOf(ctx),
        dialect,
        ...readCallHeaders(ctx.req),
        betas: readBetas(ctx.req, ctx.path),
        source:
          dialect.bodiless === undefined
            ? await readJsonText(ctx.req, LIMITS.requestBodyBytes, (bytes) => {
                held.add(bytes);
              })
            : readParameters(ctx.params, ctx.URL.searchParams),
        receivedAtMs: ctx.state.receivedAtMs,
        signal,
      });
      ctx.status = 200;
      ctx.set('Cordon-Policy-Version', answer.policyHash);
      if (wantsCoverage) ctx.set('Cordon-Coverage', coverageSummary(answer.coverage));
      if (answer.kind === 'json') {
        ctx.type = 'application/json';
        ctx.body = answer.body;
        return;
      }
      ctx.set('Content-Type', 'text/event-stream; charset=utf-8');
      ctx.set('X-Accel-Buffering', 'no');
      const leave = ctx.state.hold?.();
      streaming = true;
      const onEnd = (): void => {
        held.release();
        leave?.();
      };
      ctx.body = createSseBody(answer.events, onEnd, dialect.eventName);
    } finally {
      if (!streaming) held.release();
    }
  };
}
