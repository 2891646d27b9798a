import { z } from 'zod';
import { LIMITS, VALIDATORS } from './definition.ts';

const probability = (what: string): z.ZodNumber =>
  z
    .number({ error: `${what} is a number from 0 to 1` })
    .min(0, { error: `${what} is a number from 0 to 1` })
    .max(1, { error: `${what} is a number from 0 to 1` });

/** Zod would quote what it found; these say what to write. */
function textOf(what: string, max: number): z.ZodString {
  return z
    .string({ error: `${what} is a text; put it in quotes` })
    .min(1, { error: `${what} must not be empty` })
    .max(max, { error: `${what} has at most ${max} characters` });
}

function listOf<T extends z.ZodType>(what: string, item: T, max: number): z.ZodArray<T> {
  return z
    .array(item, { error: `${what} is a list; write [a, b] or one "- item" a line` })
    .max(max, { error: `${what} has at most ${max} entries` });
}

/** The upper-snake form keeps placeholders such as <EMPLOYEE_ID_1> readable: a trailing number would not be. */
const entityName = z
  .string({ error: 'an entity is a name such as EMPLOYEE_ID' })
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, {
    error: 'an entity is named in capitals, digits and _, such as EMPLOYEE_ID',
  })
  .refine((name) => !/_\d+$/.test(name), {
    error: 'an entity must not end in _ and a number, which is how placeholders are told apart',
  })
  .refine((name) => name !== 'LITERAL', { error: 'LITERAL is taken; choose another name' });

const pattern = z.strictObject(
  {
    name: textOf('a name', 128).optional(),
    regex: textOf('a regex', LIMITS.regexChars),
    score: probability('a score'),
    flags: z
      .string({ error: 'flags are letters out of i, m and s' })
      .regex(/^[ims]{0,3}$/, { error: 'flags are letters out of i (any case), m (lines) and s (dot)' })
      .optional(),
  },
  { error: unknownKey('name, regex, score, flags') },
);

const contextWords = listOf('context', textOf('a context word', 64), LIMITS.contextWords);

const language = z.union(
  [
    textOf('a language', 16),
    z.strictObject({ language: textOf('a language', 16), context: contextWords.nullish() }),
  ],
  { error: 'a language is a code such as en, or {language: en, context: [words]}' },
);

const terms = listOf('this', textOf('a term', LIMITS.termChars), LIMITS.terms);

const KEYS =
  'name, version, entity, languages, patterns, context, deny_list, deny_list_score, allow_list, allow_patterns, validator, min_length, max_length, enabled';

const recognizer = z.strictObject(
  {
    name: textOf('a name', 64).regex(/^[\w .()-]*$/, {
      error: 'a name has letters, digits, blanks and _ . ( ) -',
    }),
    version: z.union([z.string().max(64), z.number()]).optional(),
    /** The one that Presidio names so, and ours. */
    supported_entity: entityName.optional(),
    entity: entityName.optional(),
    supported_languages: listOf('languages', language, 64).optional(),
    supported_language: textOf('a language', 16).optional(),
    languages: listOf('languages', language, 64).optional(),
    patterns: listOf('patterns', pattern, LIMITS.patterns).default([]),
    context: contextWords.nullish(),
    deny_list: terms.default([]),
    deny_list_score: probability('deny_list_score').default(1),
    allow_list: terms.default([]),
    allow_patterns: listOf(
      'allow_patterns',
      textOf('a regex', LIMITS.regexChars),
      LIMITS.allowPatterns,
    ).default([]),
    validator: z.enum(VALIDATORS, { error: `validator is one of ${VALIDATORS.join(', ')}` }).optional(),
    min_length: z.int().min(1).max(LIMITS.maxLength).default(1),
    max_length: z
      .int()
      .min(1)
      .max(LIMITS.maxLength, { error: `max_length is at most ${LIMITS.maxLength}` })
      .default(128),
    type: z
      .literal('custom', {
        error: "only custom recognisers are read from here; Cordon's own are always on: remove this entry",
      })
      .optional(),
    enabled: z.boolean({ error: 'enabled is true or false' }).default(true),
  },
  { error: unknownKey(KEYS) },
);

/** Presidio's recogniser file, with keys of our own. */
export const recognizerFile = z.strictObject(
  {
    version: z.union([z.string().max(64), z.number()]).optional(),
    supported_languages: listOf('languages', language, 64).optional(),
    /** Python's flags: 2 any case, 8 lines, 16 dot. */
    global_regex_flags: z.int().min(0).max(255).default(26),
    recognizers: listOf('recognizers', recognizer, LIMITS.recognizers),
  },
  { error: unknownKey('recognizers') },
);

export type RecognizerEntry = z.output<typeof recognizer>;
export type RecognizerFile = z.output<typeof recognizerFile>;

function unknownKey(keys: string): (issue: { readonly code?: string; readonly input?: unknown }) => string {
  return ({ code, input }) => {
    if (code === 'unrecognized_keys') return `unknown key; the keys here are ${keys}`;
    return typeof input === 'string'
      ? "a name alone stands for one of Presidio's own recognisers; Cordon's are always on: remove it"
      : `this must be a mapping with the keys ${keys}`;
  };
}
