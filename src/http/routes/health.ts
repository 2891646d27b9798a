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

/** Alive: the event loop turns. */
export function healthz(ctx: RequestContext): void {
  ctx.body = { status: 'ok' };
}

/** Ready: a call would be served now. */
export function readyz(readiness: Readiness) {
  return async (ctx: RequestContext): Promise<void> => {
    const checks = await readiness.check();
    const ready = Object.values(checks).every(Boolean);
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not_ready', checks };
  };
}

export function metrics(expose: () => Promise<{ readonly contentType: string; readonly body: string }>) {
  return async (ctx: RequestContext): Promise<void> => {
    const { contentType, body } = await expose();
    ctx.set('Content-Type', contentType);
    ctx.body = body;
  };
}
