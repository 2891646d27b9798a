import {
  BrokenCircuitError,
  CircuitState as State,
  type CircuitBreakerPolicy,
  circuitBreaker,
  ConsecutiveBreaker,
  CountBreaker,
  handleWhen,
  type IBreaker,
} from 'cockatiel';
import { CordonError } from '../domain/errors.ts';
import { type CircuitState, type RunnerResponse } from '../domain/runner.ts';

export interface BreakerOptions {
  /** So many failures in a row open the circuit. */
  readonly consecutiveFailures: number;
  /** So does a larger share of failures than this (0 … 1) among the last `window` calls, once there were `minimumCalls`. */
  readonly failureRatio: number;
  readonly window: number;
  readonly minimumCalls: number;
  /** How long nothing is sent before one call is let through to see. */
  readonly openMs: number;
}

/** What a broken circuit answers instead of sending. */
export class CircuitOpenError extends CordonError {
  constructor() {
    super('upstream_unavailable', 'The model runner has failed repeatedly; try again shortly.', {
      detail: 'circuit_open',
      retryAfterS: 1,
    });
  }
}

export interface Circuit {
  readonly state: () => CircuitState;
  /**
   * Sends, unless the circuit is open; then it throws CircuitOpenError. What fails once `signal` has aborted, because
   * the caller left or had no more time, says nothing about the runner.
   */
  run(send: () => Promise<RunnerResponse>, signal: AbortSignal): Promise<RunnerResponse>;
}

/**
 * Statuses by which a runner, or the proxy before it, says that it is not there. A 500 is not among them: one caller's
 * odd request may cause it, and must not close the runner to the others. 529 is Anthropic's "overloaded".
 */
export const DOWN_STATUS: ReadonlySet<number> = new Set([502, 503, 504, 529]);

const DOWN_CODES: ReadonlySet<string> = new Set([
  'upstream_unavailable',
  'upstream_error',
  'upstream_timeout',
]);

const STATES: Readonly<Record<State, CircuitState>> = {
  [State.Closed]: 'closed',
  [State.HalfOpen]: 'half_open',
  [State.Open]: 'open',
  [State.Isolated]: 'open',
};

export function createCircuit(options: BreakerOptions): Circuit {
  const isDown = (error: unknown): boolean =>
    // A probe that its caller gave up has shown nothing, so the circuit stays open.
    breaker.state === State.HalfOpen || (error instanceof CordonError && DOWN_CODES.has(error.code));
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen(isDown).orWhenResult((result) => DOWN_STATUS.has((result as RunnerResponse).status)),
    { halfOpenAfter: options.openMs, breaker: createEither(options) },
  );
  return {
    state: () => STATES[breaker.state],
    async run(send, signal) {
      // The library would have further calls wait for the probe, which may take minutes; another runner may be free.
      if (breaker.state === State.HalfOpen) throw new CircuitOpenError();
      try {
        return await breaker.execute(() => toldApart(send, signal));
      } catch (error) {
        if (error instanceof GivenUp) throw error.cause;
        throw error instanceof BrokenCircuitError ? new CircuitOpenError() : error;
      }
    },
  };
}

/** Why a call ended that its caller, not its runner, ended. */
class GivenUp extends Error {}

async function toldApart(send: () => Promise<RunnerResponse>, signal: AbortSignal): Promise<RunnerResponse> {
  try {
    return await send();
  } catch (error) {
    throw signal.aborted ? new GivenUp('given up', { cause: error }) : error;
  }
}

/** Opens when either of the two would. */
function createEither(options: BreakerOptions): IBreaker {
  const inARow = new ConsecutiveBreaker(options.consecutiveFailures);
  const ofMany = new CountBreaker({
    threshold: options.failureRatio,
    size: options.window,
    minimumNumberOfCalls: options.minimumCalls,
  });
  return {
    state: undefined,
    success(state): void {
      inARow.success();
      ofMany.success(state);
    },
    failure(state): boolean {
      const row = inARow.failure();
      return ofMany.failure(state) || row;
    },
  };
}
