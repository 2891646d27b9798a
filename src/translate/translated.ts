/** A request in another vendor's words, and how its answer is read. All of it works on protected text only. */
export interface Translated {
  /** Below the runner's base URL. */
  readonly path: string;
  readonly body: string;
  /** The runner's whole answer in the caller's dialect. Throws `upstream_invalid`. */
  answer(source: string): string;
  /** The same for a stream, event by event. */
  stream(): StreamTranslation;
}

export interface StreamTranslation {
  /** Data of one event of the runner's in, data of zero or more events of the caller's dialect out. */
  push(data: string): readonly string[];
}

export interface TranslationContext {
  /** What the runner calls the model. */
  readonly model: string;
  /** Seconds since the epoch, for answers that must say when. */
  readonly nowS: number;
}
