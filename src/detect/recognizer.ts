import { type Span } from '../domain/span.ts';
import { type TextView } from './view.ts';

/**
 * Finds what has structure. `find` scans the view in linear time and answers in offsets of `view.text`; the caller
 * maps them back to the original text. Spans may overlap and come in any order. A score below the entity's threshold
 * means "only if something else supports it" and is dropped by the caller.
 */
export interface Recognizer {
  readonly name: string;
  readonly entities: readonly string[];
  find(view: TextView): readonly Span[];
}
