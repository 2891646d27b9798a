import { CONTENT } from './anthropic-content.ts';
import { CALL_ID, CACHE_CONTROL, choice, FLAG, NUMBER, TEXT, TOOL_NAME } from './anthropic-shapes.ts';
import { JSON_SCHEMA } from './json-schema.ts';
import { borrowed, FREE, mapOf, matching, oneOf, orNull, record, type Shape } from './shape.ts';

const TOOL_TYPE: Shape = { string: matching(/^[a-z][a-z0-9_]{0,63}$/), null: true };
/** Domains must stay the same to mean the same, so what they name is looked at and not rewritten. */
const DOMAINS: Shape = { array: { string: 'fixed' }, null: true };
const URL_SOURCE = record({
  type: choice('all', 'none', 'only', 'except'),
  tools: { array: record({ type: choice('tool_reference'), name: TOOL_NAME }) },
});

/** Tools of the caller's own and of the vendor's: their members have one meaning each, whatever the type. */
const TOOL = record({
  type: TOOL_TYPE,
  name: TOOL_NAME,
  description: TEXT,
  input_schema: JSON_SCHEMA,
  input_examples: { array: FREE, null: true },
  allowed_callers: { array: TOOL_TYPE, null: true },
  cache_control: CACHE_CONTROL,
  defer_loading: FLAG,
  eager_input_streaming: FLAG,
  strict: FLAG,
  max_characters: NUMBER,
  max_uses: NUMBER,
  max_content_tokens: NUMBER,
  display_width_px: NUMBER,
  display_height_px: NUMBER,
  display_number: NUMBER,
  enable_zoom: FLAG,
  allowed_domains: DOMAINS,
  blocked_domains: DOMAINS,
  citations: orNull(record({ enabled: FLAG })),
  user_location: orNull(
    record({ type: choice('approximate'), city: TEXT, country: TEXT, region: TEXT, timezone: TEXT }),
  ),
  use_cache: FLAG,
  response_inclusion: choice('full', 'excluded'),
  url_sources: orNull(
    record({ client_tool_results: URL_SOURCE, server_tool_results: URL_SOURCE, user_input: URL_SOURCE }),
  ),
  configs: orNull(mapOf(orNull(record({ defer_loading: FLAG, enabled: FLAG })))),
});

const OUTPUT_FORMAT = orNull(record({ type: choice('json_schema'), schema: JSON_SCHEMA }));
const CONTAINER_ID: Shape = { string: borrowed(/^[\w.:-]{1,256}$/), null: true };
const SKILL = record({ type: choice('anthropic', 'custom'), skill_id: CALL_ID, version: CALL_ID });

/** What a request and a count of its tokens have in common. */
const PROMPT = {
  model: { string: matching(/^[\w.:/@-]{1,256}$/) },
  messages: {
    array: record({ role: { string: oneOf('user', 'assistant', 'system') }, content: CONTENT }, ['role']),
  },
  system: CONTENT,
  tools: { array: TOOL, null: true },
  tool_choice: orNull(
    record({ type: choice('auto', 'any', 'tool', 'none'), name: TOOL_NAME, disable_parallel_tool_use: FLAG }),
  ),
  thinking: orNull(
    record({
      type: choice('enabled', 'disabled', 'between_tools', 'adaptive'),
      budget_tokens: NUMBER,
      display: choice('summarized', 'omitted'),
    }),
  ),
  output_config: orNull(
    record({ effort: choice('low', 'medium', 'high', 'xhigh', 'max'), format: OUTPUT_FORMAT }),
  ),
  output_format: OUTPUT_FORMAT,
  context_management: FREE,
  cache_control: CACHE_CONTROL,
  speed: choice('standard', 'fast'),
  user_profile_id: CALL_ID,
  workspace_id: CALL_ID,
  // A server of the caller's that the vendor would talk to behind Cordon's back.
  mcp_servers: {
    array: {
      object: { keys: new Map(), rest: { key: matching(/^[a-z_]{1,32}$/), value: { string: 'opaque' } } },
    },
  },
} satisfies Readonly<Record<string, Shape>>;

/** A message request, place by place (Anthropic API reference, `MessageCreateParams`). */
export const MESSAGES_REQUEST: Shape = record(
  {
    ...PROMPT,
    max_tokens: NUMBER,
    metadata: orNull(record({ user_id: { string: 'identifier', null: true } })),
    stop_sequences: { array: { string: 'text' }, null: true },
    stream: { boolean: true, null: true },
    temperature: NUMBER,
    top_k: NUMBER,
    top_p: NUMBER,
    service_tier: choice('auto', 'standard_only'),
    inference_geo: { string: matching(/^[a-z][a-z0-9_-]{0,31}$/), null: true },
    container: { ...CONTAINER_ID, ...record({ id: CONTAINER_ID, skills: { array: SKILL, null: true } }) },
    diagnostics: orNull(record({ previous_message_id: CALL_ID })),
  },
  ['model', 'messages'],
);

/** The same without what only an answer needs (`MessageCountTokensParams`). */
export const COUNT_TOKENS_REQUEST: Shape = record(PROMPT, ['model', 'messages']);
