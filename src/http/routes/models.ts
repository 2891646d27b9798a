import { CordonError, type ErrorCode } from '../../domain/errors.ts';
import { type ModelEntry, type ModelsCall } from '../../gateway/models.ts';
import { type CallLimits, createCallSignal } from '../call-signal.ts';
import { isAnthropicClient } from '../anthropic-path.ts';
import { readCallHeaders, tellPolicy } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { type Route, TOKEN_REFUSALS } from '../route-table.ts';
import { type RequestContext } from '../state.ts';

export interface ModelsRouteOptions extends CallLimits {
  readonly list: (call: ModelsCall) => Promise<readonly ModelEntry[]>;
}

const MODEL = {
  type: 'object',
  required: ['id', 'object', 'created', 'owned_by'],
  properties: {
    id: { type: 'string' },
    object: { const: 'model' },
    created: { type: 'integer', description: 'Seconds since the epoch.' },
    owned_by: { type: 'string', description: 'The runner that serves it.' },
  },
};
const LIST = {
  type: 'object',
  required: ['object', 'data'],
  properties: { object: { const: 'list' }, data: { type: 'array', items: MODEL } },
};
const MODELS_REFUSALS: readonly ErrorCode[] = [
  ...TOKEN_REFUSALS,
  ...(['invalid_request', 'no_matching_allow', 'matched_deny', 'attribute_missing'] as const),
  ...(['not_found', 'audit_unavailable', 'policy_unavailable', 'policy_stale'] as const),
  ...(['upstream_error', 'upstream_invalid', 'upstream_unavailable', 'upstream_timeout'] as const),
];

/** `GET /v1/models`, and one of them by its id. */
export function modelsRoutes(options: ModelsRouteOptions): readonly Route[] {
  const handle = modelsRoute(options);
  const both = {
    method: 'GET',
    access: 'token',
    errors: 'openai',
    tag: 'Models',
    operation: 'models',
    refusals: MODELS_REFUSALS,
  } as const;
  return [
    {
      ...both,
      id: 'listModels',
      path: '/v1/models',
      summary: 'The models this caller may use',
      description: 'A request with the header `anthropic-version` is answered as Anthropic’s API does.',
      answers: { 200: { description: 'A list.', content: { 'application/json': LIST } } },
      handle: (ctx) => handle(ctx),
    },
    {
      ...both,
      id: 'getModel',
      path: '/v1/models/{id}',
      greedy: ['id'],
      summary: 'One model',
      parameters: [
        { name: 'id', in: 'path', description: 'Its name; it may hold slashes.', example: 'demo' },
      ],
      answers: { 200: { description: 'The model.', content: { 'application/json': MODEL } } },
      handle: (ctx, { id }) => handle(ctx, id),
    },
  ];
}

/** The model as Anthropic's API describes one, as far as anybody here knows. */
function asAnthropic({ id, created }: ModelEntry): object & Pick<ModelEntry, 'id'> {
  return {
    ...{ type: 'model', id, display_name: id, created_at: new Date(created * 1000).toISOString() },
    ...{ lifecycle: 'active', deprecated_at: null, line: null, capabilities: null },
    ...{ max_input_tokens: null, max_tokens: null },
  };
}

function modelsRoute(options: ModelsRouteOptions) {
  return async (ctx: RequestContext, id?: string): Promise<void> => {
    const models = await options.list({
      requestId: ctx.state.requestId,
      principal: principalOf(ctx),
      ...readCallHeaders(ctx.req),
      use: isAnthropicClient(ctx.req) ? 'messages' : 'chat',
      onPolicy: tellPolicy(ctx),
      receivedAtMs: ctx.state.receivedAtMs,
      signal: createCallSignal(ctx.res, options),
    });
    const shown = isAnthropicClient(ctx.req) ? models.map(asAnthropic) : models;
    if (id === undefined) {
      const page = { first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null, has_more: false };
      ctx.body = { ...(isAnthropicClient(ctx.req) ? page : { object: 'list' }), data: shown };
      return;
    }
    const model = shown.find((entry) => entry.id === id);
    if (model === undefined)
      throw new CordonError('not_found', 'This model does not exist or is not allowed for this caller.');
    ctx.body = model;
  };
}
