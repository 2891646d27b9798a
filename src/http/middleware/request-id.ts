import { type Next, type RequestContext } from '../state.ts';

/** Gives each request an id of ours (never one that the caller chose) and shows it in every answer. */
export function requestId(createId: () => string, clock: () => number) {
  return async (ctx: RequestContext, next: Next): Promise<void> => {
    ctx.state.requestId = createId();
    ctx.state.receivedAtMs = clock();
    ctx.set('Cordon-Request-Id', ctx.state.requestId);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cache-Control', 'no-store');
    await next();
  };
}
