import { CordonError } from '../../domain/errors.ts';
import { type Principal } from '../../domain/principal.ts';
import { isAnthropicPath } from '../anthropic-path.ts';
import { type Next, type RequestContext } from '../state.ts';

export interface AuthenticateOptions {
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  /** Told the reason, which the caller is not. */
  readonly onRefused: (requestId: string, reason: string) => void;
}

/** No token, no request: everything behind this has a principal. */
export function authenticate(options: AuthenticateOptions) {
  return async (ctx: RequestContext, next: Next): Promise<void> => {
    try {
      ctx.state.principal = await options.authenticate(authorizationOf(ctx));
    } catch (error) {
      if (error instanceof CordonError && error.code === 'unauthenticated') {
        options.onRefused(ctx.state.requestId, error.detail ?? 'unspecified');
      }
      throw error;
    }
    await next();
  };
}

/** Anthropic's clients send their key as `x-api-key`; with us that key is the bearer token. */
function authorizationOf(ctx: RequestContext): string | undefined {
  const { authorization, 'x-api-key': key } = ctx.req.headers;
  if (authorization !== undefined || typeof key !== 'string' || !isAnthropicPath(ctx.path)) {
    return authorization;
  }
  return `Bearer ${key}`;
}

export function principalOf(ctx: RequestContext): Principal {
  const { principal } = ctx.state;
  if (principal === undefined) throw new TypeError('a route ran without authentication');
  return principal;
}
