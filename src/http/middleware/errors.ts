import { anthropicError } from '../../dialects/anthropic-error.ts';
import { type CordonError, type ErrorCode, toCordonError } from '../../domain/errors.ts';
import { type Log } from '../../telemetry/log.ts';
import { type ErrorStyle } from '../route-table.ts';
import { type Next, type RequestContext } from '../state.ts';

export interface ErrorObserver {
  readonly log: Log;
  readonly callRefused: (code: ErrorCode) => void;
}

/** Anything thrown below becomes an error with one of our closed codes, in the shape that the path's clients know. */
export function mapErrors(observer: ErrorObserver, styleOf: (path: string) => ErrorStyle) {
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
      sendError(ctx, error, styleOf(ctx.path));
    }
  };
}

function sendError(ctx: RequestContext, error: CordonError, style: ErrorStyle): void {
  ctx.status = error.status;
  if (error.code === 'unauthenticated') ctx.set('WWW-Authenticate', 'Bearer');
  if (error.retryAfterS !== undefined) ctx.set('Retry-After', String(error.retryAfterS));
  ctx.body = errorBody(error, style, ctx.state.requestId);
}

function errorBody(error: CordonError, style: ErrorStyle, requestId: string): object {
  const { message, code, param = null } = error;
  if (style === 'anthropic') return anthropicError(error, requestId);
  if (style === 'plain') {
    // Readers of this shape show its text only, so the place stands in it too.
    const error = param === null ? message : `${message} At ${param}.`;
    return { error, code, param, request_id: requestId };
  }
  const type = error.status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message, type, code, param, request_id: requestId } };
}
