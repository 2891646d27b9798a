import { CACHE_CONTROL, CALL_ID, choice, FLAG, NUMBER, SEALED, TEXT, TOOL_NAME } from './anthropic-shapes.ts';
import { createSource } from './anthropic-source.ts';
import { FREE, matching, oneOf, orNull, record, type Shape } from './shape.ts';

const CITATION = record({
  type: choice(
    'char_location',
    'page_location',
    'content_block_location',
    'search_result_location',
    'web_search_result_location',
  ),
  cited_text: TEXT,
  document_title: TEXT,
  title: TEXT,
  source: TEXT,
  url: TEXT,
  encrypted_index: SEALED,
  file_id: CALL_ID,
  document_index: NUMBER,
  search_result_index: NUMBER,
  start_char_index: NUMBER,
  end_char_index: NUMBER,
  start_page_number: NUMBER,
  end_page_number: NUMBER,
  start_block_index: NUMBER,
  end_block_index: NUMBER,
});
/** What a block cites; on a document, whether the answer may cite it. */
const CITATIONS: Shape = { array: CITATION, null: true, ...record({ enabled: FLAG }) };

const ERROR_CODE: Shape = { string: matching(/^[a-z_]{1,64}$/), null: true };
const TOOL_REFERENCE = record({
  type: choice('tool_reference'),
  tool_name: TOOL_NAME,
  cache_control: CACHE_CONTROL,
});
const CALLER = record({ type: { string: matching(/^[a-z][a-z0-9_]{0,63}$/) }, tool_id: CALL_ID });
const TAB = record({ tab_id: CALL_ID, title: TEXT, url: TEXT, active: FLAG });
const STATE_CHANGE = record({
  type: choice('tab_opened', 'download_started', 'download_completed', 'download_failed'),
  tab_id: CALL_ID,
  download_id: CALL_ID,
  url: TEXT,
  path: TEXT,
  error: TEXT,
  size_bytes: NUMBER,
});

const BLOCK_TYPES = [
  ...['text', 'image', 'document', 'search_result', 'thinking', 'redacted_thinking', 'container_upload'],
  ...['tool_use', 'tool_result', 'tool_reference', 'browser_state', 'server_tool_use'],
  ...['web_search_tool_result', 'web_search_result', 'web_fetch_tool_result', 'code_execution_tool_result'],
  ...['bash_code_execution_tool_result', 'text_editor_code_execution_tool_result', 'tool_search_tool_result'],
];
const RESULT_TYPES = [
  ...['web_search_tool_result_error', 'web_fetch_result', 'web_fetch_tool_result_error'],
  ...['code_execution_result', 'code_execution_tool_result_error', 'encrypted_code_execution_result'],
  ...['bash_code_execution_result', 'bash_code_execution_tool_result_error'],
  ...['text_editor_code_execution_view_result', 'text_editor_code_execution_create_result'],
  ...['text_editor_code_execution_str_replace_result', 'text_editor_code_execution_tool_result_error'],
  ...['tool_search_tool_search_result', 'tool_search_tool_result_error'],
];

/** Content: a string, or blocks. Blocks hold content in turn. */
export const CONTENT: Shape = createContent();

function createContent(): Shape {
  const block = new Map<string, Shape>();
  const result = new Map<string, Shape>();
  const blocks: Shape = { object: { keys: block, required: ['type'] } };
  const content: Shape = { string: 'prose', null: true, array: blocks };
  const source = createSource(content);
  for (const [key, shape] of Object.entries(blockMembers(content, source, result))) block.set(key, shape);
  for (const [key, shape] of Object.entries(resultMembers(blocks))) result.set(key, shape);
  return content;
}

function blockMembers(
  content: Shape,
  source: Shape,
  result: ReadonlyMap<string, Shape>,
): Readonly<Record<string, Shape>> {
  return {
    type: { string: oneOf(...BLOCK_TYPES) },
    text: { string: 'prose' },
    cache_control: CACHE_CONTROL,
    citations: CITATIONS,
    // Documents and search results; a search result's source is a text.
    source: { ...source, string: 'text' },
    title: TEXT,
    context: TEXT,
    transformations: orNull(record({ oversized_image: choice('downsize', 'error') })),
    file_id: { string: 'attachment' },
    thinking: TEXT,
    signature: SEALED,
    data: SEALED,
    id: CALL_ID,
    name: TOOL_NAME,
    // An object; some runners give the JSON text that the model wrote.
    input: { ...FREE, string: 'json' },
    caller: CALLER,
    toolset_name: TOOL_NAME,
    tool_use_id: CALL_ID,
    content: { ...content, object: { keys: result, required: ['type'] } },
    is_error: FLAG,
    tool_name: TOOL_NAME,
    tabs: { array: TAB },
    state_changes: { array: STATE_CHANGE, null: true },
    url: TEXT,
    page_age: TEXT,
    encrypted_content: SEALED,
  };
}

/** What the vendor's own tools answered, sent back. */
function resultMembers(block: Shape): Readonly<Record<string, Shape>> {
  const output = record({ type: { string: matching(/^[a-z_]{1,64}$/) }, file_id: CALL_ID });
  return {
    type: { string: oneOf(...RESULT_TYPES) },
    error_code: ERROR_CODE,
    error_message: TEXT,
    // A file's text, the names of files made, or the document fetched.
    content: { string: 'prose', array: output, ...block },
    url: TEXT,
    retrieved_at: TEXT,
    stdout: { string: 'prose' },
    stderr: { string: 'prose' },
    encrypted_stdout: SEALED,
    return_code: NUMBER,
    file_type: choice('text', 'image', 'pdf'),
    lines: { array: { string: 'text' }, null: true },
    is_file_update: FLAG,
    num_lines: NUMBER,
    start_line: NUMBER,
    total_lines: NUMBER,
    new_lines: NUMBER,
    new_start: NUMBER,
    old_lines: NUMBER,
    old_start: NUMBER,
    tool_references: { array: TOOL_REFERENCE, null: true },
  };
}
