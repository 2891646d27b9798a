/** A custom recogniser, checked: what `custom/parse` makes of one entry of a recogniser file. */
export interface CustomDefinition {
  readonly name: string;
  /** Upper snake; may be an entity nobody else finds. */
  readonly entity: string;
  readonly patterns: readonly CustomPattern[];
  /** Lower case. Near a match they raise its score. */
  readonly context: readonly string[];
  /** Terms that are always found, whole words, in any case. */
  readonly denyList: readonly string[];
  readonly denyListScore: number;
  /** Matches that are none, compared whole and in any case. */
  readonly allowList: readonly string[];
  /** RE2 syntax: matches that fit one of these as a whole are none either. */
  readonly allowPatterns: readonly string[];
  readonly validator: ValidatorName | undefined;
  /** UTF-16 units a match may have. */
  readonly minLength: number;
  readonly maxLength: number;
}

export interface CustomPattern {
  /** RE2 syntax with its flags inline; a group named `value` narrows what is found. */
  readonly regex: string;
  readonly score: number;
}

/** Check digits a match can be asked for. */
export const VALIDATORS = [
  'luhn',
  'verhoeff',
  'iban-mod97',
  'iso7064-mod97-10',
  'iso7064-mod11-2',
  'iso7064-mod11-10',
] as const;
export type ValidatorName = (typeof VALIDATORS)[number];

export const LIMITS = {
  fileChars: 1024 * 1024,
  recognizers: 500,
  patterns: 50,
  regexChars: 2048,
  /** RE2 instructions of one pattern, and of all patterns of all files. */
  program: 5_000,
  programs: 20_000,
  allowPatterns: 50,
  terms: 10_000,
  termChars: 256,
  contextWords: 100,
  maxLength: 1024,
} as const;
