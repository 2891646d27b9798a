import { type Tool, type ToolUnion } from '@anthropic-ai/sdk/resources/messages/messages';

export const WHO = 'Ada Lovelace';

export const schema = {
  type: 'object',
  properties: { to: { type: 'string', description: `e.g. ${WHO}`, enum: [WHO] } },
  required: ['to'],
} as const;

type ServerTool = Exclude<ToolUnion, Tool>;

/** One tool of each type of the reference, with all that some type of tool may say. */
const SERVER_TOOLS: Record<ServerTool['type'], ServerTool> = {
  bash_20250124: { type: 'bash_20250124', name: 'bash', input_examples: [{ command: WHO }] },
  browser_toolset_20260801: {
    type: 'browser_toolset_20260801',
    configs: { find: { enabled: true, defer_loading: null }, wait: null },
  },
  code_execution_20250522: { type: 'code_execution_20250522', name: 'code_execution' },
  code_execution_20250825: { type: 'code_execution_20250825', name: 'code_execution', strict: true },
  code_execution_20260120: { type: 'code_execution_20260120', name: 'code_execution' },
  code_execution_20260521: { type: 'code_execution_20260521', name: 'code_execution' },
  computer_toolset_20260801: { type: 'computer_toolset_20260801', cache_control: { type: 'ephemeral' } },
  memory_20250818: { type: 'memory_20250818', name: 'memory', defer_loading: true },
  text_editor_20250124: { type: 'text_editor_20250124', name: 'str_replace_editor' },
  text_editor_20250429: { type: 'text_editor_20250429', name: 'str_replace_based_edit_tool' },
  text_editor_20250728: {
    type: 'text_editor_20250728',
    name: 'str_replace_based_edit_tool',
    max_characters: 10,
  },
  tool_search_tool_bm25: { type: 'tool_search_tool_bm25', name: 'tool_search_tool_bm25' },
  tool_search_tool_bm25_20251119: { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
  tool_search_tool_regex: { type: 'tool_search_tool_regex', name: 'tool_search_tool_regex' },
  tool_search_tool_regex_20251119: {
    type: 'tool_search_tool_regex_20251119',
    name: 'tool_search_tool_regex',
  },
  web_fetch_20250910: {
    type: 'web_fetch_20250910',
    name: 'web_fetch',
    max_uses: 1,
    max_content_tokens: 100,
    citations: { enabled: true },
  },
  web_fetch_20260209: {
    type: 'web_fetch_20260209',
    name: 'web_fetch',
    url_sources: {
      client_tool_results: { type: 'only', tools: [{ type: 'tool_reference', name: 'send_mail' }] },
      user_input: { type: 'all' },
    },
  },
  web_fetch_20260309: { type: 'web_fetch_20260309', name: 'web_fetch', use_cache: false },
  web_fetch_20260318: { type: 'web_fetch_20260318', name: 'web_fetch', response_inclusion: 'full' },
  web_search_20250305: {
    type: 'web_search_20250305',
    name: 'web_search',
    allowed_domains: ['example.com'],
    blocked_domains: null,
    user_location: { type: 'approximate', city: WHO, country: 'GB', region: WHO, timezone: 'Europe/London' },
  },
  web_search_20260209: { type: 'web_search_20260209', name: 'web_search', allowed_callers: ['direct'] },
  web_search_20260318: { type: 'web_search_20260318', name: 'web_search' },
};

const CUSTOM_TOOL: Required<Tool> = {
  type: 'custom',
  name: 'send_mail',
  description: `Writes to ${WHO}`,
  input_schema: { ...schema, required: [...schema.required] },
  input_examples: [{ to: WHO }],
  allowed_callers: ['direct'],
  cache_control: { type: 'ephemeral' },
  defer_loading: false,
  eager_input_streaming: true,
  strict: true,
};

export const TOOLS: ToolUnion[] = [CUSTOM_TOOL, ...Object.values(SERVER_TOOLS)];
