/** What happens to an entity before it may leave, strictest last. */
export const HANDLINGS = ['disclose', 'pseudonymise', 'surrogate', 'hash', 'mask', 'block'] as const;
export type Handling = (typeof HANDLINGS)[number];

/** The stricter of the two. */
export function stricter(a: Handling, b: Handling): Handling {
  return HANDLINGS.indexOf(a) >= HANDLINGS.indexOf(b) ? a : b;
}
