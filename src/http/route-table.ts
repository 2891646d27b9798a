import Router, { type RouterContext } from '@koa/router';
import { type Shape } from '../dialects/shape.ts';
import { CordonError, type ErrorCode } from '../domain/errors.ts';
import { type JsonObject } from '../domain/json.ts';
import { isAnthropicPath } from './anthropic-path.ts';
import { type RequestContext, type RequestState } from './state.ts';

/** In whose shape errors are told: `plain` is `{"error": "…"}`, as Presidio and Kong's service say it. */
export type ErrorStyle = 'openai' | 'anthropic' | 'plain';

/** A request body: along a dialect's shape table, or as a JSON Schema. */
export type BodySchema = { readonly shape: Shape } | { readonly schema: JsonObject };

export interface Example {
  readonly summary: string;
  /** Sent as it stands by a test, which expects 2xx. */
  readonly value: JsonObject;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  readonly example?: string;
}

export interface AnswerBody {
  readonly description: string;
  /** Media type → schema; `{}` where the answer is the runner's own. */
  readonly content: Readonly<Record<string, JsonObject>>;
}

/**
 * One method at one path: what routes it, what authenticates it and what describes it. The router and the OpenAPI
 * document are both made from a list of these, so neither can know a route that the other does not.
 */
export interface Route {
  /** `operationId` of the document; one word a route. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{parameters}`, as OpenAPI writes it. */
  readonly path: string;
  /** Names of path parameters that may hold slashes. */
  readonly greedy?: readonly string[];
  /** `open`: anybody. `token`: behind admission and authentication. */
  readonly access: 'open' | 'token';
  /** Clients that send their key as `x-api-key`; with us that key is the bearer token. */
  readonly takesApiKey?: true;
  readonly errors: ErrorStyle;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** As policies and records name it; undefined where nothing is asked of a policy. */
  readonly operation?: string;
  readonly parameters?: readonly Parameter[];
  readonly request?: { readonly body: BodySchema; readonly examples: Readonly<Record<string, Example>> };
  /** HTTP status → body. */
  readonly answers: Readonly<Record<number, AnswerBody>>;
  readonly refusals: readonly ErrorCode[];
  /** `parameters`: those of the path, decoded. */
  readonly handle: (
    ctx: RequestContext,
    parameters: Readonly<Record<string, string | undefined>>,
  ) => Promise<void> | void;
}

/** What every request behind authentication may be refused with before its route is asked. */
export const TOKEN_REFUSALS: readonly ErrorCode[] = [
  'unauthenticated',
  'identity_unavailable',
  'too_many_requests',
  'budget_exhausted',
  'quota_unavailable',
  'shutting_down',
  'method_not_allowed',
  'internal_error',
];

/** Routes by method and path; any other method of a path that is there is refused with those that it has. */
export function createRouter(routes: readonly Route[]): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = routerPath(route);
    const handle = (ctx: RouterContext<RequestState>) => route.handle(ctx, ctx.params);
    if (route.method === 'GET') router.get(path, handle);
    else if (route.method === 'POST') router.post(path, handle);
    else router.delete(path, handle);
    methods.set(path, [...(methods.get(path) ?? []), route.method]);
  }
  for (const [path, allowed] of methods) router.all(path, refuseMethod(allowed.join(', ')));
  return router;
}

/** `/v1/models/{id}` as the router writes it. */
export function routerPath({ path, greedy = [] }: Pick<Route, 'path' | 'greedy'>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${greedy.includes(name) ? '*' : ':'}${name}`);
}

/** How the clients of a path expect errors, whether or not there is a route. */
export function createErrorStyles(routes: readonly Route[]): (path: string) => ErrorStyle {
  const styles = new Map(routes.map(({ path, errors }) => [path, errors]));
  return (path) => styles.get(path) ?? (isAnthropicPath(path) ? 'anthropic' : 'openai');
}

/** Whether the clients of a path may send their token as `x-api-key`. */
export function createKeyPaths(routes: readonly Route[]): (path: string) => boolean {
  const paths = new Set(routes.filter(({ takesApiKey }) => takesApiKey).map(({ path }) => path));
  return (path) => paths.has(path) || isAnthropicPath(path);
}

function refuseMethod(allowed: string) {
  return (ctx: RequestContext): void => {
    ctx.set('Allow', allowed);
    ctx.state.unrouted = true;
    throw new CordonError('method_not_allowed', `Use ${allowed} here.`);
  };
}
