import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Span } from '../domain/span.ts';

/** What an entry costs besides the characters it stands for. */
const ENTRY_OVERHEAD = 256;

/**
 * Spans of texts seen before. Holds keyed digests and offsets, never text: without the process's key nobody can test
 * the cache for a guessed prompt. Texts are cached whole: earlier messages of a conversation are slots of their own,
 * so a new turn costs only what is new, and no name or key is ever cut in two by a segment border.
 */
export class SpanCache {
  readonly #key: Uint8Array;
  readonly #entries: LRUCache<string, readonly Span[]>;

  /** `maxChars` bounds the texts the entries stand for, and with them the number of spans held. */
  constructor(key: Uint8Array, maxChars: number) {
    if (key.length < 16) throw new RangeError('The cache key is shorter than 128 bits.');
    this.#key = key;
    this.#entries = new LRUCache({ maxSize: maxChars });
  }

  /**
   * A keyed hash: the whole history of a conversation is hashed with each turn, and an HMAC takes three times as long.
   * A key in front is enough where nobody is shown a digest that could be continued. UTF-16 as it is: in UTF-8 all lone
   * surrogates would become one character and share an entry.
   */
  digest(kind: string, text: string): string {
    const head = this.#key.length;
    const bytes = Buffer.allocUnsafe(head + 2 * (kind.length + 1 + text.length));
    bytes.set(this.#key);
    bytes.write(`${kind}\0${text}`, head, 'utf16le');
    return hash('sha256', bytes, 'base64');
  }

  get(digest: string): readonly Span[] | undefined {
    return this.#entries.get(digest);
  }

  set(digest: string, spans: readonly Span[], chars: number): void {
    this.#entries.set(digest, spans, { size: chars + ENTRY_OVERHEAD });
  }
}
