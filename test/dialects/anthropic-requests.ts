import {
  type ContentBlockParam,
  type MessageCountTokensParams,
  type MessageCreateParamsBase,
} from '@anthropic-ai/sdk/resources/messages/messages';
import { type CordonError } from '../../src/domain/errors.ts';
import { type Dialect, type ParsedRequest } from '../../src/dialects/dialect.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { schema, TOOLS, WHO } from './anthropic-tools.ts';

/** Looks like what the vendor signs or encrypts. */
export const SEAL = 'EqQBCgIYAhIkMGFmOGQ3ZWUtNmI5ZC00ZTJlLWI1'.repeat(3);

type BlockType = ContentBlockParam['type'];

/** One block of each type of the reference (the type says if one is missing) that Cordon can read. */
export const BLOCKS: Record<
  Exclude<BlockType, 'image' | 'container_upload'>,
  readonly ContentBlockParam[]
> = {
  text: [
    {
      type: 'text',
      text: `I am ${WHO}.`,
      cache_control: { type: 'ephemeral', ttl: '1h' },
      citations: [
        {
          type: 'char_location',
          cited_text: WHO,
          document_index: 0,
          document_title: WHO,
          start_char_index: 0,
          end_char_index: 3,
        },
        {
          type: 'web_search_result_location',
          cited_text: WHO,
          encrypted_index: SEAL,
          title: WHO,
          url: `https://example.com/${WHO}`,
        },
        {
          type: 'search_result_location',
          cited_text: WHO,
          source: WHO,
          title: WHO,
          search_result_index: 0,
          start_block_index: 0,
          end_block_index: 1,
        },
      ],
    },
  ],
  document: [
    {
      type: 'document',
      title: `About ${WHO}`,
      context: `Written for ${WHO}`,
      citations: { enabled: true },
      source: { type: 'text', media_type: 'text/plain', data: `${WHO} was born in London.` },
    },
    { type: 'document', source: { type: 'content', content: [{ type: 'text', text: WHO }] } },
    { type: 'document', source: { type: 'content', content: WHO } },
  ],
  search_result: [
    { type: 'search_result', source: `crm/${WHO}`, title: WHO, content: [{ type: 'text', text: WHO }] },
  ],
  thinking: [{ type: 'thinking', thinking: `This is ${WHO}.`, signature: SEAL }],
  redacted_thinking: [{ type: 'redacted_thinking', data: SEAL }],
  tool_use: [
    {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'send_mail',
      input: { to: WHO, copies: 1.5, cc: [WHO], deep: { note: WHO } },
      caller: { type: 'direct' },
    },
  ],
  tool_result: [
    { type: 'tool_result', tool_use_id: 'toolu_1', content: `Sent to ${WHO}.`, is_error: false },
    {
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      content: [
        { type: 'text', text: WHO },
        { type: 'search_result', source: WHO, title: WHO, content: [{ type: 'text', text: WHO }] },
        { type: 'tool_reference', tool_name: 'send_mail' },
        {
          type: 'browser_state',
          tabs: [{ tab_id: 't1', title: WHO, url: `https://example.com/${WHO}`, active: true }],
          state_changes: [{ type: 'download_failed', download_id: 'd1', url: WHO, error: WHO }],
        },
      ],
    },
  ],
  server_tool_use: [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: WHO } }],
  web_search_tool_result: [
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [
        {
          type: 'web_search_result',
          title: WHO,
          url: `https://x.example/${WHO}`,
          encrypted_content: SEAL,
          page_age: WHO,
        },
      ],
    },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    },
  ],
  web_fetch_tool_result: [
    {
      type: 'web_fetch_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'web_fetch_result',
        url: `https://x.example/${WHO}`,
        retrieved_at: '2026-01-01',
        content: {
          type: 'document',
          title: WHO,
          source: { type: 'text', media_type: 'text/plain', data: WHO },
        },
      },
    },
  ],
  code_execution_tool_result: [
    {
      type: 'code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'code_execution_result',
        stdout: WHO,
        stderr: WHO,
        return_code: 0,
        content: [{ type: 'code_execution_output', file_id: 'file_1' }],
      },
    },
    {
      type: 'code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'encrypted_code_execution_result',
        encrypted_stdout: SEAL,
        stderr: WHO,
        return_code: 0,
        content: [],
      },
    },
  ],
  bash_code_execution_tool_result: [
    {
      type: 'bash_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'bash_code_execution_result', stdout: WHO, stderr: WHO, return_code: 1, content: [] },
    },
  ],
  text_editor_code_execution_tool_result: [
    {
      type: 'text_editor_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'text_editor_code_execution_view_result',
        content: WHO,
        file_type: 'text',
        num_lines: 1,
      },
    },
    {
      type: 'text_editor_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'text_editor_code_execution_str_replace_result', lines: [WHO], new_lines: 1 },
    },
    {
      type: 'text_editor_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'text_editor_code_execution_create_result', is_file_update: true },
    },
    {
      type: 'text_editor_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'text_editor_code_execution_tool_result_error',
        error_code: 'file_not_found',
        error_message: WHO,
      },
    },
  ],
  tool_search_tool_result: [
    {
      type: 'tool_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: {
        type: 'tool_search_tool_search_result',
        tool_references: [{ type: 'tool_reference', tool_name: 'send_mail' }],
      },
    },
  ],
};

const PROMPT = {
  model: 'claude-sonnet-5',
  messages: [
    { role: 'user', content: `I am ${WHO}.` },
    { role: 'assistant', content: Object.values(BLOCKS).flat() },
    { role: 'system', content: [{ type: 'text', text: WHO }] },
  ],
  system: [{ type: 'text', text: `The customer is ${WHO}.`, cache_control: { type: 'ephemeral' } }],
  tools: TOOLS,
  tool_choice: { type: 'tool', name: 'send_mail', disable_parallel_tool_use: true },
  thinking: { type: 'enabled', budget_tokens: 1024, display: 'summarized' },
  output_config: { effort: 'low', format: { type: 'json_schema', schema } },
  cache_control: { type: 'ephemeral' },
  speed: 'standard',
  user_profile_id: 'uprof_1',
  workspace_id: 'wrkspc_1',
} satisfies MessageCountTokensParams & Record<keyof MessageCountTokensParams, unknown>;

/** A count of tokens with every parameter of the reference. */
export const FULL_COUNT: object = PROMPT;

/** A request with every parameter (the type says if one is missing) and every kind of block that is text. */
export const FULL_MESSAGE = {
  ...PROMPT,
  max_tokens: 100,
  metadata: { user_id: 'ada@example.com' },
  stop_sequences: [WHO, '\n\n'],
  stream: true,
  service_tier: 'auto',
  inference_geo: 'us',
  container: { id: 'container_1', skills: [{ type: 'anthropic', skill_id: 'pptx', version: 'latest' }] },
  diagnostics: { previous_message_id: 'msg_0' },
} satisfies MessageCreateParamsBase & Record<keyof MessageCreateParamsBase, unknown>;

export function messages(members: Record<string, unknown>): string {
  return JSON.stringify({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Hi' }],
    ...members,
  });
}

export function block(members: Record<string, unknown>): string {
  return messages({ messages: [{ role: 'user', content: [members] }] });
}

/** `code param` of the refusal. */
export function refusalBy(dialect: Dialect, source: string): string | undefined {
  try {
    const [part] = dialect.parseRequest(source).opaque;
    // Refused by the gateway, unless a policy grants it.
    return part === undefined ? undefined : `content_opaque ${part.pointer}`;
  } catch (error) {
    const { code, param = '' } = error as CordonError;
    return `${code} ${param}`;
  }
}

export function parsed(source: string): ParsedRequest {
  return anthropicMessages.parseRequest(source);
}

export function requestFor(answer: 'text' | 'json'): ParsedRequest {
  const format = { format: { type: 'json_schema', schema: { type: 'object' } } };
  return parsed(messages({ stream: true, ...(answer === 'json' ? { output_config: format } : {}) }));
}

/** Code of what the act throws. */
export function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as CordonError).code;
  }
}
