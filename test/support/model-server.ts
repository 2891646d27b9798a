import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Secret } from '../../src/domain/secret.ts';
import { createEngineOn } from '../../src/detect/ner/load.ts';
import { type NerEngine } from '../../src/detect/ner/contract.ts';
import { readModelParts } from '../../src/detect/ner/model-parts.ts';
import { type Listener, listen } from '../../src/http/server.ts';
import { createInferenceClient, type InferenceClientOptions } from '../../src/inference/client.ts';
import { createRemoteModel, type RemoteModel } from '../../src/inference/remote-model.ts';
import {
  createInferenceServer,
  type Inference,
  type InferenceServerOptions,
} from '../../src/inference/server.ts';
import { openServedModel, type ServedModel } from '../../src/inference/served-model.ts';

export interface TestModelServer extends Listener {
  readonly model: ServedModel;
  readonly inferences: Inference[];
}

const NO_METRICS = (): Promise<{ contentType: string; body: string }> =>
  Promise.resolve({ contentType: 'text/plain', body: '' });

/** `cordon serve-model` without its process and configuration. */
export async function serveFolder(
  directory: string,
  options: Partial<InferenceServerOptions> & { readonly maxUnits?: number; readonly port?: number } = {},
): Promise<TestModelServer> {
  const { maxUnits = 131_072, port = 0, ...rest } = options;
  const model = await openServedModel({ directory, provider: 'cpu', threads: 1, maxUnits });
  const inferences: Inference[] = [];
  const server = createInferenceServer({
    model,
    token: undefined,
    maxBodyBytes: 1024 * 1024,
    maxInFlight: 64,
    exposeMetrics: NO_METRICS,
    observe: (inference) => inferences.push(inference),
    ...rest,
  });
  const listener = await listen(server.handle, { host: '127.0.0.1', port, requestTimeoutMs: 5_000 });
  return {
    ...listener,
    model,
    inferences,
    close: async () => {
      await listener.close();
      await model.close();
    },
  };
}

/** Any handler as a server, for those that lie. */
export function serveHandler(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  port = 0,
): Promise<Listener> {
  return listen(handler, { host: '127.0.0.1', port, requestTimeoutMs: 5_000 });
}

export interface RemoteEngine {
  readonly engine: NerEngine;
  readonly model: RemoteModel;
}

/** The proxy's side: an engine over a folder whose model runs at `url`. */
export async function remoteEngine(
  directory: string,
  url: string,
  options: Partial<InferenceClientOptions> & { readonly token?: Secret; readonly versionless?: boolean } = {},
): Promise<RemoteEngine> {
  const parts = await readModelParts({ directory });
  const version = options.versionless === true ? undefined : parts.version;
  const served = { model: parts.name, version };
  const client = createInferenceClient({
    url,
    token: undefined,
    ca: undefined,
    timeoutMs: 10_000,
    connections: 2,
    ...options,
    ...served,
  });
  const model = createRemoteModel({ client, parts, ...served, lanes: 2 });
  return { engine: createEngineOn(parts, model, {}), model };
}
