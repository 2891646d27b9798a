import { JSON_SCHEMA } from './json-schema.ts';
import {
  BORROWED_ID,
  ATTACHMENT,
  BOOLEAN,
  CALLER,
  choice,
  FIXED,
  ID,
  IDENTIFIER,
  INPUT_PART,
  MESSAGE_PART,
  NAME,
  NUMBER,
  PROSE,
  STATUS,
  TEXT,
  TEXTS,
} from './openai-responses-parts.ts';
import { ENVIRONMENT, TOOL } from './openai-responses-tools.ts';
import { byType, FREE, mapOf, oneOf, orNull, record, type Shape } from './shape.ts';

/**
 * What the vendor encrypted for itself and wants back byte for byte: nobody here can read it. No plain text has its
 * length and letters, and no card's number stands in it.
 */
function isSealed(value: string): boolean {
  return value === '' || (/^[\w+/-]{64,}={0,2}$/.test(value) && !/\d{12}/.test(value));
}
const ENCRYPTED: Shape = { string: { allows: isSealed, otherwise: 'refuse', chosen: false }, null: true };

const MESSAGE = {
  role: { string: oneOf('user', 'assistant', 'system', 'developer') },
  content: { string: 'prose', array: MESSAGE_PART },
  phase: choice('commentary', 'final_answer'),
} as const;
const ITEM = { id: ID, status: STATUS, created_by: IDENTIFIER };
const CALL = { ...ITEM, call_id: ID, caller: CALLER };
const OUTPUT: Shape = { string: 'prose', null: true, array: INPUT_PART };
const ARGUMENTS: Shape = { string: 'json', null: true };

const SAFETY_CHECKS: Shape = { array: record({ id: ID, code: ID, message: TEXT }), null: true };
const POINT = { x: NUMBER, y: NUMBER, keys: TEXTS };
const COMPUTER_ACTION = byType({
  click: { ...POINT, button: choice('left', 'right', 'wheel', 'back', 'forward') },
  double_click: POINT,
  drag: { path: { array: record({ x: NUMBER, y: NUMBER }) }, keys: TEXTS },
  keypress: { keys: TEXTS },
  move: POINT,
  screenshot: {},
  scroll: { ...POINT, scroll_x: NUMBER, scroll_y: NUMBER },
  type: { text: TEXT },
  wait: {},
});
const SEARCH_ACTION = byType({
  search: { query: TEXT, queries: TEXTS, sources: { array: byType({ url: { url: TEXT } }), null: true } },
  open_page: { url: TEXT },
  find_in_page: { url: TEXT, pattern: TEXT },
});
const SHELL_OUTPUT = record({
  outcome: byType({ timeout: {}, exit: { exit_code: NUMBER } }),
  stdout: PROSE,
  stderr: PROSE,
  created_by: IDENTIFIER,
});
const EXECUTION = choice('server', 'client');

/**
 * An item of the input, by its type (OpenAI API reference, `ResponseInputItem`): what a caller says, what tools
 * answer, and what an earlier answer said. An item without a type is a message or a reference.
 */
export const INPUT_ITEM = byType(
  {
    message: { ...ITEM, ...MESSAGE },
    item_reference: { id: ID },
    reasoning: {
      ...ITEM,
      summary: { array: byType({ summary_text: { text: TEXT } }), null: true },
      content: { array: byType({ reasoning_text: { text: TEXT } }), null: true },
      encrypted_content: ENCRYPTED,
    },
    function_call: { ...CALL, name: NAME, namespace: NAME, arguments: ARGUMENTS, parsed_arguments: FREE },
    function_call_output: { ...CALL, output: OUTPUT },
    custom_tool_call: { ...CALL, name: NAME, namespace: NAME, input: TEXT },
    custom_tool_call_output: { ...CALL, output: OUTPUT },
    tool_search_call: { ...ITEM, call_id: ID, execution: EXECUTION, arguments: FREE },
    tool_search_output: { ...ITEM, call_id: ID, execution: EXECUTION, tools: { array: TOOL } },
    additional_tools: { ...ITEM, role: ID, tools: { array: TOOL } },
    file_search_call: {
      ...ITEM,
      queries: TEXTS,
      results: {
        array: record({ attributes: FREE, file_id: ID, filename: TEXT, score: NUMBER, text: PROSE }),
        null: true,
      },
    },
    web_search_call: { ...ITEM, action: SEARCH_ACTION },
    computer_call: {
      ...ITEM,
      call_id: ID,
      action: COMPUTER_ACTION,
      actions: { array: COMPUTER_ACTION, null: true },
      pending_safety_checks: SAFETY_CHECKS,
    },
    computer_call_output: {
      ...ITEM,
      call_id: ID,
      output: byType({ computer_screenshot: { image_url: ATTACHMENT, file_id: ATTACHMENT } }),
      acknowledged_safety_checks: SAFETY_CHECKS,
    },
    code_interpreter_call: {
      ...ITEM,
      code: TEXT,
      container_id: BORROWED_ID,
      outputs: { array: byType({ logs: { logs: PROSE }, image: { url: ATTACHMENT } }), null: true },
    },
    image_generation_call: { ...ITEM, result: ATTACHMENT },
    local_shell_call: {
      ...ITEM,
      call_id: ID,
      action: byType({
        exec: {
          command: TEXTS,
          env: orNull(mapOf({ string: 'text' })),
          timeout_ms: NUMBER,
          user: TEXT,
          working_directory: TEXT,
        },
      }),
    },
    local_shell_call_output: { ...ITEM, call_id: ID, output: PROSE },
    shell_call: {
      ...CALL,
      action: record({ commands: TEXTS, max_output_length: NUMBER, timeout_ms: NUMBER }),
      environment: ENVIRONMENT,
    },
    shell_call_output: { ...CALL, max_output_length: NUMBER, output: { array: SHELL_OUTPUT } },
    apply_patch_call: {
      ...CALL,
      operation: byType({
        create_file: { path: TEXT, diff: TEXT },
        update_file: { path: TEXT, diff: TEXT },
        delete_file: { path: TEXT },
      }),
    },
    apply_patch_call_output: { ...CALL, output: PROSE },
    mcp_list_tools: {
      ...ITEM,
      server_label: NAME,
      error: TEXT,
      tools: {
        array: record({
          name: NAME,
          description: TEXT,
          input_schema: orNull(JSON_SCHEMA),
          annotations: FREE,
        }),
      },
    },
    mcp_approval_request: { ...ITEM, server_label: NAME, name: NAME, arguments: ARGUMENTS },
    mcp_approval_response: { ...ITEM, approval_request_id: ID, approve: BOOLEAN, reason: TEXT },
    mcp_call: {
      ...ITEM,
      server_label: NAME,
      name: NAME,
      arguments: ARGUMENTS,
      approval_request_id: ID,
      output: PROSE,
      error: TEXT,
    },
    compaction: { ...ITEM, encrypted_content: ENCRYPTED },
    compaction_trigger: {},
    program: { ...ITEM, call_id: ID, code: TEXT, fingerprint: FIXED },
    program_output: { ...ITEM, call_id: ID, result: PROSE },
  },
  { ...ITEM, ...MESSAGE },
);
