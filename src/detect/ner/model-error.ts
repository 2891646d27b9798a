import { CordonError } from '../../domain/errors.ts';

/** The one way this room fails. `detail` tells the operator what is wrong and what to do; it never quotes a text. */
export function modelError(detail: string, cause?: unknown): CordonError {
  return new CordonError('detector_unavailable', 'Personal data cannot be detected right now.', {
    detail,
    retryAfterS: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a session says when it works and a run fails: then the rows are to blame, or some of them. */
export const RUN_FAILED = 'onnxruntime failed';

export function isRunFailure(error: unknown): boolean {
  return error instanceof CordonError && error.detail === RUN_FAILED;
}
