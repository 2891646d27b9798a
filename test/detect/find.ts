import { merge } from '../../src/detect/merge.ts';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { scan } from '../../src/detect/scan.ts';
import { createThreshold } from '../../src/detect/thresholds.ts';
import { type Span } from '../../src/domain/span.ts';

/** All recognisers with default thresholds over one text. */
export function detect(text: string): Span[] {
  const recognizers = defaultRecognizers({
    phoneRegions: ['US', 'GB', 'CN', 'DE', 'FR', 'ES', 'IT', 'NL', 'PT'],
  });
  return merge(scan(text, recognizers).filter(createThreshold()));
}

/** What was found, as `ENTITY:covered text`. */
export function found(text: string): string[] {
  return detect(text).map((span) => `${span.entity}:${text.slice(span.start, span.end)}`);
}
