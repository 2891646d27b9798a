import { type CordonError } from '../domain/errors.ts';

function errorType(status: number): string {
  if (status >= 500) return 'server_error';
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error';
}

/** An error inside a stream, as OpenAI's clients expect it. */
export function openaiErrorEvent(error: CordonError, requestId: string): string {
  const { message, status, code, param = null } = error;
  return JSON.stringify({ error: { message, type: errorType(status), code, param, request_id: requestId } });
}
