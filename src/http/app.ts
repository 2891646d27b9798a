import Router from '@koa/router';
import Koa from 'koa';
import { type Dialect } from '../dialects/dialect.ts';
import { CordonError } from '../domain/errors.ts';
import { type Admission } from './middleware/admission.ts';
import { type AuthenticateOptions, authenticate } from './middleware/authenticate.ts';
import { type ErrorObserver, mapErrors } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { type CallRouteOptions, callRoute } from './routes/completions.ts';
import { type Readiness, healthz, metrics, readyz } from './routes/health.ts';
import { type ModelsRouteOptions, modelsRoute } from './routes/models.ts';
import { type RequestContext, type RequestState } from './state.ts';

export interface OperationsOptions extends ErrorObserver {
  readonly createId: () => string;
  readonly clock: () => number;
  readonly readiness: Readiness;
  readonly exposeMetrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface DataPlaneOptions
  extends OperationsOptions, AuthenticateOptions, CallRouteOptions, ModelsRouteOptions {
  readonly dialects: readonly Dialect[];
  readonly admission: Admission;
  /** Metrics tell about traffic; on a port that callers reach they are for development. */
  readonly metricsHere: boolean;
}

/** What applications talk to. Nothing under /v1 is answered before authentication, and nothing uninspected ever is. */
export function createDataPlane(options: DataPlaneOptions): Koa<RequestState> {
  const app = createApp(options);
  const open = createOperationsRouter(options, options.metricsHere);
  const inspected = new Router<RequestState>({ strict: true, sensitive: true });
  // A fixed path comes before one with a parameter that it would fit.
  const dialects = options.dialects.toSorted(
    (a, b) => Number(a.path.includes(':')) - Number(b.path.includes(':')),
  );
  for (const dialect of dialects) {
    inspected.register(`/v1${dialect.path}`, [methodOf(dialect)], callRoute(dialect, options));
  }
  for (const path of new Set(dialects.map((dialect) => dialect.path))) {
    const methods = dialects.filter((dialect) => dialect.path === path).map(methodOf);
    inspected.all(`/v1${path}`, refuseMethod(methods.join(', ')));
  }
  const models = modelsRoute(options);
  inspected.get('/v1/models', (ctx) => models(ctx));
  inspected.get('/v1/models/*id', (ctx) => models(ctx, ctx.params['id']));
  app.use(open.routes());
  app.use(options.admission.middleware);
  app.use(authenticate(options));
  app.use(inspected.routes());
  app.use(refuseRest);
  return app;
}

/** The control plane's port; the console moves in here. */
export function createAdminPlane(options: OperationsOptions): Koa<RequestState> {
  const app = createApp(options);
  app.use(createOperationsRouter(options, true).routes());
  app.use(refuseRest);
  return app;
}

function createApp(options: OperationsOptions): Koa<RequestState> {
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
  app.use(mapErrors(options));
  return app;
}

function createOperationsRouter(options: OperationsOptions, withMetrics: boolean): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  router.get('/healthz', (ctx) => {
    healthz(ctx);
  });
  router.get('/readyz', readyz(options.readiness));
  if (withMetrics) router.get('/metrics', metrics(options.exposeMetrics));
  return router;
}

function methodOf({ bodiless = 'POST' }: Dialect): string {
  return bodiless;
}

function refuseMethod(allowed: string) {
  return (ctx: RequestContext): void => {
    ctx.set('Allow', allowed);
    throw new CordonError('method_not_allowed', `Use ${allowed} here.`);
  };
}

/** An endpoint that Cordon does not inspect is never passed through. */
function refuseRest(ctx: RequestContext): void {
  if (ctx.path === '/v1' || ctx.path.startsWith('/v1/')) {
    throw new CordonError(
      'endpoint_not_inspected',
      'Cordon does not inspect this endpoint yet, so it does not forward it.',
    );
  }
  throw new CordonError('not_found', 'There is nothing here; the API is under /v1.');
}
