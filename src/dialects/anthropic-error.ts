import { type CordonError } from '../domain/errors.ts';

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/**
 * The vendor holds a thread between turns, and nobody here could tell what stands in it. Told so in the vendor's own
 * way, its clients send the whole conversation instead.
 */
const NO_THREADS = { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } };

/** An error as Anthropic's clients expect it, with our closed code and place beside the vendor's type. */
export function anthropicError(error: CordonError, requestId: string): object {
  const { status, message, code, param = null } = error;
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return {
    type: 'error',
    error: { type, message, code, param, ...(param === '/thread' ? NO_THREADS : {}) },
    request_id: requestId,
  };
}
