/**
 * Says which setting is at fault: a bare "no such file" or "connection refused" does not. Node joins the failures of
 * several addresses of a host into one error without a message, which has a code all the same.
 */
export function unusable(setting: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const why = error instanceof Error && error.message !== '' ? error.message : code;
  return new Error(`${setting} cannot be used: ${why}`, { cause: error });
}
