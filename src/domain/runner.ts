import { type ErrorCode } from './errors.ts';
import { type Destination } from './policy.ts';

/** Whose API a runner, or an endpoint, speaks. */
export type Vendor = 'openai' | 'anthropic';

export type CircuitState = 'closed' | 'half_open' | 'open';

/** One try to have a call answered by a runner, or why there was none. Never holds what was said. */
export interface Attempt {
  readonly runner: string;
  /** `skipped`: nothing was sent there. */
  readonly outcome: 'answered' | 'failed' | 'skipped';
  /** HTTP status, where the runner gave one. */
  readonly status?: number;
  readonly reason?: ErrorCode | 'circuit_open';
}

/** A protected request on its way to a model runner. */
export interface RunnerRequest {
  /** Path below the runner's base URL, e.g. `/chat/completions`. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** JSON text, already protected. */
  readonly body: string | undefined;
  readonly requestId: string;
  /** Features of the vendor's that the caller asked for and that may be passed on. */
  readonly betas?: readonly string[];
  /** Told of each try, before its result is used. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

export interface RunnerResponse {
  readonly status: number;
  /** Media type without parameters, lower-case; empty when the runner sent none. */
  readonly contentType: string;
  /** How long the runner asks to be left alone; undefined when it does not say. */
  readonly retryAfterMs?: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up a body that nobody will read. */
  readonly discard: () => void;
}

/** One model runner. Rejects with `upstream_unavailable`, `upstream_timeout` or `upstream_error`. */
export interface Runner {
  readonly destination: Destination;
  readonly models: readonly string[];
  /** Whose endpoints it serves; calls at another vendor's are translated or refused. */
  readonly speaks: readonly Vendor[];
  /** Undefined where nothing watches it. */
  readonly circuit?: () => CircuitState;
  send(request: RunnerRequest, signal: AbortSignal): Promise<RunnerResponse>;
  close(): Promise<void>;
}
