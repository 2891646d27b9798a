import { type Config } from '../config/load.ts';
import { type Runner } from '../domain/runner.ts';
import { createAnthropicRunner } from '../runners/anthropic.ts';
import { startDemoRunner } from '../runners/demo.ts';
import { createOpenaiRunner } from '../runners/openai.ts';

export interface OpenRunners {
  readonly runners: readonly Runner[];
  /** True when nothing is configured and the demo runner answers. */
  readonly demo: boolean;
  close(): Promise<void>;
}

/** The configured runners; with none, the demo runner in this process, reached over HTTP like any other. */
export async function openRunners(config: Config, clock: () => number): Promise<OpenRunners> {
  const demo = config.runners.length === 0 ? await startDemoRunner({ clock }) : undefined;
  const runners = config.runners.map((runner) => {
    const create = runner.kind === 'anthropic' ? createAnthropicRunner : createOpenaiRunner;
    return create({
      destination: { runner: runner.id, trust: runner.trust, region: runner.region },
      baseUrl: runner.base_url,
      models: runner.models,
      apiKey: runner.apiKey,
      connectTimeoutMs: runner.connect_timeout_ms,
      responseTimeoutMs: runner.response_timeout_ms,
      idleTimeoutMs: runner.idle_timeout_ms,
      connections: runner.connections,
    });
  });
  if (demo !== undefined) runners.push(createDemoRunnerClient(demo.url));
  return {
    runners,
    demo: demo !== undefined,
    async close(): Promise<void> {
      await Promise.all(runners.map((runner) => runner.close()));
      await demo?.close();
    },
  };
}

function createDemoRunnerClient(baseUrl: string): Runner {
  return createOpenaiRunner({
    destination: { runner: 'demo', trust: 'internal', region: 'local' },
    baseUrl,
    models: ['demo'],
    apiKey: undefined,
    connectTimeoutMs: 1_000,
    responseTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    connections: 16,
  });
}
