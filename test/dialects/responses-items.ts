import { type ResponseInputItem } from 'openai/resources/responses/responses';
import { SCHEMA, SEALED, type Variants, WHO } from './responses-tools.ts';

type ItemType = NonNullable<Exclude<ResponseInputItem, { type?: 'item_reference' | null }>['type']>;

const caller = { type: 'program', caller_id: 'prog_1' };

/** Every type of input item (the compiler says if one is missing) in every form that is text. */
export const ITEMS = {
  message: [
    {
      type: 'message',
      role: 'user',
      status: 'completed',
      content: [
        { type: 'input_text', text: `I am ${WHO}`, prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_text', text: `{"n": "${WHO}"}` },
      ],
    },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      phase: 'final_answer',
      content: [
        {
          type: 'output_text',
          text: `Hello ${WHO}`,
          logprobs: [],
          parsed: { name: WHO },
          annotations: [
            { type: 'file_citation', file_id: 'file-1', filename: `${WHO}.txt`, index: 1 },
            {
              type: 'url_citation',
              start_index: 0,
              end_index: 1,
              title: WHO,
              url: `https://x.example/${WHO}`,
            },
            {
              type: 'container_file_citation',
              container_id: 'cntr_1',
              file_id: 'file-1',
              filename: WHO,
              start_index: 0,
              end_index: 1,
            },
            { type: 'file_path', file_id: 'file-1', index: 0 },
          ],
        },
        { type: 'refusal', refusal: `Not ${WHO}` },
      ],
    },
  ],
  reasoning: [
    {
      type: 'reasoning',
      id: 'rs_1',
      status: 'completed',
      summary: [{ type: 'summary_text', text: `About ${WHO}` }],
      content: [{ type: 'reasoning_text', text: `Who is ${WHO}?` }],
      encrypted_content: SEALED,
    },
  ],
  function_call: [
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'send',
      namespace: 'crm',
      caller,
      status: 'completed',
      arguments: `{"to": "${WHO}", "n": 1.0}`,
      parsed_arguments: { to: WHO },
    },
  ],
  function_call_output: [
    { type: 'function_call_output', call_id: 'call_1', output: `Sent to ${WHO}`, caller: { type: 'direct' } },
    { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: WHO }] },
  ],
  custom_tool_call: [{ type: 'custom_tool_call', call_id: 'c2', name: 'run', input: `print ${WHO}` }],
  custom_tool_call_output: [
    { type: 'custom_tool_call_output', call_id: 'c2', output: WHO },
    { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: WHO }] },
  ],
  tool_search_call: [
    {
      type: 'tool_search_call',
      call_id: null,
      execution: 'server',
      status: 'completed',
      arguments: { q: WHO },
    },
  ],
  tool_search_output: [
    {
      type: 'tool_search_output',
      execution: 'client',
      tools: [{ type: 'function', name: 'f', description: WHO, parameters: SCHEMA, strict: true }],
    },
  ],
  additional_tools: [
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'custom', name: 'f', description: WHO }] },
  ],
  file_search_call: [
    {
      type: 'file_search_call',
      id: 'fs_1',
      status: 'completed',
      queries: [WHO],
      results: [{ attributes: { who: WHO, n: 1 }, file_id: 'f', filename: WHO, score: 0.5, text: WHO }],
    },
  ],
  web_search_call: [
    {
      type: 'web_search_call',
      id: 'ws_1',
      status: 'completed',
      action: { type: 'search', query: WHO, queries: [WHO], sources: [{ type: 'url', url: WHO }] },
    },
    { type: 'web_search_call', id: 'ws_2', status: 'completed', action: { type: 'open_page', url: WHO } },
    {
      type: 'web_search_call',
      id: 'ws_3',
      status: 'completed',
      action: { type: 'find_in_page', url: WHO, pattern: WHO },
    },
  ],
  computer_call: [
    {
      type: 'computer_call',
      id: 'cc',
      call_id: 'c',
      status: 'completed',
      pending_safety_checks: [{ id: 's', code: 'x', message: WHO }],
      action: { type: 'type', text: WHO },
      actions: [
        { type: 'click', button: 'left', x: 1, y: 2 },
        { type: 'drag', path: [{ x: 1, y: 2 }] },
        { type: 'keypress', keys: [WHO] },
        { type: 'scroll', x: 1, y: 1, scroll_x: 0, scroll_y: 1 },
        { type: 'wait' },
      ],
    },
  ],
  computer_call_output: [
    {
      type: 'computer_call_output',
      call_id: 'c',
      output: { type: 'computer_screenshot' },
      acknowledged_safety_checks: [{ id: 's', message: WHO }],
    },
  ],
  code_interpreter_call: [
    {
      type: 'code_interpreter_call',
      id: 'ci',
      status: 'completed',
      container_id: 'cntr_1',
      code: `print("${WHO}")`,
      outputs: [{ type: 'logs', logs: WHO }],
    },
  ],
  image_generation_call: [{ type: 'image_generation_call', id: 'ig', status: 'completed', result: null }],
  local_shell_call: [
    {
      type: 'local_shell_call',
      id: 'ls',
      call_id: 'c',
      status: 'completed',
      action: {
        type: 'exec',
        command: ['echo', WHO],
        env: { NAME: WHO },
        timeout_ms: 1,
        user: WHO,
        working_directory: `/home/${WHO}`,
      },
    },
  ],
  local_shell_call_output: [{ type: 'local_shell_call_output', id: 'ls', output: WHO }],
  shell_call: [
    {
      type: 'shell_call',
      call_id: 'c',
      action: { commands: [WHO], max_output_length: 1, timeout_ms: 1 },
      environment: { type: 'local', skills: [{ name: WHO, description: WHO, path: WHO }] },
    },
  ],
  shell_call_output: [
    {
      type: 'shell_call_output',
      call_id: 'c',
      output: [
        { outcome: { type: 'exit', exit_code: 0 }, stdout: WHO, stderr: WHO },
        { outcome: { type: 'timeout' }, stdout: '', stderr: '' },
      ],
    },
  ],
  apply_patch_call: [
    {
      type: 'apply_patch_call',
      call_id: 'c',
      status: 'completed',
      operation: { type: 'update_file', path: WHO, diff: WHO },
    },
    {
      type: 'apply_patch_call',
      call_id: 'c',
      status: 'completed',
      operation: { type: 'delete_file', path: WHO },
    },
  ],
  apply_patch_call_output: [
    { type: 'apply_patch_call_output', call_id: 'c', status: 'completed', output: WHO },
  ],
  mcp_list_tools: [
    {
      type: 'mcp_list_tools',
      id: 'm',
      server_label: 'crm',
      error: WHO,
      tools: [{ name: 'f', description: WHO, input_schema: SCHEMA, annotations: { title: WHO } }],
    },
  ],
  mcp_approval_request: [
    { type: 'mcp_approval_request', id: 'm', server_label: 'crm', name: 'f', arguments: `{"a":"${WHO}"}` },
  ],
  mcp_approval_response: [
    { type: 'mcp_approval_response', approval_request_id: 'm', approve: true, reason: WHO },
  ],
  mcp_call: [
    {
      type: 'mcp_call',
      id: 'm',
      server_label: 'crm',
      name: 'f',
      status: 'completed',
      arguments: `{"a":"${WHO}"}`,
      output: WHO,
      error: WHO,
      approval_request_id: null,
    },
  ],
  compaction: [{ type: 'compaction', id: 'cmp', encrypted_content: SEALED }],
  compaction_trigger: [{ type: 'compaction_trigger' }],
  program: [{ type: 'program', id: 'p', call_id: 'c', code: WHO, fingerprint: 'fp1' }],
  program_output: [{ type: 'program_output', id: 'p', call_id: 'c', result: WHO, status: 'completed' }],
} satisfies Variants<ItemType>;
