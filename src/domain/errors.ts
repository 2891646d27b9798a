/**
 * Every way a call can be refused, with the HTTP status it is answered with. The table is closed: a code that is
 * not here cannot be thrown, so clients can switch on it.
 */
export const ERROR_STATUS = {
  invalid_json: 400,
  invalid_request: 400,
  upstream_rejected: 400,
  unauthenticated: 401,
  no_matching_allow: 403,
  matched_deny: 403,
  self_approval: 403,
  attribute_missing: 403,
  entity_blocked: 403,
  answer_blocked: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  held: 409,
  retention_required: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  shape_unknown: 422,
  content_opaque: 422,
  replacement_invalid: 422,
  untranslatable: 422,
  too_many_requests: 429,
  budget_exhausted: 429,
  client_closed_request: 499,
  internal_error: 500,
  endpoint_not_inspected: 501,
  upstream_error: 502,
  upstream_invalid: 502,
  audit_unavailable: 503,
  detector_unavailable: 503,
  policy_unavailable: 503,
  policy_stale: 503,
  quota_unavailable: 503,
  identity_unavailable: 503,
  shutting_down: 503,
  upstream_unavailable: 503,
  upstream_timeout: 504,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorOptions {
  /** For operators (logs, ledger); never prompt text, model output, header values or SQL parameters. */
  readonly detail?: string;
  /** RFC 6901 pointer into the request body, where one place is at fault. */
  readonly param?: string;
  /** Seconds after which a retry may succeed. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/** The one error base. `message` is shown to callers, so it never quotes what the caller or the model wrote. */
export class CordonError extends Error {
  override readonly name = 'CordonError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly param: string | undefined;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.param = options.param;
    this.retryAfterS = options.retryAfterS;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** Anything thrown, as a CordonError: what was not meant for callers becomes `internal_error`. */
export function toCordonError(error: unknown): CordonError {
  if (error instanceof CordonError) return error;
  return new CordonError(
    'internal_error',
    'Cordon failed to handle this call; nothing was passed on unprotected.',
    {
      detail: error instanceof Error ? error.name : typeof error,
      cause: error,
    },
  );
}
