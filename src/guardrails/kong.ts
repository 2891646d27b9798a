import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import { type Handling } from '../domain/handling.ts';
import { type Span } from '../domain/span.ts';
import { countCodePoints } from './code-points.ts';
import { asksFor, CATEGORY_NAMES, categoryOf } from './kong-categories.ts';
import { contractSchema, parseContract, wrongShape } from './request.ts';

const MESSAGES = z.union([
  z.string(),
  z.array(z.object({ text: z.string(), msg_id: z.int() })).max(LIMITS.slotsPerCall),
]);
const CATEGORY = z.string().refine((name) => CATEGORY_NAMES.includes(name.toLowerCase()), {
  error: 'invalid item found in `anonymize`',
});

/** As Kong's AI PII service reads it (`POST /llm/v1/sanitize`). */
const SANITIZE = z.object({
  text: MESSAGES.meta({ description: 'One text, or messages with an id each.' }),
  anonymize: z
    .array(CATEGORY)
    .max(64)
    .meta({
      description: `What to anonymize: ${CATEGORY_NAMES.join(', ')}. The policy may ask for more, never for less.`,
    }),
  options: z.object({ redact_type: z.enum(['placeholder', 'synthetic']) }),
  custom_patterns: z.array(z.unknown()).nullish().meta({
    description: 'Refused unless empty: nobody checked them.',
  }),
});
const CREDENTIALS = z.object({ text: MESSAGES });

const RESULT = z.object({
  start: z.int().meta({ description: 'In code points, as Python counts.' }),
  end: z.int(),
  detected_language: z.string(),
  original_text: z.string(),
  redact_text: z.string(),
  entity_type: z.string(),
});
const ANSWER = z.object({
  text: z.array(
    z.object({
      sanitized_text: z.string(),
      detected_language: z.string().nullable(),
      msg_id: z.int(),
      analyzer_results: z.array(RESULT),
    }),
  ),
  identified_pii: z.array(z.string()),
  anonymized_pii: z.array(z.string()),
  detected_languages: z.array(z.string()),
  duration: z.int().meta({ description: 'Milliseconds.' }),
});

export const SANITIZE_REQUEST_SCHEMA = contractSchema(SANITIZE);
export const CREDENTIALS_REQUEST_SCHEMA = contractSchema(CREDENTIALS);
export const SANITIZE_ANSWER_SCHEMA = contractSchema(ANSWER);

export interface SanitizeRequest {
  readonly messages: readonly { readonly text: string; readonly msg_id: number }[];
  readonly asksFor: (entity: string) => boolean;
}

export function parseSanitize(source: string): SanitizeRequest {
  const request = parseContract(SANITIZE, source);
  if ((request.custom_patterns ?? []).length > 0) {
    throw wrongShape('custom patterns are not run here; ask your administrator for a recogniser', [
      'custom_patterns',
    ]);
  }
  if (request.options.redact_type === 'synthetic') {
    throw wrongShape("redact_type is 'placeholder' only", ['options', 'redact_type']);
  }
  const anonymize = request.anonymize.map((name) => name.toLowerCase());
  return { messages: messagesOf(request.text), asksFor: (entity) => asksFor(anonymize, entity) };
}

export function parseSanitizeCredentials(source: string): SanitizeRequest {
  const { text } = parseContract(CREDENTIALS, source);
  return { messages: messagesOf(text), asksFor: (entity) => asksFor(['credentials'], entity) };
}

function messagesOf(text: z.output<typeof MESSAGES>): SanitizeRequest['messages'] {
  return typeof text === 'string' ? [{ text, msg_id: 1 }] : text;
}

export interface Sanitized {
  readonly texts: readonly string[];
  /** Placeholder → original. */
  readonly originals: Readonly<Record<string, string>>;
  /** JSON text. */
  render(durationMs: number): string;
}

export interface SanitizeOptions {
  /** What the policy says; never `block`. */
  readonly handlingOf: (entity: string) => Handling;
  /** Keyed hash of a value, as hex. */
  readonly pseudonym: (value: string, scope: string) => string;
}

const CREDENTIAL_MASK = '########';

/**
 * The messages with what was found in them replaced. Kong's plugin puts values back by itself, from the pairs of
 * `redact_text` and `original_text`: so one placeholder means one value over all messages, and one that stands in a
 * message already is never given out.
 */
export function sanitize(
  { messages, asksFor }: SanitizeRequest,
  found: readonly (readonly Span[])[],
  options: SanitizeOptions,
): Sanitized {
  const namer = createNamer(messages.map(({ text }) => text));
  const identified = new Set<string>();
  const anonymized = new Set<string>();
  const answers = messages.map(({ text, msg_id }, i) => {
    const language = languageOf(text);
    const points = countCodePoints(text);
    const results: z.output<typeof RESULT>[] = [];
    let out = '';
    let from = 0;
    for (const { start, end, entity } of found[i] ?? []) {
      identified.add(categoryOf(entity));
      const handling = options.handlingOf(entity);
      if (handling === 'disclose' && !asksFor(entity)) continue;
      anonymized.add(categoryOf(entity));
      const original = text.slice(start, end);
      const redacted = redact(entity, original, handling, namer, options);
      out += text.slice(from, start) + redacted;
      from = end;
      results.push({
        start: points.fromUnits(start),
        end: points.fromUnits(end),
        detected_language: language ?? 'en',
        original_text: original,
        redact_text: redacted,
        entity_type: entity,
      });
    }
    const sanitized_text = out + text.slice(from);
    return { sanitized_text, detected_language: language, msg_id, analyzer_results: results };
  });
  const languages = answers.map((answer) => answer.detected_language).filter((language) => language !== null);
  return {
    texts: answers.map((answer) => answer.sanitized_text),
    originals: namer.originals,
    render: (durationMs) =>
      JSON.stringify({
        text: answers,
        identified_pii: [...identified].sort(),
        anonymized_pii: [...anonymized].sort(),
        detected_languages: [...new Set(languages)],
        duration: Math.round(durationMs),
      } satisfies z.output<typeof ANSWER>),
  };
}

function redact(
  entity: string,
  original: string,
  handling: Handling,
  namer: Namer,
  { pseudonym }: SanitizeOptions,
): string {
  if (categoryOf(entity) === 'credentials') return CREDENTIAL_MASK;
  if (handling === 'mask') return `[${entity}]`;
  if (handling === 'hash') return `<${entity}_#${pseudonym(original, entity)}>`;
  return namer.name(original);
}

interface Namer {
  readonly originals: Readonly<Record<string, string>>;
  name(value: string): string;
}

/** `PLACEHOLDER1`, `PLACEHOLDER2` … by first appearance, without those that somebody wrote into a text. */
function createNamer(texts: readonly string[]): Namer {
  const written = new Set<string>();
  for (const text of texts) {
    for (const { 1: digits = '' } of text.matchAll(/PLACEHOLDER(\d{1,12})/gi)) {
      // Who replaces PLACEHOLDER1 replaces the beginning of PLACEHOLDER12.
      for (let i = 1; i <= digits.length; i++) written.add(digits.slice(0, i));
    }
  }
  const names = new Map<string, string>();
  const originals = Object.create(null) as Record<string, string>;
  let next = 1;
  return {
    originals,
    name(value) {
      const known = names.get(value);
      if (known !== undefined) return known;
      while (written.has(`${next}`)) next++;
      const made = `PLACEHOLDER${next++}`;
      names.set(value, made);
      originals[made] = value;
      return made;
    },
  };
}

/** By script: no more is needed for a field that nobody decides by. Null where there is nothing to read. */
function languageOf(text: string): string | null {
  if (text.trim() === '') return null;
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}
