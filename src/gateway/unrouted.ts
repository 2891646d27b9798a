import { type CordonError } from '../domain/errors.ts';
import { type Principal } from '../domain/principal.ts';
import { type GatewayDependencies } from './ports.ts';
import { createTrail } from './trail.ts';

/** A request of a known caller for which there is no route, or not with this method. */
export interface UnroutedCall {
  readonly requestId: string;
  readonly principal: Principal;
  readonly receivedAtMs: number;
}

/** What records call it. Its path is the caller's own words, so it is not written down. */
const UNROUTED = 'unrouted';

/** Durable before it resolves. */
export async function refuseUnrouted(
  deps: GatewayDependencies,
  call: UnroutedCall,
  error: CordonError,
): Promise<void> {
  const purpose = undefined;
  await createTrail(deps, { ...call, purpose, dataSubject: undefined, operation: UNROUTED }).deny(error);
}
