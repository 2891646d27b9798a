import { Pool, errors } from 'undici';
import { CordonError } from '../domain/errors.ts';
import { type Destination } from '../domain/policy.ts';
import { type Runner, type RunnerRequest, type RunnerResponse } from '../domain/runner.ts';
import { type Secret } from '../domain/secret.ts';

export interface OpenaiRunnerOptions {
  readonly destination: Destination;
  /** Ends in `/v1` for most runners; request paths are appended to it. */
  readonly baseUrl: string;
  readonly models: readonly string[];
  /** Ours, not the caller's: callers never see it and theirs never leaves. */
  readonly apiKey: Secret | undefined;
  readonly connectTimeoutMs: number;
  /** Until the response's headers. */
  readonly responseTimeoutMs: number;
  /** Between two chunks of the response. */
  readonly idleTimeoutMs: number;
  readonly connections: number;
}

/** An OpenAI-compatible model runner over its own connection pool. Redirects are not followed. */
export function createOpenaiRunner(options: OpenaiRunnerOptions): Runner {
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
        headers: requestHeaders(request, options.apiKey),
        body: request.body ?? null,
        signal,
      });
      return {
        status: response.statusCode,
        contentType: mediaType(response.headers['content-type']),
        body: translateErrors(response.body, signal),
      };
    } catch (error) {
      throw translateError(error, signal);
    }
  }

  return { destination: options.destination, models: options.models, send, close: () => pool.close() };
}

function requestHeaders(request: RunnerRequest, apiKey: Secret | undefined): Record<string, string> {
  return {
    accept: 'application/json, text/event-stream',
    'x-request-id': request.requestId,
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` }),
  };
}

function mediaType(header: string | string[] | undefined): string {
  const value = Array.isArray(header) ? header[0] : header;
  return (value ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function* translateErrors(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translateError(error, signal);
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
