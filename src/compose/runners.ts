import { type Config } from '../config/load.ts';
import { type Destination } from '../domain/policy.ts';
import { type Runner } from '../domain/runner.ts';
import { processorFacts } from '../policy/processor.ts';
import { createAnthropicRunner } from '../runners/anthropic.ts';
import { startDemoRunner } from '../runners/demo.ts';
import { createOpenaiRunner } from '../runners/openai.ts';
import { createResilientRunner } from '../runners/resilient-runner.ts';
import { createRoutes, type Route, type Routes } from '../runners/route.ts';

export interface OpenRunners {
  readonly runners: readonly Runner[];
  readonly routes: Routes;
  /** True when nothing is configured and the demo runner answers. */
  readonly demo: boolean;
  close(): Promise<void>;
}

/** The configured runners; with none, the demo runner in this process, reached over HTTP like any other. */
export async function openRunners(config: Config, clock: () => number): Promise<OpenRunners> {
  const demo = config.runners.length === 0 ? await startDemoRunner({ clock }) : undefined;
  const runners = config.runners.map((runner) => {
    const create = runner.kind === 'anthropic' ? createAnthropicRunner : createOpenaiRunner;
    const inner = create({
      destination: destinationOf(runner),
      baseUrl: runner.base_url,
      models: runner.models,
      speaks: runner.speaks ?? [runner.kind],
      apiKey: runner.apiKey,
      connectTimeoutMs: runner.connect_timeout_ms,
      responseTimeoutMs: runner.response_timeout_ms,
      idleTimeoutMs: runner.idle_timeout_ms,
      connections: runner.connections,
    });
    const { retry, breaker } = runner;
    return createResilientRunner(inner, {
      retry: {
        attempts: retry.attempts,
        budgetMs: retry.budget_ms,
        firstDelayMs: retry.first_delay_ms,
      },
      breaker: {
        consecutiveFailures: breaker.consecutive_failures,
        failureRatio: breaker.failure_ratio,
        window: breaker.window,
        minimumCalls: breaker.minimum_calls,
        openMs: breaker.open_ms,
      },
    });
  });
  if (demo !== undefined) runners.push(createDemoRunnerClient(demo.url));
  return {
    runners,
    routes: createRoutes(runners, routesOf(config, runners), Math.random),
    demo: demo !== undefined,
    async close(): Promise<void> {
      await Promise.all(runners.map((runner) => runner.close()));
      await demo?.close();
    },
  };
}

/** Frozen, so that decisions about it may be remembered by it. */
export function destinationOf(runner: Config['runners'][number]): Destination {
  const { id, trust, region, ...written } = runner;
  const processor = processorFacts(written);
  return Object.freeze({
    ...{ runner: id, trust, region },
    ...(Object.keys(processor).length === 0 ? {} : { processor }),
  });
}

/** The routes with the runners they name; that each of them exists was checked with the configuration. */
function routesOf(config: Config, runners: readonly Runner[]): readonly Route[] {
  return config.routes.map(({ models, runners: targets }) => ({
    models,
    targets: targets.map(({ id, model, weight, priority }) => {
      const runner = runners.find(({ destination }) => destination.runner === id);
      if (runner === undefined) throw new TypeError('a route names a runner that is not there');
      return { runner, model, weight, priority };
    }),
  }));
}

function createDemoRunnerClient(baseUrl: string): Runner {
  const inner = createOpenaiRunner({
    destination: { runner: 'demo', trust: 'internal', region: 'local' },
    baseUrl,
    models: ['demo'],
    speaks: ['openai'],
    apiKey: undefined,
    connectTimeoutMs: 1_000,
    responseTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    connections: 16,
  });
  // Like the others, so that its calls are recorded as theirs are: with each try.
  return createResilientRunner(inner, {
    retry: { attempts: 1, budgetMs: 10_000, firstDelayMs: 100 },
    breaker: { consecutiveFailures: 5, failureRatio: 0.5, window: 50, minimumCalls: 20, openMs: 1_000 },
  });
}
