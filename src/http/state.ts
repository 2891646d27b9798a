import { type ParameterizedContext } from 'koa';
import { type Principal } from '../domain/principal.ts';

/** What middleware has established about a request by the time a route sees it. */
export interface RequestState {
  requestId: string;
  receivedAtMs: number;
  principal?: Principal;
  /** True once no route was found for it. */
  unrouted?: boolean;
  /** Keeps the call counted as open until the returned function is called. */
  hold?: () => () => void;
}

export type RequestContext = ParameterizedContext<RequestState>;
export type Next = () => Promise<void>;
