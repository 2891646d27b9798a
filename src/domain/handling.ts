/** What happens to an entity before it may leave, strictest last. */
export const HANDLINGS = ['disclose', 'pseudonymise', 'surrogate', 'hash', 'mask', 'block'] as const;
export type Handling = (typeof HANDLINGS)[number];

/** What may be done with personal data in an answer: there is nobody to restore it for, and nothing to search by it. */
export const OUTPUT_HANDLINGS = [
  'disclose',
  'pseudonymise',
  'mask',
  'block',
] as const satisfies readonly Handling[];

/** The stricter of the two. */
export function stricter(a: Handling, b: Handling): Handling {
  return HANDLINGS.indexOf(a) >= HANDLINGS.indexOf(b) ? a : b;
}
