import { type CordonError } from '../domain/errors.ts';

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/** An error as Anthropic's clients expect it, with our closed code and place beside the vendor's type. */
export function anthropicError(error: CordonError, requestId: string): object {
  const { status, message, code, param = null } = error;
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message, code, param }, request_id: requestId };
}
