import { type ErrorCode } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type GuardCall, type Guardrail } from '../../gateway/guardrail.ts';
import { type HeldBytes } from '../body-budget.ts';
import { type CallLimits, createCallSignal } from '../call-signal.ts';
import { readCallHeaders, tellPolicy } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { readJsonText } from '../read-body.ts';
import {
  type AnswerBody,
  type ErrorStyle,
  type Example,
  type Parameter,
  type Route,
  TOKEN_REFUSALS,
} from '../route-table.ts';
import { type RequestContext } from '../state.ts';

export interface GuardRouteOptions extends CallLimits {
  readonly bodyBudget: () => HeldBytes;
  readonly guard: (
    call: GuardCall,
    guardrail: Guardrail,
    source: string,
  ) => Promise<{ readonly body: string; readonly policyHash: string }>;
}

/** What a route says about a guardrail that the guardrail itself does not. */
export interface GuardrailText {
  readonly id: string;
  readonly path: string;
  readonly tag: string;
  readonly errors: ErrorStyle;
  readonly takesApiKey?: true;
  readonly summary: string;
  readonly description?: string;
  readonly answer: AnswerBody;
  /** Of a `POST`; a question without a body is a `GET`. */
  readonly request?: NonNullable<Route['request']>;
  readonly parameters?: readonly Parameter[];
}

const LISTING_REFUSALS: readonly ErrorCode[] = [
  ...TOKEN_REFUSALS,
  ...(['invalid_request', 'no_matching_allow', 'matched_deny', 'attribute_missing'] as const),
  ...([
    'audit_unavailable',
    'policy_unavailable',
    'policy_stale',
    'client_closed_request',
    'upstream_timeout',
  ] as const),
];
const QUESTION_REFUSALS: readonly ErrorCode[] = [
  ...LISTING_REFUSALS,
  ...(['invalid_json', 'payload_too_large', 'unsupported_media_type', 'entity_blocked'] as const),
  ...(['shape_unknown', 'content_opaque', 'detector_unavailable'] as const),
];

/** A question of another gateway, answered in its own contract. */
export function guardRoute(guardrail: Guardrail, text: GuardrailText, options: GuardRouteOptions): Route {
  const { answer, ...rest } = text;
  const asks = text.request !== undefined;
  return {
    ...rest,
    method: asks ? 'POST' : 'GET',
    access: 'token',
    operation: guardrail.operation,
    answers: { 200: answer },
    refusals: asks ? QUESTION_REFUSALS : LISTING_REFUSALS,
    handle: (ctx) => answerQuestion(ctx, guardrail, asks, options),
  };
}

async function answerQuestion(
  ctx: RequestContext,
  guardrail: Guardrail,
  asks: boolean,
  options: GuardRouteOptions,
): Promise<void> {
  const signal = createCallSignal(ctx.res, options);
  const held = options.bodyBudget();
  try {
    const call: GuardCall = {
      requestId: ctx.state.requestId,
      principal: principalOf(ctx),
      ...readCallHeaders(ctx.req),
      onPolicy: tellPolicy(ctx),
      receivedAtMs: ctx.state.receivedAtMs,
      signal,
    };
    const source = asks
      ? await readJsonText(ctx.req, LIMITS.requestBodyBytes, (bytes) => {
          held.add(bytes);
        })
      : '';
    const { body } = await options.guard(call, guardrail, source);
    ctx.status = 200;
    ctx.type = 'application/json';
    ctx.body = body;
  } finally {
    held.release();
  }
}

export function json(description: string, schema: JsonObject): AnswerBody {
  return { description, content: { 'application/json': schema } };
}

export function asked(
  schema: JsonObject,
  examples: Readonly<Record<string, Example>>,
): NonNullable<Route['request']> {
  return { body: { schema }, examples };
}
