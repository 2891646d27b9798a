import { DelegateBackoff, ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { CordonError } from '../domain/errors.ts';
import { type Attempt, type Runner, type RunnerRequest, type RunnerResponse } from '../domain/runner.ts';
import {
  type BreakerOptions,
  type Circuit,
  CircuitOpenError,
  createCircuit,
  DOWN_STATUS,
} from './circuit-breaker.ts';

export interface RetryOptions {
  /** Tries in all; 1 never tries again. */
  readonly attempts: number;
  /** What the tries of one call, waits included, may take before no further one is begun. */
  readonly budgetMs: number;
  /** Of the first wait, roughly; each further one is about twice as long, with jitter. */
  readonly firstDelayMs: number;
}

export interface ResilienceOptions {
  readonly retry: RetryOptions;
  readonly breaker: BreakerOptions;
}

const MAX_DELAY_MS = 2_000;
/** How a connection ends that broke before the answer began. A timeout is not among them: the model may be at work. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * The same runner, tried again where that is safe and left alone while it is down. Safe is: it could not be reached,
 * the connection broke before the answer began, or it said 429, 502, 503, 504 or 529. Once it answers with anything
 * else the answer is the caller's, so nothing is repeated after a byte was delivered. Every try sends the very request
 * that was given.
 */
export function createResilientRunner(inner: Runner, options: ResilienceOptions): Runner {
  const circuit = createCircuit(options.breaker);
  return {
    destination: inner.destination,
    models: inner.models,
    speaks: inner.speaks,
    circuit: circuit.state,
    send: (request, signal) => sendInTime(inner, circuit, options.retry, request, signal),
    close: () => inner.close(),
  };
}

async function sendInTime(
  inner: Runner,
  circuit: Circuit,
  options: RetryOptions,
  request: RunnerRequest,
  signal: AbortSignal,
): Promise<RunnerResponse> {
  const endMs = performance.now() + options.budgetMs;
  const leftMs = (): number => endMs - performance.now();
  let last: RunnerResponse | undefined;
  const once = async (): Promise<RunnerResponse> => {
    if (signal.aborted) throw abortError(signal);
    last?.discard();
    last = await observed(inner, circuit, request, signal);
    return last;
  };
  const policy = retry(
    handleWhen((error) => leftMs() > 0 && isSafeError(error)).orWhenResult((result) => {
      const { status, retryAfterMs = 0 } = result as RunnerResponse;
      return isSafeStatus(status) && retryAfterMs < leftMs();
    }),
    { maxAttempts: options.attempts - 1, backoff: createBackoff(options.firstDelayMs, leftMs) },
  );
  // The library waits between two tries whether or not the caller has left.
  const result = policy.execute(once, signal);
  result.catch(() => undefined);
  return untilAborted(result, signal, () => last?.discard());
}

async function observed(
  inner: Runner,
  circuit: Circuit,
  request: RunnerRequest,
  signal: AbortSignal,
): Promise<RunnerResponse> {
  const { runner } = inner.destination;
  const tell = (attempt: Omit<Attempt, 'runner'>): void => request.onAttempt?.({ runner, ...attempt });
  try {
    const response = await circuit.run(() => inner.send(request, signal), signal);
    const { status } = response;
    tell({ outcome: status === 200 ? 'answered' : 'failed', status });
    return response;
  } catch (error) {
    if (error instanceof CircuitOpenError) tell({ outcome: 'skipped', reason: 'circuit_open' });
    else tell({ outcome: 'failed', reason: error instanceof CordonError ? error.code : 'upstream_error' });
    throw error;
  }
}

function isSafeError(error: unknown): boolean {
  if (!(error instanceof CordonError) || error instanceof CircuitOpenError) return false;
  if (error.code === 'upstream_unavailable') return true;
  return error.code === 'upstream_error' && BROKEN.has(error.detail ?? '');
}

function isSafeStatus(status: number): boolean {
  return status === 429 || DOWN_STATUS.has(status);
}

/** What the runner asked for, or exponential with decorrelated jitter, whichever is longer; never past the budget. */
function createBackoff(firstDelayMs: number, leftMs: () => number) {
  const jitter = new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: MAX_DELAY_MS });
  return new DelegateBackoff<{ readonly result: unknown }, ReturnType<typeof jitter.next>>(
    ({ result }, state) => {
      const next = state === undefined ? jitter.next() : state.next(undefined);
      const asked = askedFor(result);
      return { delay: Math.max(0, Math.min(Math.max(next.duration, asked), leftMs())), state: next };
    },
  );
}

function askedFor(result: unknown): number {
  if (typeof result !== 'object' || result === null || !('value' in result)) return 0;
  return (result.value as RunnerResponse).retryAfterMs ?? 0;
}

async function untilAborted<T>(result: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  if (signal.aborted) throw abortError(signal);
  let leave: (() => void) | undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => {
      onAbort();
      reject(abortError(signal));
    };
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([result, left]);
  } finally {
    if (leave !== undefined) signal.removeEventListener('abort', leave);
  }
}

function abortError(signal: AbortSignal): CordonError {
  return signal.reason instanceof CordonError
    ? signal.reason
    : new CordonError('client_closed_request', 'The call was cancelled.');
}
