import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { createDetector } from '../../src/detect/detector.ts';
import { loadNerEngine } from '../../src/detect/ner/load.ts';
import { type Detector } from '../../src/domain/span.ts';

/** What a default installation runs: the shipped model on the CPU and every recogniser. */
export async function openShippedDetector(
  model = 'cordon-fast',
): Promise<{ detector: Detector; readonly close: () => Promise<void> }> {
  const ner = await loadNerEngine({
    directory: path.resolve('models', model),
    provider: 'cpu',
    requireGpu: false,
  });
  const phoneRegions = ['US', 'GB', 'CN', 'DE', 'FR', 'ES', 'IT', 'NL', 'PT'];
  const detector = createDetector({
    ner,
    recognizers: defaultRecognizers({ phoneRegions }),
    cacheKey: randomBytes(32),
    timeoutMs: 120_000,
  });
  return { detector, close: () => ner.close() };
}
