import { type MarkGrammar, type Matched, NO_UNIT, type PlaceholderGrammar } from './placeholder.ts';
import { readEscape, type SurrogateIndex } from './surrogates/surrogate-index.ts';

/** Placeholders and surrogates in one pass; where both could stand, the placeholder does. */
export class MixedGrammar implements MarkGrammar {
  readonly #placeholders: PlaceholderGrammar;
  readonly #surrogates: SurrogateIndex;
  readonly #json: boolean;

  constructor(placeholders: PlaceholderGrammar, surrogates: SurrogateIndex, json: boolean) {
    this.#placeholders = placeholders;
    this.#surrogates = surrogates;
    this.#json = json;
  }

  nextStart(text: string, from: number, before: number): number {
    let previous = before;
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (this.#placeholders.begins(unit) || this.#surrogates.begins(unit, previous)) return at;
      previous = unit;
    }
    return text.length;
  }

  match(text: string, at: number, before: number, final: boolean): Matched {
    const placeholder = this.#placeholders.match(text, at, before, final);
    return placeholder ?? this.#surrogates.match(text, at, before, final);
  }

  /** In JSON source an escape is one letter; elsewhere a backslash takes along what it would escape. */
  readonly skip = (text: string, at: number): { readonly length: number; readonly before: number } => {
    const unit = text.charCodeAt(at);
    if (unit !== 0x5c) return { length: 1, before: unit };
    const read = readEscape(text, at, true);
    if (read === 'partial' || read.length === 1) return { length: 1, before: unit };
    if (read.length === 2) return { length: 2, before: NO_UNIT };
    return this.#json ? { length: 6, before: read.unit } : { length: 1, before: unit };
  };
}
