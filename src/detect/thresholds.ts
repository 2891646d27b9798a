import { type Span } from '../domain/span.ts';

const DEFAULT_THRESHOLD = 0.5;

/**
 * The score an entity must reach. Recognisers keep to 0.5: a weak shape scores 0.3 and a context word lifts it over.
 * Organisations are worth a threshold of their own: on web text the model's precision on them is poor.
 */
const THRESHOLDS: Readonly<Record<string, number>> = {
  ORGANIZATION: 0.6,
  US_DRIVER_LICENSE: 0.55,
  US_PASSPORT: 0.55,
};

/** Answers whether a span is sure enough to count; `own` overrides the defaults entity by entity. */
export function createThreshold(own: Readonly<Record<string, number>> = {}): (span: Span) => boolean {
  const table = new Map([...Object.entries(THRESHOLDS), ...Object.entries(own)]);
  for (const value of table.values()) {
    if (!(value >= 0 && value <= 1)) throw new RangeError('A threshold is not between 0 and 1.');
  }
  return (span) => span.score >= (table.get(span.entity) ?? DEFAULT_THRESHOLD);
}
