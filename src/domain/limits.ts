/** A limit on everything. Sizes in bytes or UTF-16 units, times in milliseconds. */
export const LIMITS = {
  requestBodyBytes: 10 * 1024 * 1024,
  headerBytes: 16 * 1024,
  tokenBytes: 8 * 1024,
  jsonDepth: 64,
  slotsPerCall: 20_000,
  responseBodyBytes: 32 * 1024 * 1024,
  sseLineBytes: 1024 * 1024,
  recordedResponseChars: 1024 * 1024,
} as const;
