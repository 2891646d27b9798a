import { type ResponseCreateParams, type ResponseStreamEvent } from 'openai/resources/responses/responses';
import { type CordonError } from '../../src/domain/errors.ts';
import { type ParsedRequest } from '../../src/dialects/dialect.ts';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { ITEMS } from './responses-items.ts';
import { SCHEMA, TOOLS, WHO } from './responses-tools.ts';

/** Every parameter of a request. */
export const FULL = {
  model: 'gpt-5.1',
  input: [
    { role: 'user', content: `I am ${WHO}` },
    { role: 'developer', content: [{ type: 'input_text', text: WHO }] },
    { type: 'item_reference', id: 'msg_0' },
    { id: 'msg_00' },
    ...Object.values(ITEMS).flat(),
  ],
  instructions: `Help ${WHO}.`,
  tools: Object.values(TOOLS).flat(),
  tool_choice: {
    type: 'allowed_tools',
    mode: 'auto',
    tools: [{ type: 'function', name: 'send' }, { type: 'mcp', server_label: 'crm' }, { type: 'web_search' }],
  },
  parallel_tool_calls: true,
  text: {
    format: { type: 'json_schema', name: 'letter', description: WHO, schema: SCHEMA, strict: true },
    verbosity: 'low',
  },
  reasoning: { effort: 'low', summary: 'auto', generate_summary: null, context: 'auto', mode: 'standard' },
  prompt: {
    id: 'pmpt_1',
    version: '2',
    variables: { name: WHO, part: { type: 'input_text', text: WHO } },
  },
  previous_response_id: 'resp_0',
  conversation: { id: 'conv_1' },
  context_management: [{ type: 'compaction', compact_threshold: 1000 }],
  store: true,
  background: false,
  include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
  truncation: 'auto',
  stream: true,
  stream_options: { include_obfuscation: false },
  user: 'ada@example.com',
  safety_identifier: 'ada-1',
  prompt_cache_key: 'ada-2',
  prompt_cache_options: { mode: 'explicit', ttl: '30m' },
  prompt_cache_retention: '24h',
  metadata: { customer: WHO },
  moderation: { model: 'omni-moderation-latest', policy: { input: { mode: 'score' }, output: null } },
  service_tier: 'auto',
  max_output_tokens: 100,
  temperature: 0.7,
  top_p: 1,
  top_logprobs: 2,
} satisfies Record<keyof ResponseCreateParams, unknown>;

export type EventType = ResponseStreamEvent['type'];

export function asked(members: Record<string, unknown> = {}): string {
  return JSON.stringify({ model: 'm', input: 'Hi', ...members });
}

export function item(value: unknown): string {
  return asked({ input: [value] });
}

export function parsed(source: string): ParsedRequest {
  return openaiResponses.parseRequest(source);
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
