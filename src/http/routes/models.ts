import { CordonError } from '../../domain/errors.ts';
import { type ModelEntry, type ModelsCall } from '../../gateway/models.ts';
import { type CallLimits, createCallSignal } from '../call-signal.ts';
import { readCallHeaders } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { type RequestContext } from '../state.ts';

export interface ModelsRouteOptions extends CallLimits {
  readonly list: (call: ModelsCall) => Promise<readonly ModelEntry[]>;
}

/** `GET /v1/models` and, with an id, `GET /v1/models/:id`. */
export function modelsRoute(options: ModelsRouteOptions) {
  return async (ctx: RequestContext, id?: string): Promise<void> => {
    const models = await options.list({
      requestId: ctx.state.requestId,
      principal: principalOf(ctx),
      ...readCallHeaders(ctx.req),
      receivedAtMs: ctx.state.receivedAtMs,
      signal: createCallSignal(ctx.res, options),
    });
    if (id === undefined) {
      ctx.body = { object: 'list', data: models };
      return;
    }
    const model = models.find((entry) => entry.id === id);
    if (model === undefined)
      throw new CordonError('not_found', 'This model does not exist or is not allowed for this caller.');
    ctx.body = model;
  };
}
