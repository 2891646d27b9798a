import { CordonError } from '../../domain/errors.ts';
import { type Json } from '../../domain/json.ts';

/**
 * A runner's error status as ours. Its message may quote the prompt, so only its machine-readable code is passed on,
 * and only when it has the shape of one.
 */
export function toUpstreamRefusal(status: number, body: string, retryAfterMs?: number): CordonError {
  const code = readCode(body);
  const detail = `status=${status}${code === undefined ? '' : ` code=${code}`}`;
  const retryAfterS = retryAfterMs === undefined ? 5 : Math.ceil(retryAfterMs / 1000);
  if (status === 429) {
    return new CordonError('too_many_requests', 'The model runner is rate-limiting; try again shortly.', {
      detail,
      retryAfterS,
    });
  }
  // 529 is how Anthropic says that it is overloaded.
  if (status === 503 || status === 529) {
    return new CordonError('upstream_unavailable', 'The model runner is not available; try again shortly.', {
      detail,
      retryAfterS,
    });
  }
  if (status >= 400 && status < 500 && status !== 401 && status !== 403) {
    return new CordonError('upstream_rejected', `The model runner refused the request (${detail}).`, {
      detail,
    });
  }
  return new CordonError('upstream_error', 'The model runner failed to answer.', { detail });
}

function readCode(body: string): string | undefined {
  let parsed: Json;
  try {
    parsed = JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
  const error = field(parsed, 'error');
  return [field(error, 'code'), field(error, 'type')].find(
    (value): value is string => typeof value === 'string' && /^[a-z][a-z_]{0,63}$/.test(value),
  );
}

function field(value: Json | undefined, name: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined;
}
