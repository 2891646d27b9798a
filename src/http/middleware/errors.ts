import { anthropicError } from '../../dialects/anthropic-error.ts';
import { type CordonError, type ErrorCode, toCordonError } from '../../domain/errors.ts';
import { type Log } from '../../telemetry/log.ts';
import { isAnthropicPath } from '../anthropic-path.ts';
import { type Next, type RequestContext } from '../state.ts';

export interface ErrorObserver {
  readonly log: Log;
  readonly callRefused: (code: ErrorCode) => void;
}

/** Anything thrown below becomes an error with one of our closed codes, in the shape that the path's clients know. */
export function mapErrors(observer: ErrorObserver) {
  return async (ctx: RequestContext, next: Next): Promise<void> => {
    try {
      await next();
    } catch (thrown) {
      const error = toCordonError(thrown);
      observer.callRefused(error.code);
      if (error.status >= 500) {
        const { code, detail = '' } = error;
        observer.log({ event: 'call_failed', requestId: ctx.state.requestId, code, detail });
      }
      sendError(ctx, error);
    }
  };
}

function sendError(ctx: RequestContext, error: CordonError): void {
  ctx.status = error.status;
  if (error.code === 'unauthenticated') ctx.set('WWW-Authenticate', 'Bearer');
  if (error.retryAfterS !== undefined) ctx.set('Retry-After', String(error.retryAfterS));
  if (isAnthropicPath(ctx.path)) {
    ctx.body = anthropicError(error, ctx.state.requestId);
    return;
  }
  ctx.body = {
    error: {
      message: error.message,
      type: error.status < 500 ? 'invalid_request_error' : 'server_error',
      code: error.code,
      param: error.param ?? null,
      request_id: ctx.state.requestId,
    },
  };
}
