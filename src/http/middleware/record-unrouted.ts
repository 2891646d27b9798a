import { type CordonError, toCordonError } from '../../domain/errors.ts';
import { type UnroutedCall } from '../../gateway/unrouted.ts';
import { type Next, type RequestContext } from '../state.ts';
import { principalOf } from './authenticate.ts';

/** Writes down a refusal; durable before it resolves. */
export type Unrouted = (call: UnroutedCall, error: CordonError) => Promise<void>;

/** A caller who is known and asks for what is not served is refused like any other, with a record. */
export function recordUnrouted(record: Unrouted) {
  return async (ctx: RequestContext, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      if (ctx.state.unrouted === true) {
        const { requestId, receivedAtMs } = ctx.state;
        await record({ requestId, receivedAtMs, principal: principalOf(ctx) }, toCordonError(error));
      }
      throw error;
    }
  };
}
