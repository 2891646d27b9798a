import { type ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { type CordonError } from '../../src/domain/errors.ts';
import { type ParsedRequest } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';

type Key = keyof ChatCompletionCreateParams;

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  title: 'Letter to Ada Lovelace',
  properties: {
    recipient: { type: 'string', description: 'e.g. Ada Lovelace', enum: ['Ada Lovelace', 'Alan Turing'] },
    when: { type: ['string', 'null'], format: 'date-time', default: 'today', pattern: '^Ada' },
    lines: { type: 'array', items: { $ref: '#/$defs/line' }, minItems: 1 },
    type: { const: 'Ada Lovelace', examples: ['Ada Lovelace'] },
  },
  required: ['recipient', 'when'],
  additionalProperties: false,
  $defs: { line: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
};

/** A request with every parameter (the type says if one is missing) and every kind of message of the OpenAI reference that is text. */
export const FULL_REQUEST = {
  model: 'gpt-5.1',
  messages: [
    { role: 'developer', content: 'Be brief.', name: 'ops' },
    { role: 'system', content: [{ type: 'text', text: 'Ada Lovelace is the customer.' }] },
    { role: 'user', name: 'ada', content: [{ type: 'text', text: 'Write to Ada Lovelace.' }] },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Writing to Ada Lovelace.' },
        { type: 'refusal', refusal: 'Not to Ada Lovelace.' },
      ],
      refusal: null,
      audio: { id: 'audio_1' },
      tool_calls: [
        {
          id: 'call_1',
          type: 'function',
          function: { name: 'send_letter', arguments: '{"to": "Ada Lovelace", "copies": 1.0}' },
        },
        { id: 'call_2', type: 'custom', custom: { name: 'run', input: 'print Ada Lovelace' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'Sent to Ada Lovelace.' },
    { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'Ada Lovelace' }] },
    { role: 'assistant', content: null, function_call: { name: 'old', arguments: '{}' } },
    { role: 'function', name: 'old', content: 'Ada Lovelace' },
  ],
  tools: [
    {
      type: 'function',
      function: { name: 'send_letter', description: 'For Ada Lovelace', parameters: schema, strict: true },
    },
    {
      type: 'custom',
      custom: {
        name: 'run',
        description: 'Runs',
        format: { type: 'grammar', grammar: { definition: 'start: "Ada Lovelace"', syntax: 'lark' } },
      },
    },
  ],
  tool_choice: {
    type: 'allowed_tools',
    allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'send_letter' } }] },
  },
  parallel_tool_calls: true,
  functions: [{ name: 'old', description: 'Ada Lovelace', parameters: schema }],
  function_call: { name: 'old' },
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'letter', description: 'To Ada Lovelace', schema, strict: true },
  },
  prediction: { type: 'content', content: [{ type: 'text', text: 'Dear Ada Lovelace' }] },
  stop: ['Ada Lovelace', '\n\n'],
  user: 'ada@example.com',
  safety_identifier: 'ada-1',
  prompt_cache_key: 'ada-2',
  prompt_cache_options: { mode: 'explicit', ttl: '30m' },
  prompt_cache_retention: '24h',
  metadata: { customer: 'Ada Lovelace' },
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
  n: 1,
  max_tokens: 100,
  max_completion_tokens: 100,
  temperature: 0.7,
  top_p: 1,
  frequency_penalty: 0,
  presence_penalty: -0.5,
  seed: 42,
  logprobs: true,
  top_logprobs: 2,
  logit_bias: { '50256': -100 },
  reasoning_effort: 'low',
  verbosity: 'medium',
  service_tier: 'auto',
  store: false,
  modalities: ['text', 'audio'],
  audio: { format: 'mp3', voice: 'alloy' },
  moderation: { model: 'omni-moderation-latest', policy: { input: { mode: 'score' }, output: null } },
  web_search_options: {
    search_context_size: 'low',
    user_location: { type: 'approximate', approximate: { city: 'London', country: 'GB' } },
  },
} satisfies Record<Key, unknown>;

export function chat(members: Record<string, unknown>): string {
  return JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...members });
}

export function message(members: Record<string, unknown>): string {
  return chat({ messages: [{ role: 'user', ...members }] });
}

export function parsed(source: string): ParsedRequest {
  return openaiChat.parseRequest(source);
}

/** `code param` of the refusal. */
export function refusalOf(source: string): string | undefined {
  try {
    const [part] = parsed(source).opaque;
    // Refused by the gateway, unless a policy grants it.
    return part === undefined ? undefined : `content_opaque ${part.pointer}`;
  } catch (error) {
    const { code, param = '' } = error as CordonError;
    return `${code} ${param}`;
  }
}
