import { JSON_SCHEMA } from './json-schema.ts';
import { RUNNER_EXTENSIONS } from './openai-chat-extensions.ts';
import { borrowed, FREE, mapOf, matching, oneOf, orNull, record, type Shape } from './shape.ts';

const TEXT: Shape = { string: 'text' };
const PROSE: Shape = { string: 'prose' };
export const NUMBER: Shape = { number: 'fixed', null: true };
export const BOOLEAN: Shape = { boolean: true, null: true };
export const IDENTIFIER: Shape = { string: 'identifier', null: true };
/** Pixels, sound, a file or where one is: it leaves only by a policy's grant. */
const ATTACHMENT: Shape = { string: 'attachment' };
const MEDIA_URL: Shape = {
  ...ATTACHMENT,
  ...record({ url: ATTACHMENT, detail: { string: 'fixed', null: true } }),
};
const FORMAT: Shape = { string: matching(/^[a-z0-9]{1,16}$/) };

function choice(...values: readonly string[]): Shape {
  return { string: oneOf(...values), null: true };
}

export const MODEL: Shape = { string: matching(/^[\w.:/@-]{1,256}$/) };
const FUNCTION_NAME: Shape = { string: matching(/^[A-Za-z0-9_-]{1,64}$/) };
const CALL_ID: Shape = { string: matching(/^[\w.:-]{1,128}$/) };
const NAMED = record({ name: FUNCTION_NAME }, ['name']);
const CACHE_BREAKPOINT = record({ mode: choice('explicit') });
const CACHE_CONTROL = orNull(record({ type: choice('ephemeral'), ttl: choice('5m', '1h') }));

const PART_TYPES = ['text', 'refusal', 'image_url', 'input_audio', 'file', 'video_url', 'audio_url'];

const CONTENT_PART = record(
  {
    type: { string: oneOf(...PART_TYPES) },
    text: PROSE,
    refusal: TEXT,
    image_url: MEDIA_URL,
    input_audio: record({ data: ATTACHMENT, format: FORMAT }),
    file: record({
      file_data: { string: 'file', null: true },
      file_id: { ...ATTACHMENT, null: true },
      filename: { ...TEXT, null: true },
    }),
    // Runners' own.
    video_url: MEDIA_URL,
    audio_url: MEDIA_URL,
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
    cache_control: CACHE_CONTROL,
  },
  ['type'],
);
const CONTENT: Shape = { string: 'prose', null: true, array: CONTENT_PART };

const FUNCTION_CALL = record({ name: FUNCTION_NAME, arguments: { string: 'json' } });
export const TOOL_CALL = record({
  id: CALL_ID,
  type: choice('function', 'custom'),
  index: NUMBER,
  function: FUNCTION_CALL,
  custom: record({ name: FUNCTION_NAME, input: TEXT }),
});

export const MESSAGE = record(
  {
    role: { string: oneOf('developer', 'system', 'user', 'assistant', 'tool', 'function') },
    content: CONTENT,
    name: IDENTIFIER,
    tool_calls: { array: TOOL_CALL, null: true },
    tool_call_id: CALL_ID,
    function_call: orNull(FUNCTION_CALL),
    refusal: { string: 'text', null: true },
    audio: orNull(record({ id: { string: borrowed(/^[\w.:-]{1,256}$/) } })),
    annotations: { array: FREE, null: true },
    // Runners' own: thinking sent back, a prefix to continue, prompt caching.
    reasoning: { string: 'text', null: true },
    reasoning_content: { string: 'text', null: true },
    reasoning_details: { array: FREE, null: true },
    prefix: BOOLEAN,
    cache_control: CACHE_CONTROL,
  },
  ['role'],
);

const FUNCTION = record(
  { name: FUNCTION_NAME, description: TEXT, parameters: JSON_SCHEMA, strict: BOOLEAN },
  ['name'],
);
const GRAMMAR = record({ definition: TEXT, syntax: choice('lark', 'regex') });
const CUSTOM_TOOL = record(
  {
    name: FUNCTION_NAME,
    description: TEXT,
    format: record({ type: choice('text', 'grammar'), grammar: GRAMMAR }),
  },
  ['name'],
);
export const TOOL = record(
  {
    type: { string: oneOf('function', 'custom') },
    function: FUNCTION,
    custom: CUSTOM_TOOL,
    cache_control: CACHE_CONTROL,
  },
  ['type'],
);

const TOOL_REFERENCE = record({ type: choice('function', 'custom'), function: NAMED, custom: NAMED });
const ALLOWED_TOOLS = record({ mode: choice('auto', 'required'), tools: { array: TOOL_REFERENCE } });
const TOOL_CHOICE: Shape = {
  string: oneOf('none', 'auto', 'required', 'any'),
  null: true,
  ...record({
    type: choice('function', 'custom', 'allowed_tools'),
    function: NAMED,
    custom: NAMED,
    allowed_tools: ALLOWED_TOOLS,
  }),
};

export const RESPONSE_FORMAT = orNull(
  record(
    {
      type: { string: oneOf('text', 'json_object', 'json_schema', 'grammar') },
      json_schema: record({ name: FUNCTION_NAME, description: TEXT, schema: JSON_SCHEMA, strict: BOOLEAN }),
      schema: JSON_SCHEMA,
      grammar: TEXT,
    },
    ['type'],
  ),
);

const SCORE_OR_BLOCK = orNull(record({ mode: choice('score', 'block') }));
const MODERATION = record({
  model: MODEL,
  policy: orNull(record({ input: SCORE_OR_BLOCK, output: SCORE_OR_BLOCK })),
});
const LOCATION = record({ city: TEXT, country: TEXT, region: TEXT, timezone: TEXT });
const WEB_SEARCH = record({
  search_context_size: choice('low', 'medium', 'high'),
  user_location: orNull(record({ type: choice('approximate'), approximate: LOCATION })),
});
const VOICE_ID: Shape = { string: matching(/^[\w-]{1,64}$/) };

export const STREAM_OPTIONS = orNull(
  record({ include_usage: BOOLEAN, include_obfuscation: BOOLEAN, continuous_usage_stats: BOOLEAN }),
);
export const BIAS = orNull(mapOf({ number: 'fixed' }, matching(/^\d{1,6}$/)));

/** Names are the caller's own; values may name anybody. */
export const METADATA: Shape = orNull(mapOf({ string: 'identifier' }));

/**
 * A chat completion request, place by place (OpenAI API reference, `ChatCompletionCreateParams`), with what
 * self-hosted runners add. A key that is not here is refused: nobody has said whether it is text.
 */
export const CHAT_REQUEST: Shape = record(
  {
    model: MODEL,
    messages: { array: MESSAGE },
    tools: { array: TOOL, null: true },
    tool_choice: TOOL_CHOICE,
    parallel_tool_calls: BOOLEAN,
    functions: { array: FUNCTION, null: true },
    function_call: { string: oneOf('none', 'auto'), null: true, ...NAMED },
    response_format: RESPONSE_FORMAT,
    prediction: orNull(record({ type: choice('content'), content: CONTENT })),
    stop: { string: 'text', null: true, array: TEXT },
    user: IDENTIFIER,
    safety_identifier: IDENTIFIER,
    prompt_cache_key: IDENTIFIER,
    metadata: METADATA,
    stream: BOOLEAN,
    stream_options: STREAM_OPTIONS,
    n: NUMBER,
    max_tokens: NUMBER,
    max_completion_tokens: NUMBER,
    temperature: NUMBER,
    top_p: NUMBER,
    frequency_penalty: NUMBER,
    presence_penalty: NUMBER,
    seed: NUMBER,
    logprobs: { boolean: true, number: 'fixed', null: true },
    top_logprobs: NUMBER,
    logit_bias: BIAS,
    reasoning_effort: choice('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    verbosity: choice('low', 'medium', 'high'),
    service_tier: choice('auto', 'default', 'flex', 'scale', 'priority'),
    store: BOOLEAN,
    modalities: { array: choice('text', 'audio'), null: true },
    audio: orNull(
      record({
        format: choice('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'),
        voice: { ...VOICE_ID, ...record({ id: VOICE_ID }) },
      }),
    ),
    moderation: orNull(MODERATION),
    prompt_cache_options: record({ mode: choice('implicit', 'explicit'), ttl: choice('30m') }),
    prompt_cache_retention: choice('in_memory', '24h'),
    web_search_options: orNull(WEB_SEARCH),
    ...RUNNER_EXTENSIONS,
  },
  ['model', 'messages'],
);
