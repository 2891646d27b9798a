/** Puts the caller's own values back into what a model wrote. Made for one call; knows only that call's placeholders. */
export interface Revealer {
  /** `json`: the text is JSON source inside a string, so inserted values are escaped as JSON string content. */
  reveal(text: string, escape: 'none' | 'json'): string;
  /** The same for text that arrives in pieces: the outputs joined equal `reveal` of the inputs joined. */
  open(escape: 'none' | 'json'): TextReveal;
}

export interface TextReveal {
  /** Everything that can no longer become part of a placeholder; the rest, a bounded suffix, is held back. */
  push(delta: string): string;
  /** What was held back; the next push starts afresh. */
  flush(): string;
}
