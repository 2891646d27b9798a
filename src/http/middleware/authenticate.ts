import { CordonError } from '../../domain/errors.ts';
import { type Principal } from '../../domain/principal.ts';
import { isAnthropicClient } from '../anthropic-path.ts';
import { type Next, type RequestContext } from '../state.ts';

export interface AuthenticateOptions {
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  /** Told the reason, which the caller is not. */
  readonly onRefused: (requestId: string, reason: string) => void;
}

/** No token, no request: everything behind this has a principal. */
export function authenticate(options: AuthenticateOptions, takesApiKey: (path: string) => boolean) {
  return async (ctx: RequestContext, next: Next): Promise<void> => {
    const takesKey = takesApiKey(ctx.path) || isAnthropicClient(ctx.req);
    try {
      ctx.state.principal = await options.authenticate(authorizationOf(ctx, takesKey));
    } catch (error) {
      if (error instanceof CordonError && error.code === 'unauthenticated') {
        options.onRefused(ctx.state.requestId, error.detail ?? 'unspecified');
      }
      throw error;
    }
    await next();
  };
}

/** Clients of some vendors send their key as `x-api-key`; with us that key is the bearer token. */
function authorizationOf(ctx: RequestContext, takesApiKey: boolean): string | undefined {
  const { authorization, 'x-api-key': key } = ctx.req.headers;
  if (authorization !== undefined || typeof key !== 'string' || !takesApiKey) {
    return authorization;
  }
  return `Bearer ${key}`;
}

export function principalOf(ctx: RequestContext): Principal {
  const { principal } = ctx.state;
  if (principal === undefined) throw new TypeError('a route ran without authentication');
  return principal;
}
