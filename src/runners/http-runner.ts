import { type Dispatcher, errors, Pool } from 'undici';
import { CordonError } from '../domain/errors.ts';
import { type Destination } from '../domain/policy.ts';
import { type Runner, type RunnerRequest, type RunnerResponse, type Vendor } from '../domain/runner.ts';
import { readRetryAfter } from './retry-after.ts';
import { type Secret } from '../domain/secret.ts';

export interface HttpRunnerOptions {
  readonly destination: Destination;
  /** Ends in `/v1` for most runners; request paths are appended to it. */
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly speaks: readonly Vendor[];
  /** Ours, not the caller's: callers never see it and theirs never leaves. */
  readonly apiKey: Secret | undefined;
  readonly connectTimeoutMs: number;
  /** Until the response's headers. */
  readonly responseTimeoutMs: number;
  /** Between two chunks of the response. */
  readonly idleTimeoutMs: number;
  readonly connections: number;
}

const DRAIN_BYTES = 64 * 1024;
const DRAIN_MS = 1_000;

/**
 * A model runner over its own connection pool. `credential`: the headers by which it knows us. Redirects are not
 * followed.
 */
export function createHttpRunner(
  options: HttpRunnerOptions,
  credential: (apiKey: Secret | undefined) => Readonly<Record<string, string>>,
): Runner {
  const url = new URL(options.baseUrl);
  const basePath = url.pathname.replace(/\/$/, '');
  const pool = new Pool(url.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.responseTimeoutMs,
    bodyTimeout: options.idleTimeoutMs,
    maxHeaderSize: 64 * 1024,
  });

  async function send(request: RunnerRequest, signal: AbortSignal): Promise<RunnerResponse> {
    try {
      const response = await pool.request({
        path: basePath + request.path,
        method: request.method,
        headers: { ...requestHeaders(request), ...credential(options.apiKey) },
        body: request.body ?? null,
        signal,
      });
      // A body may break when nobody reads it any more; its reader, where there is one, hears of it by itself.
      response.body.on('error', () => undefined);
      return {
        status: response.statusCode,
        contentType: mediaType(response.headers['content-type']),
        retryAfterMs: readRetryAfter(response.headers),
        body: readOut(response.body, signal),
        discard: () => {
          response.body.destroy();
        },
      };
    } catch (error) {
      throw translateError(error, signal);
    }
  }

  const { destination, models, speaks } = options;
  return { destination, models, speaks, send, close: () => pool.close() };
}

function requestHeaders(request: RunnerRequest): Record<string, string> {
  const { betas = [] } = request;
  return {
    accept: 'application/json, text/event-stream',
    'x-request-id': request.requestId,
    ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

function mediaType(header: string | string[] | undefined): string {
  const value = Array.isArray(header) ? header[0] : header;
  return (value ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * The body's chunks. A reader that stops after the terminator leaves a last few bytes: they are read out, within
 * bounds, so that the connection can serve the next call.
 */
async function* readOut(
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)
      yield chunk;
    ended = true;
  } catch (error) {
    ended = true;
    throw translateError(error, signal);
  } finally {
    if (!ended)
      void body.dump({ limit: DRAIN_BYTES, signal: AbortSignal.timeout(DRAIN_MS) }).catch(() => undefined);
  }
}

/** undici's errors as ours; their messages name hosts and sockets, so they only go to `detail` as a code. */
function translateError(error: unknown, signal: AbortSignal): CordonError {
  if (error instanceof CordonError) return error;
  if (signal.aborted) {
    if (signal.reason instanceof CordonError) return signal.reason;
    return new CordonError('client_closed_request', 'The call was cancelled.', { cause: error });
  }
  const detail = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new CordonError('upstream_timeout', 'The model runner did not answer in time.', {
      detail,
      cause: error,
    });
  }
  if (error instanceof errors.ConnectTimeoutError || CONNECT_ERRORS.has(detail)) {
    return new CordonError('upstream_unavailable', 'The model runner cannot be reached; try again shortly.', {
      detail,
      retryAfterS: 5,
      cause: error,
    });
  }
  return new CordonError('upstream_error', 'The connection to the model runner broke off.', {
    detail,
    cause: error,
  });
}

const CONNECT_ERRORS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
