import { type ServerResponse } from 'node:http';
import { CordonError } from '../domain/errors.ts';

/** Aborts when the caller disconnects before the answer is out, or when the call's time is up. */
export function createCallSignal(response: ServerResponse, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new CordonError('upstream_timeout', 'The call took longer than Cordon allows.'));
  }, timeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) {
      controller.abort(new CordonError('client_closed_request', 'The caller closed the connection.'));
    }
  });
  return controller.signal;
}
