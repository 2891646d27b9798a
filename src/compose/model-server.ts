import { type Config } from '../config/load.ts';
import { listen } from '../http/server.ts';
import { createInferenceServer } from '../inference/server.ts';
import { openServedModel } from '../inference/served-model.ts';
import { type Log } from '../telemetry/log.ts';
import { createModelServerMetrics } from '../telemetry/model-server-metrics.ts';
import { createCloser } from './closer.ts';
import { localModelOptions } from './detection.ts';
import { unusable } from './unusable.ts';

/** A running model server. */
export interface ModelServer {
  readonly url: string;
  /** What runs, for the person who started it. */
  readonly description: string;
  /** Takes no more requests, lets those at work end within the configured time, and closes. */
  stop(reason: string): Promise<void>;
}

/** Units of one request, padding included: some hundred windows, or 8 MiB of the widest input of our own model. */
const MAX_UNITS = 131_072;

/** The configured model behind the Open Inference Protocol v2, for proxies on other machines. */
export async function startModelServer(config: Config, log: Log): Promise<ModelServer> {
  const settings = config.model_server;
  const { host, port, token, tls, request_timeout_ms: requestTimeoutMs } = settings;
  const closer = createCloser();
  const started = performance.now();
  try {
    const model = closer.add(
      await openServedModel({ ...localModelOptions(config, log), maxUnits: MAX_UNITS }),
    );
    const { provider, unitsPerSecond, refused } = model.report;
    const metrics = createModelServerMetrics();
    const server = createInferenceServer({
      model,
      token,
      maxBodyBytes: settings.max_body_bytes,
      maxInFlight: settings.max_in_flight,
      exposeMetrics: metrics.expose,
      observe: (done) => {
        metrics.inference(done);
        const { status, rows, seconds } = done;
        log({ event: 'inference', status, rows, ms: Math.round(seconds * 1000) });
      },
    });
    const secured = tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key.reveal() } };
    const listener = closer.add(
      await listen(server.handle, { host, port, requestTimeoutMs, ...secured }).catch((error: unknown) => {
        throw unusable('model_server: its address or its certificate', error);
      }),
    );
    const name = `${model.metadata.name}@${model.version}`;
    log({
      event: 'model_loaded',
      model: name,
      provider,
      ms: Math.round(performance.now() - started),
      tokensPerSecond: unitsPerSecond,
      refused: refused.map((one) => `${one.provider}: ${one.reason}`),
    });
    log({ event: 'model_server_started', url: listener.url, model: name });
    return {
      url: listener.url,
      description: `${name} on ${provider}, ${unitsPerSecond.toLocaleString('en')} tokens/s`,
      async stop(reason): Promise<void> {
        log({ event: 'stopping', reason, openCalls: 0 });
        listener.refuse();
        await server.drain(settings.drain_timeout_ms);
        await closer.close();
        log({ event: 'stopped' });
      },
    };
  } catch (error) {
    await closer.close();
    throw error;
  }
}
