import { JSON_SCHEMA } from './json-schema.ts';
import { INPUT_ITEM } from './openai-responses-items.ts';
import {
  BOOLEAN,
  choice,
  ID,
  IDENTIFIER,
  INPUT_PART,
  NAME,
  NUMBER,
  PROSE,
  TEXT,
} from './openai-responses-parts.ts';
import { TOOL, TOOL_CHOICE } from './openai-responses-tools.ts';
import { byType, mapOf, matching, oneOf, orNull, record, type Shape } from './shape.ts';

const MODEL: Shape = { string: matching(/^[\w.:/@-]{1,256}$/) };
export const INCLUDE: Shape = {
  array: {
    string: oneOf(
      'file_search_call.results',
      'web_search_call.results',
      'web_search_call.action.sources',
      'message.input_image.image_url',
      'computer_call_output.output.image_url',
      'code_interpreter_call.outputs',
      'reasoning.encrypted_content',
      'message.output_text.logprobs',
    ),
  },
  null: true,
};
const SCORE_OR_BLOCK = orNull(record({ mode: choice('score', 'block') }));
const SUMMARY = choice('auto', 'concise', 'detailed');

/** What a response, a count of its tokens and a compaction have in common. */
const PROMPT = {
  model: MODEL,
  input: { string: 'prose', array: INPUT_ITEM, null: true },
  instructions: PROSE,
  previous_response_id: ID,
} satisfies Readonly<Record<string, Shape>>;
const CONVERSATION: Shape = { ...ID, ...record({ id: ID }, ['id']) };
const TRUNCATION = choice('auto', 'disabled');
const CACHE_OPTIONS = orNull(record({ mode: choice('implicit', 'explicit'), ttl: choice('30m') }));
const CACHE_RETENTION = choice('in_memory', '24h');
const SERVICE_TIER = choice('auto', 'default', 'flex', 'scale', 'priority');
const REASONING = orNull(
  record({
    effort: choice('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    summary: SUMMARY,
    generate_summary: SUMMARY,
    context: choice('auto', 'current_turn', 'all_turns'),
    mode: ID,
  }),
);
const TEXT_CONFIG = orNull(
  record({
    format: byType({
      text: {},
      json_object: {},
      json_schema: { name: NAME, description: TEXT, schema: JSON_SCHEMA, strict: BOOLEAN },
    }),
    verbosity: choice('low', 'medium', 'high'),
  }),
);
/** How an answer is to be made, in so far as it decides what the prompt is. */
const ANSWERING = {
  tools: { array: TOOL, null: true },
  tool_choice: TOOL_CHOICE,
  parallel_tool_calls: BOOLEAN,
  text: TEXT_CONFIG,
  reasoning: REASONING,
  conversation: CONVERSATION,
  truncation: TRUNCATION,
} satisfies Readonly<Record<string, Shape>>;

/**
 * A request for a response, place by place (OpenAI API reference, `ResponseCreateParams`), with the sampling
 * parameters that self-hosted runners add. A key that is not here is refused: nobody has said whether it is text.
 */
export const RESPONSES_REQUEST: Shape = record(
  {
    ...PROMPT,
    ...ANSWERING,
    max_tool_calls: NUMBER,
    prompt: orNull(
      record({ id: ID, version: ID, variables: orNull(mapOf({ string: 'prose', ...INPUT_PART })) }, ['id']),
    ),
    context_management: { array: record({ type: ID, compact_threshold: NUMBER }), null: true },
    store: BOOLEAN,
    background: BOOLEAN,
    include: INCLUDE,
    stream: BOOLEAN,
    stream_options: orNull(record({ include_obfuscation: BOOLEAN })),
    user: IDENTIFIER,
    safety_identifier: IDENTIFIER,
    prompt_cache_key: IDENTIFIER,
    prompt_cache_options: CACHE_OPTIONS,
    prompt_cache_retention: CACHE_RETENTION,
    metadata: orNull(mapOf({ string: 'identifier' })),
    moderation: orNull(
      record({ model: MODEL, policy: orNull(record({ input: SCORE_OR_BLOCK, output: SCORE_OR_BLOCK })) }),
    ),
    service_tier: SERVICE_TIER,
    max_output_tokens: NUMBER,
    temperature: NUMBER,
    top_p: NUMBER,
    top_logprobs: NUMBER,
    top_k: NUMBER,
    min_p: NUMBER,
    seed: NUMBER,
    repetition_penalty: NUMBER,
    frequency_penalty: NUMBER,
    presence_penalty: NUMBER,
  },
  ['model'],
);

/** The same as far as it decides how many tokens the prompt has (`InputTokenCountParams`). */
export const INPUT_TOKENS_REQUEST: Shape = record({ ...PROMPT, ...ANSWERING, personality: ID }, ['model']);

/** A conversation to be made shorter (`ResponseCompactParams`). */
export const COMPACT_REQUEST: Shape = record(
  {
    ...PROMPT,
    prompt_cache_key: IDENTIFIER,
    prompt_cache_options: CACHE_OPTIONS,
    prompt_cache_retention: CACHE_RETENTION,
    service_tier: SERVICE_TIER,
  },
  ['model'],
);
