import { type Span } from '../../domain/span.ts';
import { isBase58Check, isBech32 } from '../checksums/bitcoin.ts';
import { type Recognizer } from '../recognizer.ts';

/** Bitcoin (Base58Check and SegWit, proven) and Ethereum (by its unmistakable shape). */
export const CRYPTO: Recognizer = {
  name: 'crypto',
  entities: ['CRYPTO'],
  find(view) {
    const spans: Span[] = [];
    for (const token of view.tokens) {
      const length = token.end - token.start;
      if (length < 26 || length > 74) continue;
      const text = view.text.slice(token.start, token.end);
      const proven =
        (length <= 35 && /^[13]/.test(text) && isBase58Check(text)) ||
        (/^(?:bc|tb)1/i.test(text) && isBech32(text));
      if (!proven && !/^0x[0-9a-f]{40}$/i.test(text)) continue;
      const { start, end } = token;
      spans.push({
        start,
        end,
        entity: 'CRYPTO',
        score: proven ? 1 : 0.75,
        recognizer: 'crypto',
        validated: proven,
      });
    }
    return spans;
  },
};
