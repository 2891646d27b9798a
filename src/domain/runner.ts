import { type Destination } from './policy.ts';

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
}

export interface RunnerResponse {
  readonly status: number;
  /** Media type without parameters, lower-case; empty when the runner sent none. */
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up a body that nobody will read. */
  readonly discard: () => void;
}

/** One model runner. Rejects with `upstream_unavailable`, `upstream_timeout` or `upstream_error`. */
export interface Runner {
  readonly destination: Destination;
  readonly models: readonly string[];
  send(request: RunnerRequest, signal: AbortSignal): Promise<RunnerResponse>;
  close(): Promise<void>;
}
