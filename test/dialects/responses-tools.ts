import { type Tool } from 'openai/resources/responses/responses';

export const WHO = 'Ada Lovelace';
/** What the vendor encrypts looks like this. */
export const SEALED = `gAAAAABo${'Zk3x-_9Q'.repeat(12)}==`;

export const SCHEMA = {
  type: 'object',
  properties: { to: { type: 'string', description: `e.g. ${WHO}`, enum: [WHO] } },
  required: ['to'],
};

export type Variants<K extends string> = Record<K, readonly object[]>;

/** Every type of tool, likewise. */
export const TOOLS = {
  function: [
    {
      type: 'function',
      name: 'send',
      description: `To ${WHO}`,
      parameters: SCHEMA,
      output_schema: SCHEMA,
      strict: true,
      allowed_callers: ['direct'],
      defer_loading: false,
    },
  ],
  custom: [
    {
      type: 'custom',
      name: 'run',
      description: WHO,
      format: { type: 'grammar', definition: `start: "${WHO}"`, syntax: 'lark' },
    },
  ],
  namespace: [
    {
      type: 'namespace',
      name: 'crm',
      description: WHO,
      tools: [{ type: 'function', name: 'f', description: WHO, parameters: SCHEMA }],
    },
  ],
  tool_search: [{ type: 'tool_search', description: WHO, execution: 'client', parameters: SCHEMA }],
  file_search: [
    {
      type: 'file_search',
      vector_store_ids: ['vs_1'],
      max_num_results: 3,
      filters: { type: 'and', filters: [{ type: 'eq', key: 'who', value: WHO }] },
      ranking_options: { ranker: 'auto', score_threshold: 0.5 },
    },
  ],
  web_search: [
    {
      type: 'web_search',
      search_context_size: 'low',
      filters: { allowed_domains: ['x.example'] },
      user_location: { type: 'approximate', city: WHO },
    },
  ],
  web_search_2025_08_26: [{ type: 'web_search_2025_08_26' }],
  web_search_preview: [{ type: 'web_search_preview', search_content_types: ['text'] }],
  web_search_preview_2025_03_11: [{ type: 'web_search_preview_2025_03_11' }],
  computer: [{ type: 'computer' }],
  computer_use_preview: [
    { type: 'computer_use_preview', display_height: 1, display_width: 1, environment: 'linux' },
  ],
  code_interpreter: [
    { type: 'code_interpreter', container: 'cntr_1' },
    { type: 'code_interpreter', container: { type: 'auto', file_ids: ['f'], memory_limit: '1g' } },
  ],
  image_generation: [{ type: 'image_generation', model: 'gpt-image-1', size: 'auto', quality: 'low' }],
  mcp: [
    {
      type: 'mcp',
      server_label: 'crm',
      server_url: 'https://mcp.example/sse',
      server_description: WHO,
      require_approval: { never: { tool_names: ['f'] } },
      allowed_tools: ['f'],
    },
    {
      type: 'mcp',
      server_label: 'crm',
      connector_id: 'connector_gmail',
      require_approval: 'never',
      headers: {},
    },
  ],
  local_shell: [{ type: 'local_shell' }],
  shell: [
    {
      type: 'shell',
      environment: {
        type: 'container_auto',
        network_policy: { type: 'allowlist', allowed_domains: ['x.example'] },
        skills: [{ type: 'skill_reference', skill_id: 'sk_1' }],
      },
    },
  ],
  apply_patch: [{ type: 'apply_patch' }],
  programmatic_tool_calling: [{ type: 'programmatic_tool_calling' }],
} satisfies Variants<Tool['type']>;
