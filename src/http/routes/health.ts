import { type CircuitState } from '../../domain/runner.ts';
import { type Route } from '../route-table.ts';
import { type RequestContext } from '../state.ts';

export interface Readiness {
  /** Every part that must work before a call can be served, by name. */
  check(): Promise<Readonly<Record<string, boolean>>>;
}

/**
 * Anybody may ask, and the checks cost what a call costs: who asks while they run gets the same answer, so that a flood
 * of questions takes neither the model nor the database from the calls.
 */
export function createReadiness(checks: Readonly<Record<string, () => Promise<boolean>>>): Readiness {
  let pending: Promise<Readonly<Record<string, boolean>>> | undefined;
  const run = async (): Promise<Readonly<Record<string, boolean>>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(checks).map(
          async ([name, check]) => [name, await check().catch(() => false)] as const,
        ),
      ),
    );
  return {
    async check() {
      pending ??= run().finally(() => (pending = undefined));
      return pending;
    },
  };
}

export interface HealthRouteOptions {
  readonly readiness: Readiness;
  /** State of each runner's circuit breaker. */
  readonly circuits: () => Readonly<Record<string, CircuitState>>;
  readonly exposeMetrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

const OPEN = { method: 'GET', access: 'open', errors: 'openai', tag: 'Operations' } as const;
const STATUS = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
const CHECKS = {
  ...STATUS,
  properties: {
    status: { enum: ['ready', 'not_ready'] },
    checks: { type: 'object', additionalProperties: { type: 'boolean' } },
    runners: { type: 'object', additionalProperties: { enum: ['closed', 'half_open', 'open'] } },
  },
};

/** Whether the process lives, and whether a call would be served now. */
export function healthRoutes(
  { readiness, circuits }: HealthRouteOptions,
  withRunners: boolean,
): readonly Route[] {
  return [
    {
      ...OPEN,
      id: 'getHealth',
      path: '/healthz',
      summary: 'Alive: the process answers',
      answers: { 200: { description: 'It does.', content: { 'application/json': STATUS } } },
      refusals: ['method_not_allowed'],
      handle: healthz,
    },
    {
      ...OPEN,
      id: 'getReadiness',
      path: '/readyz',
      summary: 'Ready: a call would be served now',
      answers: {
        200: { description: 'Database, model and policy work.', content: { 'application/json': CHECKS } },
        503: { description: 'One of them does not.', content: { 'application/json': CHECKS } },
      },
      refusals: ['method_not_allowed'],
      // Names of runners are no more for everybody than metrics are.
      handle: readyz(readiness, withRunners ? circuits : undefined),
    },
  ];
}

export function metricsRoute({ exposeMetrics }: HealthRouteOptions): Route {
  return {
    ...OPEN,
    id: 'getMetrics',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    answers: {
      200: { description: 'Prometheus text format.', content: { 'text/plain': { type: 'string' } } },
    },
    refusals: ['method_not_allowed'],
    handle: metrics(exposeMetrics),
  };
}

/** Alive: the event loop turns. */
function healthz(ctx: RequestContext): void {
  ctx.body = { status: 'ok' };
}

/**
 * Ready: a call would be served now. The runners' circuits are told and change nothing: a runner that is down is down
 * for every instance, and taking them all out of service would help nobody.
 */
function readyz(readiness: Readiness, circuits?: () => Readonly<Record<string, CircuitState>>) {
  return async (ctx: RequestContext): Promise<void> => {
    const checks = await readiness.check();
    const ready = Object.values(checks).every(Boolean);
    ctx.status = ready ? 200 : 503;
    const runners = circuits === undefined ? {} : { runners: circuits() };
    ctx.body = { status: ready ? 'ready' : 'not_ready', checks, ...runners };
  };
}

function metrics(expose: () => Promise<{ readonly contentType: string; readonly body: string }>) {
  return async (ctx: RequestContext): Promise<void> => {
    const { contentType, body } = await expose();
    ctx.set('Content-Type', contentType);
    ctx.body = body;
  };
}
