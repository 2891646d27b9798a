import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Secret } from '../domain/secret.ts';
import {
  asFields,
  BINARY_EXTENSION,
  type Fields,
  JSON_LENGTH_HEADER,
  readMessage,
  writeMessage,
} from './message.ts';
import { type ServedModel } from './served-model.ts';
import { ProtocolError } from './tensor.ts';

export interface InferenceServerOptions {
  readonly model: Pick<ServedModel, 'metadata' | 'version' | 'infer' | 'isReady'>;
  /** What callers must show as bearer token; undefined lets everybody in. */
  readonly token: Secret | undefined;
  readonly maxBodyBytes: number;
  /** Inferences at the same time; further ones are answered 503. */
  readonly maxInFlight: number;
  readonly exposeMetrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly observe: (inference: Inference) => void;
}

/** One inference that is over. */
export interface Inference {
  readonly status: number;
  readonly rows: number;
  readonly seconds: number;
}

export interface InferenceServer {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers new inferences with 503 and resolves when those at work are over, at the latest after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Open Inference Protocol v2 over HTTP/REST for one model. Answers and errors never quote a request. */
export function createInferenceServer(options: InferenceServerOptions): InferenceServer {
  const isCaller = createTokenCheck(options.token);
  let inFlight = 0;
  let isDraining = false;
  let drained: () => void = () => undefined;

  const infer = async (request: IncomingMessage, response: ServerResponse): Promise<Answer> => {
    if (isDraining || inFlight >= options.maxInFlight) {
      throw new Refusal(503, 'the server is busy or stopping', { 'retry-after': '1' });
    }
    inFlight++;
    // At work until the answer is out: who stops the server closes its connections next.
    response.once('close', () => {
      inFlight--;
      if (inFlight === 0) drained();
    });
    const started = performance.now();
    let status = 500;
    let rows = 0;
    try {
      const message = await readInference(request, options.maxBodyBytes);
      rows = message.tensors[0]?.dims[0] ?? 0;
      const answer = await answerInference(options.model, message, response);
      status = answer.status;
      return answer;
    } catch (error) {
      status = toAnswer(error).status;
      throw error;
    } finally {
      options.observe({ status, rows, seconds: (performance.now() - started) / 1000 });
    }
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<Answer> => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/v2/health/live') return json(200, { live: true });
    if (path === '/v2/health/ready') return readiness(options.model, isDraining);
    if (!isCaller(request.headers.authorization)) {
      throw new Refusal(401, 'the bearer token is missing or wrong', { 'www-authenticate': 'Bearer' });
    }
    const verb = verbOf(path, options.model);
    const method = verb === 'infer' ? 'POST' : 'GET';
    if (verb === undefined) throw new Refusal(404, 'there is no such endpoint or model here');
    if (request.method !== method) throw new Refusal(405, `use ${method} here`, { allow: method });
    switch (verb) {
      case 'infer':
        return infer(request, response);
      case 'metadata':
        return json(200, describe(options.model));
      case 'ready':
        return readiness(options.model, isDraining);
      case 'server':
        return json(200, { name: 'cordon', version: '2', extensions: [BINARY_EXTENSION] });
      case 'metrics': {
        const { contentType, body } = await options.exposeMetrics();
        return { status: 200, headers: { 'content-type': contentType }, body };
      }
    }
  };

  return {
    handle: (request, response) => {
      route(request, response)
        .catch(toAnswer)
        .then(({ status, headers, body }) => {
          if (response.destroyed) return;
          // What was not read of a refused body would be taken for the next request.
          const closing = request.complete ? {} : { connection: 'close' };
          response.writeHead(status, { ...headers, ...closing, 'content-length': Buffer.byteLength(body) });
          response.end(body);
        })
        .catch(() => response.destroy());
    },
    drain: (timeoutMs) => {
      isDraining = true;
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        drained = () => {
          clearTimeout(timer);
          resolve();
        };
        if (inFlight === 0) drained();
      });
    },
  };
}

type Verb = 'infer' | 'metadata' | 'ready' | 'server' | 'metrics';

/** `/v2/models/{name}[/versions/{version}][/infer|/ready]`, for the one model and version that is here. */
function verbOf(path: string, { metadata, version }: InferenceServerOptions['model']): Verb | undefined {
  if (path === '/v2') return 'server';
  if (path === '/metrics') return 'metrics';
  const model = `/v2/models/${encodeURIComponent(metadata.name)}`;
  const versioned = `${model}/versions/${encodeURIComponent(version)}`;
  for (const base of [versioned, model]) {
    if (path === base) return 'metadata';
    if (path === `${base}/infer`) return 'infer';
    if (path === `${base}/ready`) return 'ready';
  }
  return undefined;
}

function describe({ metadata }: InferenceServerOptions['model']): object {
  const { sha256, ...rest } = metadata;
  return { ...rest, platform: 'onnxruntime_onnx', parameters: { sha256 } };
}

async function readiness(
  { metadata, isReady }: InferenceServerOptions['model'],
  isDraining: boolean,
): Promise<Answer> {
  const ready = !isDraining && (await isReady());
  return json(ready ? 200 : 503, { name: metadata.name, ready });
}

type Message = ReturnType<typeof readMessage>;

async function readInference(request: IncomingMessage, maxBytes: number): Promise<Message> {
  const tooLarge = new Refusal(413, `a request may have ${maxBytes} bytes at most`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ProtocolError('compressed requests are not read');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  const jsonLength = request.headers[JSON_LENGTH_HEADER];
  return readMessage('inputs', Buffer.concat(chunks), Array.isArray(jsonLength) ? jsonLength[0] : jsonLength);
}

async function answerInference(
  model: InferenceServerOptions['model'],
  { fields, tensors }: Message,
  response: ServerResponse,
): Promise<Answer> {
  const binary = wantsBinary(fields, model.metadata.outputs[0]?.name ?? '');
  const left = new AbortController();
  const leave = (): void => {
    left.abort();
  };
  response.once('close', leave);
  try {
    const output = await model.infer(tensors, left.signal);
    const { id } = fields;
    const head = {
      model_name: model.metadata.name,
      model_version: model.version,
      ...(typeof id === 'string' ? { id } : {}),
      parameters: { sha256: model.metadata.sha256 },
    };
    return { status: 200, ...writeMessage('outputs', head, [output], binary) };
  } finally {
    response.off('close', leave);
  }
}

/** Whether the output is to be sent as bytes. @throws ProtocolError when another output is asked for */
function wantsBinary(fields: Fields, output: string): boolean {
  const { outputs, parameters } = fields;
  const byDefault =
    parameters !== undefined && asFields(parameters, 'parameters')['binary_data_output'] === true;
  if (outputs === undefined) return byDefault;
  const wanted = Array.isArray(outputs) ? outputs.map((entry) => asFields(entry, 'an output')) : [];
  if (wanted.length !== 1 || wanted[0]?.['name'] !== output) {
    throw new ProtocolError(`the only output is ${output}`);
  }
  const { parameters: own } = wanted[0];
  const binary = own === undefined ? undefined : asFields(own, 'parameters')['binary_data'];
  return binary === undefined ? byDefault : binary === true;
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** What went wrong inside is the operator's to read in the log, not the caller's. */
function toAnswer(error: unknown): Answer {
  if (error instanceof Refusal) {
    const { status, body, headers } = json(error.status, { error: error.message });
    return { status, body, headers: { ...headers, ...error.headers } };
  }
  if (error instanceof ProtocolError) return json(400, { error: error.message });
  return json(503, { error: 'the model failed' });
}

/** Compares digests, whose length tells nothing. */
function createTokenCheck(token: Secret | undefined): (authorization: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token.reveal()}`);
  return (authorization) => timingSafeEqual(digest(authorization ?? ''), expected);
}
