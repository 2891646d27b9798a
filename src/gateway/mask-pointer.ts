/**
 * A pointer may run through the caller's own object keys, and a key may be the very data that must not be shown:
 * steps that do not look like a dialect's field names or indexes become `*`.
 */
export function maskPointer(pointer: string): string {
  return pointer
    .split('/')
    .map((step) => (/^(?:[a-z][a-z_]{0,39}#{0,2}|\d{1,6}|)$/.test(step) ? step : '*'))
    .join('/');
}
