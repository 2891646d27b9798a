import { type Dialect } from '../../dialects/dialect.ts';
import { type ErrorCode } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Answer, type IncomingCall } from '../../gateway/ports.ts';
import { isAnthropicPath } from '../anthropic-path.ts';
import { type HeldBytes } from '../body-budget.ts';
import { type CallLimits, createCallSignal } from '../call-signal.ts';
import { coverageSummary, readBetas, readCallHeaders, tellPolicy } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { readJsonText } from '../read-body.ts';
import { readParameters } from '../read-parameters.ts';
import { type Example, type Route, TOKEN_REFUSALS } from '../route-table.ts';
import { createSseBody } from '../sse.ts';
import { type RequestContext } from '../state.ts';

export interface CallRouteOptions extends CallLimits {
  readonly bodyBudget: () => HeldBytes;
  readonly handle: (call: IncomingCall) => Promise<Answer>;
}

/** What a route says about a dialect that the dialect itself does not. */
export interface DialectText {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly streams: boolean;
  readonly examples: Readonly<Record<string, Example>>;
}

export const CALL_REFUSALS: readonly ErrorCode[] = [
  ...TOKEN_REFUSALS,
  ...(['invalid_json', 'invalid_request', 'payload_too_large', 'unsupported_media_type'] as const),
  ...([
    'no_matching_allow',
    'matched_deny',
    'attribute_missing',
    'entity_blocked',
    'answer_blocked',
    'not_found',
  ] as const),
  ...(['shape_unknown', 'content_opaque', 'audit_unavailable', 'detector_unavailable'] as const),
  ...([
    'policy_unavailable',
    'policy_stale',
    'client_closed_request',
    'upstream_rejected',
    'upstream_error',
  ] as const),
  ...(['upstream_invalid', 'upstream_unavailable', 'upstream_timeout'] as const),
];
export const AS_THE_VENDOR = { type: 'object', description: "As the vendor's API answers." };
export const EVENTS = { type: 'string', description: "Server-Sent Events, as the vendor's API streams." };

/** `POST` of one dialect. */
export function dialectRoute(dialect: Dialect, text: DialectText, options: CallRouteOptions): Route {
  const { id, tag, summary, streams, examples } = text;
  return {
    id,
    method: 'POST',
    path: `/v1${dialect.path}`,
    access: 'token',
    errors: isAnthropicPath(`/v1${dialect.path}`) ? 'anthropic' : 'openai',
    ...(isAnthropicPath(`/v1${dialect.path}`) ? { takesApiKey: true } : {}),
    tag,
    summary,
    operation: dialect.operation,
    request: { body: { shape: dialect.requestShape }, examples },
    answers: {
      200: {
        description: "The runner's answer, with the caller's own values put back.",
        content: {
          'application/json': AS_THE_VENDOR,
          ...(streams ? { 'text/event-stream': EVENTS } : {}),
        },
      },
    },
    refusals: CALL_REFUSALS,
    handle: callRoute(dialect, options),
  };
}

/** A handler for one dialect: the body goes in as text, the answer comes out as JSON or as events. */
export function callRoute(dialect: Dialect, options: CallRouteOptions) {
  return async (
    ctx: RequestContext,
    parameters: Readonly<Record<string, string | undefined>> = {},
  ): Promise<void> => {
    const signal = createCallSignal(ctx.res, options);
    const held = options.bodyBudget();
    const { wantsCoverage, ...headers } = readCallHeaders(ctx.req);
    let streaming = false;
    try {
      const answer = await options.handle({
        requestId: ctx.state.requestId,
        principal: principalOf(ctx),
        dialect,
        ...headers,
        onPolicy: tellPolicy(ctx),
        betas: readBetas(ctx.req, ctx.path),
        readSource: async () => {
          if (dialect.bodiless !== undefined) return readParameters(parameters, ctx.URL.searchParams);
          const body = await readJsonText(ctx.req, LIMITS.requestBodyBytes, (bytes) => {
            held.add(bytes);
          });
          return dialect.about === true ? JSON.stringify([parameters['id'] ?? '', body]) : body;
        },
        receivedAtMs: ctx.state.receivedAtMs,
        hold: (bytes) => {
          held.add(bytes);
        },
        signal,
      });
      ctx.status = 200;
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
