/** Longer than this is no promise anybody keeps. */
const MAX_MS = 3_600_000;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * How long a runner asks to be left alone, in milliseconds: `retry-after-ms` (OpenAI's), else `retry-after` (RFC 9110
 * §10.2.3) in seconds or as a date, which is read against the runner's own `date`, so that our clocks need not agree.
 * Undefined when it does not say, or says nonsense.
 */
export function readRetryAfter(headers: Headers): number | undefined {
  const exact = single(headers['retry-after-ms']);
  if (exact !== undefined && /^\d{1,9}(?:\.\d{1,9})?$/.test(exact)) return bounded(Number(exact));
  const value = single(headers['retry-after']);
  if (value === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(value)) return bounded(Number(value) * 1000);
  const wait = Date.parse(value) - Date.parse(single(headers['date']) ?? '');
  return Number.isFinite(wait) ? bounded(wait) : undefined;
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), MAX_MS);
}

function single(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  // Dates are under 40 characters; a header of kilobytes is not looked at.
  return value === undefined || value.length > 64 ? undefined : value.trim();
}
