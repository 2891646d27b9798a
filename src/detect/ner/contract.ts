import { type Span } from '../../domain/span.ts';

/** A loaded named-entity model. Results follow the order of `texts`; spans are sorted, disjoint, in UTF-16 offsets. */
export interface NerEngine {
  /** `ner:<model name>@<version>`. */
  readonly version: string;
  /** Execution provider in use: `cpu`, `cuda` … */
  readonly provider: string;
  /** Rejects on any failure (`detector_unavailable`); never answers for a text it did not read. */
  find(texts: readonly string[], signal?: AbortSignal): Promise<readonly (readonly Span[])[]>;
  close(): Promise<void>;
}
