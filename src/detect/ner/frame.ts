/** A unit that belongs to the model and not to the text ([CLS], </s> …): the value of each feature, by name. */
export type FrameUnit = Readonly<Record<string, number>>;

/** What a model expects around every window of a text. */
export interface Frame {
  readonly before: readonly FrameUnit[];
  readonly after: readonly FrameUnit[];
}
