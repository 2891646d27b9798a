import { z } from 'zod';
import { type JsonObject } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Span } from '../domain/span.ts';
import { countCodePoints } from './code-points.ts';
import { contractSchema, parseContract, wrongShape } from './request.ts';

/** As Presidio's AnalyzerRequest reads it; what has no meaning here is taken and left alone. */
const ANALYZE = z.object({
  text: z.union([z.string(), z.array(z.string()).max(LIMITS.slotsPerCall)]).meta({
    description: 'One text, or several to be read in one call.',
  }),
  language: z
    .string()
    .min(1)
    .max(35)
    .meta({ description: 'ISO 639-1. Any is taken: Cordon reads a text whatever it is said to be.' }),
  entities: z
    .array(z.string().max(64))
    .max(1_000)
    .nullish()
    .meta({ description: 'Only these; all when left out.' }),
  score_threshold: z.number().nullish().meta({ description: 'Leaves out what is less sure, from 0 to 1.' }),
  correlation_id: z
    .string()
    .nullish()
    .meta({ description: 'Taken and not kept: records go by our request id.' }),
  return_decision_process: z.boolean().nullish().meta({ description: 'Adds an analysis_explanation.' }),
  allow_list: z.array(z.string()).max(10_000).nullish().meta({ description: 'Values that are left out.' }),
  allow_list_match: z.string().nullish().meta({ description: 'Only `exact`.' }),
  regex_flags: z.int().nullish(),
  context: z.array(z.string()).nullish().meta({
    description: 'Taken and without effect: Cordon reads the context in the text itself.',
  }),
  ad_hoc_recognizers: z.array(z.unknown()).nullish().meta({
    description: 'Refused unless empty: nobody checked them.',
  }),
});

export interface AnalyzeRequest {
  readonly texts: readonly string[];
  readonly batch: boolean;
  /** Whether a span is asked for; `text` is the one it stands in. */
  readonly wants: (span: Span, text: string) => boolean;
  readonly explain: boolean;
}

export const ANALYZE_REQUEST_SCHEMA = contractSchema(ANALYZE);

const EXPLANATION = z.object({
  recognizer: z.string(),
  pattern_name: z.null(),
  pattern: z.null(),
  original_score: z.number(),
  score: z.number(),
  textual_explanation: z.string().nullable(),
  score_context_improvement: z.number(),
  supportive_context_word: z.string(),
  validation_result: z.boolean().nullable(),
});
const RESULT = z.object({
  analysis_explanation: EXPLANATION.nullable(),
  end: z.int().meta({ description: 'In code points, as Python counts.' }),
  entity_type: z.string(),
  score: z.number(),
  start: z.int(),
});

export const ANALYZE_ANSWER_SCHEMA: JsonObject = contractSchema(
  z.union([z.array(RESULT), z.array(z.array(RESULT))]),
);

/** `supported`: every entity that may be found here. */
export function parseAnalyze(source: string, supported: ReadonlySet<string>): AnalyzeRequest {
  const request = parseContract(ANALYZE, source);
  const batch = Array.isArray(request.text);
  const texts = [request.text].flat();
  if (!batch && texts[0] === '') throw wrongShape('no text provided', ['text']);
  if ((request.ad_hoc_recognizers ?? []).length > 0) {
    throw wrongShape('ad-hoc recognizers are not run here; ask your administrator for a recogniser', [
      'ad_hoc_recognizers',
    ]);
  }
  const allowed = new Set(request.allow_list);
  if (allowed.size > 0 && (request.allow_list_match ?? 'exact') !== 'exact') {
    throw wrongShape("the allow list is matched by 'exact' only", ['allow_list_match']);
  }
  const entities = request.entities?.length ? new Set(request.entities) : undefined;
  if (entities !== undefined && ![...entities].some((entity) => supported.has(entity))) {
    throw wrongShape('no matching recognizers were found to serve the request', ['entities']);
  }
  const threshold = request.score_threshold ?? 0;
  return {
    texts,
    batch,
    wants: (span, text) =>
      span.score >= threshold &&
      entities?.has(span.entity) !== false &&
      !allowed.has(text.slice(span.start, span.end)),
    explain: request.return_decision_process === true,
  };
}

/** JSON text. Results of a text come as Presidio sorts them: the surest first, then by place. */
export function renderAnalysis(request: AnalyzeRequest, found: readonly (readonly Span[])[]): string {
  const results = request.texts.map((text, i) => {
    const points = countCodePoints(text);
    return (found[i] ?? [])
      .filter((span) => request.wants(span, text))
      .sort((a, b) => b.score - a.score || a.start - b.start || b.end - a.end)
      .map((span) => ({
        analysis_explanation: request.explain ? explanationOf(span) : null,
        end: points.fromUnits(span.end),
        entity_type: span.entity,
        score: span.score,
        start: points.fromUnits(span.start),
      }));
  });
  return JSON.stringify(request.batch ? results : results[0]);
}

function explanationOf({ entity, score, recognizer, validated }: Span): z.output<typeof EXPLANATION> {
  return {
    recognizer,
    pattern_name: null,
    pattern: null,
    original_score: score,
    score,
    textual_explanation: `Identified as ${entity} by ${recognizer}`,
    score_context_improvement: 0,
    supportive_context_word: '',
    validation_result: validated ? true : null,
  };
}
