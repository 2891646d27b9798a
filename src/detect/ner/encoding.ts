/** One input of a model: `width` numbers a unit, row-major [units × width]; `pad` fills units that do not exist. */
export interface Feature {
  readonly name: string;
  readonly width: number;
  readonly data: Int32Array;
  readonly pad: number;
}

/** A text cut into model units (words, characters or subwords), with their UTF-16 offsets, end exclusive. */
export interface Encoding {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly features: readonly Feature[];
}

export interface Encoder {
  encode(text: string): Encoding;
}
