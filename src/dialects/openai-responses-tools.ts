import { JSON_SCHEMA } from './json-schema.ts';
import {
  ATTACHMENT,
  BOOLEAN,
  CALLERS,
  choice,
  FIXED,
  FIXED_LIST,
  ID,
  BORROWED_ID,
  BORROWED_IDS,
  NAME,
  NAMES,
  NUMBER,
  OPAQUE,
  TEXT,
} from './openai-responses-parts.ts';
import { byType, FREE, mapOf, oneOf, orNull, record, type Shape } from './shape.ts';

const SCHEMA = orNull(JSON_SCHEMA);

const FUNCTION = {
  name: NAME,
  description: TEXT,
  parameters: SCHEMA,
  output_schema: SCHEMA,
  strict: BOOLEAN,
  allowed_callers: CALLERS,
  defer_loading: BOOLEAN,
};
const CUSTOM = {
  name: NAME,
  description: TEXT,
  format: byType({ text: {}, grammar: { definition: TEXT, syntax: choice('lark', 'regex') } }),
  allowed_callers: CALLERS,
  defer_loading: BOOLEAN,
};

/** Secrets that a container sends to hosts are nothing a recogniser could vouch for. */
const NETWORK_POLICY = byType({
  disabled: {},
  allowlist: {
    allowed_domains: FIXED_LIST,
    domain_secrets: { array: record({ domain: OPAQUE, name: OPAQUE, value: OPAQUE }), null: true },
  },
});
const MEMORY = choice('1g', '4g', '16g', '64g');
const SKILL = byType({
  skill_reference: { skill_id: ID, version: ID },
  inline: {
    name: TEXT,
    description: TEXT,
    source: record({ type: choice('base64'), media_type: FIXED, data: OPAQUE }),
  },
});
const CONTAINER = { file_ids: BORROWED_IDS, memory_limit: MEMORY, network_policy: NETWORK_POLICY };

/** Where shell commands run. */
export const ENVIRONMENT = orNull(
  byType({
    container_auto: { ...CONTAINER, skills: { array: SKILL } },
    container_reference: { container_id: BORROWED_ID },
    local: { skills: { array: record({ name: TEXT, description: TEXT, path: TEXT }) } },
  }),
);

const LOCATION = orNull(
  record({ type: choice('approximate'), city: TEXT, country: TEXT, region: TEXT, timezone: TEXT }),
);
const WEB_SEARCH = {
  search_context_size: choice('low', 'medium', 'high'),
  user_location: LOCATION,
};
const WEB_SEARCH_FILTERED = {
  ...WEB_SEARCH,
  filters: orNull(record({ allowed_domains: FIXED_LIST, blocked_domains: FIXED_LIST })),
};
const WEB_SEARCH_PREVIEW = {
  ...WEB_SEARCH,
  search_content_types: { array: choice('text', 'image'), null: true } as Shape,
};

const TOOL_FILTER = record({ read_only: BOOLEAN, tool_names: NAMES });
/** A server that the runner calls. Its credentials are refused: what they open is beyond what Cordon can see. */
const MCP = {
  server_label: NAME,
  server_url: FIXED,
  server_description: TEXT,
  connector_id: ID,
  tunnel_id: ID,
  headers: orNull(mapOf(OPAQUE)),
  authorization: OPAQUE,
  allowed_tools: { ...NAMES, ...TOOL_FILTER },
  require_approval: {
    string: oneOf('always', 'never'),
    null: true,
    ...record({ always: TOOL_FILTER, never: TOOL_FILTER }),
  } as Shape,
  allowed_callers: CALLERS,
  defer_loading: BOOLEAN,
};

const WORD: Shape = FIXED;

/** A tool, by its type (OpenAI API reference, `Tool`). */
export const TOOL = byType({
  function: FUNCTION,
  custom: CUSTOM,
  namespace: {
    name: NAME,
    description: TEXT,
    tools: { array: byType({ function: FUNCTION, custom: CUSTOM }) },
  },
  tool_search: { description: TEXT, execution: choice('server', 'client'), parameters: SCHEMA },
  file_search: {
    vector_store_ids: BORROWED_IDS,
    filters: FREE,
    max_num_results: NUMBER,
    ranking_options: record({
      ranker: ID,
      score_threshold: NUMBER,
      hybrid_search: record({ embedding_weight: NUMBER, text_weight: NUMBER }),
    }),
  },
  web_search: WEB_SEARCH_FILTERED,
  web_search_2025_08_26: WEB_SEARCH_FILTERED,
  web_search_preview: WEB_SEARCH_PREVIEW,
  web_search_preview_2025_03_11: WEB_SEARCH_PREVIEW,
  computer: {},
  computer_use_preview: {
    display_height: NUMBER,
    display_width: NUMBER,
    environment: choice('windows', 'mac', 'linux', 'ubuntu', 'browser'),
  },
  code_interpreter: {
    container: { ...BORROWED_ID, ...byType({ auto: CONTAINER }) },
    allowed_callers: CALLERS,
  },
  image_generation: {
    action: WORD,
    background: WORD,
    input_fidelity: WORD,
    input_image_mask: orNull(record({ image_url: ATTACHMENT, file_id: ATTACHMENT })),
    model: ID,
    moderation: WORD,
    output_compression: NUMBER,
    output_format: WORD,
    partial_images: NUMBER,
    quality: WORD,
    size: WORD,
  },
  mcp: MCP,
  local_shell: {},
  shell: { environment: ENVIRONMENT, allowed_callers: CALLERS },
  apply_patch: { allowed_callers: CALLERS },
  programmatic_tool_calling: {},
});

const BUILT_IN = [
  ...['file_search', 'web_search', 'web_search_2025_08_26', 'web_search_preview'],
  ...['web_search_preview_2025_03_11', 'computer', 'computer_use_preview', 'computer_use'],
  ...['image_generation', 'code_interpreter', 'local_shell', 'shell', 'apply_patch'],
  'programmatic_tool_calling',
];
const TOOL_REFERENCE = {
  ...Object.fromEntries(BUILT_IN.map((type) => [type, {}])),
  function: { name: NAME },
  custom: { name: NAME },
  namespace: { name: NAME },
  mcp: { server_label: NAME, name: NAME },
};

export const TOOL_CHOICE: Shape = {
  string: oneOf('none', 'auto', 'required'),
  null: true,
  ...byType({
    ...TOOL_REFERENCE,
    allowed_tools: { mode: choice('auto', 'required'), tools: { array: byType(TOOL_REFERENCE) } },
  }),
};
