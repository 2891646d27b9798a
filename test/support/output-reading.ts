import { createDetector } from '../../src/detect/detector.ts';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { type Detector } from '../../src/domain/span.ts';

/** Recognisers without the model. */
export function structuredDetector(): Detector {
  return createDetector({
    ner: undefined,
    recognizers: defaultRecognizers({ phoneRegions: ['US', 'DE', 'CN'] }),
    cacheKey: new Uint8Array(32).fill(7),
    timeoutMs: 10_000,
  });
}

/** Valid by their check digits, and nobody's. */
export const PLANTED = {
  card: '4111 1111 1111 1111',
  plainCard: '5500005555555559',
  iban: 'DE89 3704 0044 0532 0130 00',
  ssn: '536-22-4891',
  resident: '11010519491231002X',
  spelled: 'four one one one one one one one one one one one one one one one',
} as const;
