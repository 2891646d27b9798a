/**
 * A piece of personal data (or a secret) in a text. Carries offsets and never the text itself, so that it can be
 * cached, logged and recorded.
 */
export interface Span {
  /** UTF-16 offset of the first unit. */
  readonly start: number;
  /** UTF-16 offset behind the last unit. */
  readonly end: number;
  /** Presidio's names, extended in its manner: PERSON, EMAIL_ADDRESS, CN_RESIDENT_ID … */
  readonly entity: string;
  /** 0 … 1. */
  readonly score: number;
  /** What found it: a recogniser's name, or `ner:<model>`. */
  readonly recognizer: string;
  /** True when a checksum, a range table or a library proved it. */
  readonly validated: boolean;
}

/**
 * How a text is to be read. `fixed` texts (keys, numbers) cannot be rewritten, so only what is sure counts there.
 * `structured`: by recognisers only, for texts in which what the model alone would find does not matter.
 */
export interface DetectRequest {
  readonly text: string;
  readonly kind: 'prose' | 'structured' | 'fixed';
}

/** Text in, spans out: sorted by start, disjoint, within the text. A failure rejects; it never yields fewer spans. */
export interface Detector {
  /** Names the recognisers and the model with their versions, for the record. */
  readonly version: string;
  detect(requests: readonly DetectRequest[], signal?: AbortSignal): Promise<readonly (readonly Span[])[]>;
}
