import Koa from 'koa';
import { CordonError } from '../domain/errors.ts';
import { type Admission } from './middleware/admission.ts';
import { type AuthenticateOptions, authenticate } from './middleware/authenticate.ts';
import { type ErrorObserver, mapErrors } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { createErrorStyles, createKeyPaths, createRouter, type Route } from './route-table.ts';
import { declareAdminPlane, declareDataPlane, type DataPlaneRouteOptions } from './routes.ts';
import { type HealthRouteOptions } from './routes/health.ts';
import { type RequestContext, type RequestState } from './state.ts';

export interface OperationsOptions extends ErrorObserver, HealthRouteOptions {
  readonly createId: () => string;
  readonly clock: () => number;
}

export interface AdminPlaneOptions extends OperationsOptions, AuthenticateOptions {
  readonly admission: Admission;
  /** What needs a token there. */
  readonly routes: readonly Route[];
  readonly version: string;
}

export interface DataPlaneOptions extends OperationsOptions, AuthenticateOptions, DataPlaneRouteOptions {
  readonly admission: Admission;
}

/** What applications talk to. Nothing behind a token is answered before authentication, and nothing uninspected ever is. */
export function createDataPlane(options: DataPlaneOptions): Koa<RequestState> {
  return createPlane(options, declareDataPlane(options));
}

/** The control plane: operations for anybody who reaches its port, everything else behind a token and its own policy. */
export function createAdminPlane(options: AdminPlaneOptions): Koa<RequestState> {
  return createPlane(options, declareAdminPlane(options, options.routes));
}

interface PlaneOptions extends OperationsOptions, AuthenticateOptions {
  readonly admission: Admission;
}

function createPlane(options: PlaneOptions, routes: readonly Route[]): Koa<RequestState> {
  const app = createApp(options, routes);
  app.use(createRouter(routes.filter(({ access }) => access === 'open')).routes());
  app.use(options.admission.middleware);
  app.use(authenticate(options, createKeyPaths(routes)));
  app.use(createRouter(routes.filter(({ access }) => access === 'token')).routes());
  app.use(refuseRest);
  return app;
}

function createApp(options: OperationsOptions, routes: readonly Route[]): Koa<RequestState> {
  const app = new Koa<RequestState>();
  // Koa would print these, message and all. A reader that leaves is no error, and its call is recorded as such.
  app.on('error', (error: unknown, ctx?: RequestContext) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE') return;
    options.log({
      event: 'call_failed',
      requestId: ctx?.state.requestId ?? '',
      code: 'internal_error',
      detail: code,
    });
  });
  app.use(requestId(options.createId, options.clock));
  app.use(mapErrors(options, createErrorStyles(routes)));
  return app;
}

/** An endpoint that Cordon does not inspect is never passed through. */
function refuseRest(ctx: RequestContext): void {
  if (ctx.path === '/v1' || ctx.path.startsWith('/v1/')) {
    throw new CordonError(
      'endpoint_not_inspected',
      'Cordon does not inspect this endpoint yet, so it does not forward it.',
    );
  }
  throw new CordonError(
    'not_found',
    'There is nothing here; the API is under /v1, that of the control plane under /admin/v1 on its own port.',
  );
}
