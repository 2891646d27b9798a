import { type ServerResponse } from 'node:http';
import { CordonError } from '../domain/errors.ts';

export interface CallLimits {
  readonly callTimeoutMs: number;
  /** Aborts with a CordonError when calls that are still open are to be cut off. */
  readonly cutOff: AbortSignal;
}

/** After its end a call may tell so for this long. A reader that does not listen would hold its place for ever. */
const FAREWELL_MS = 2_000;

/** Aborts when the caller disconnects before the answer is out, when the call's time is up, or when it is cut off. */
export function createCallSignal(
  response: ServerResponse,
  { callTimeoutMs, cutOff }: CallLimits,
): AbortSignal {
  const controller = new AbortController();
  const leave = (): void => {
    controller.abort(new CordonError('client_closed_request', 'The caller closed the connection.'));
  };
  // A caller that left while its token was checked is told about by no further event.
  if (response.destroyed) {
    leave();
    return controller.signal;
  }
  let farewell: NodeJS.Timeout | undefined;
  const end = (reason: unknown): void => {
    controller.abort(reason);
    farewell ??= setTimeout(() => response.destroy(), FAREWELL_MS);
  };
  const cut = (): void => {
    end(cutOff.reason);
  };
  const timer = setTimeout(() => {
    end(new CordonError('upstream_timeout', 'The call took longer than Cordon allows.'));
  }, callTimeoutMs);
  if (cutOff.aborted) cut();
  else cutOff.addEventListener('abort', cut, { once: true });
  response.once('close', () => {
    clearTimeout(timer);
    clearTimeout(farewell);
    cutOff.removeEventListener('abort', cut);
    if (!response.writableFinished) leave();
  });
  return controller.signal;
}
