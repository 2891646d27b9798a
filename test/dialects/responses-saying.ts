import { type ResponseOutputItem } from 'openai/resources/responses/responses';
import { responseOf } from './recorded-responses.ts';
import { type EventType } from './responses-requests.ts';

/** Every type of output item (the compiler says if one is missing), saying `text` wherever it can. */
function itemsSaying(text: string): Record<ResponseOutputItem['type'], object> {
  const json = JSON.stringify({ a: text });
  return {
    message: {
      content: [
        { type: 'output_text', text, annotations: [{ type: 'url_citation', title: text, url: text }] },
        { type: 'refusal', refusal: text },
      ],
    },
    reasoning: {
      summary: [{ type: 'summary_text', text }],
      content: [{ type: 'reasoning_text', text }],
      encrypted_content: 'PERSON_1',
    },
    function_call: { call_id: 'PERSON_1', name: 'PERSON_1', arguments: json },
    function_call_output: { output: [{ type: 'input_text', text }] },
    custom_tool_call: { name: 'PERSON_1', input: text },
    custom_tool_call_output: { output: text },
    tool_search_call: { arguments: { name: text, deep: [text] } },
    tool_search_output: { tools: [{ type: 'function', description: text }] },
    additional_tools: { tools: [{ type: 'function', description: text }] },
    file_search_call: { queries: [text], results: [{ filename: text, text, attributes: { a: text } }] },
    web_search_call: { action: { type: 'search', query: text, sources: [{ type: 'url', url: text }] } },
    computer_call: { action: { type: 'type', text }, pending_safety_checks: [{ id: 'x', message: text }] },
    computer_call_output: { acknowledged_safety_checks: [{ message: text }] },
    code_interpreter_call: { code: text, outputs: [{ type: 'logs', logs: text }] },
    image_generation_call: { result: 'AAAA' },
    local_shell_call: { action: { command: [text], env: { A: text }, working_directory: text } },
    local_shell_call_output: { output: text },
    shell_call: { action: { commands: [text] } },
    shell_call_output: { output: [{ stdout: text, stderr: text }] },
    apply_patch_call: { operation: { type: 'create_file', path: text, diff: text } },
    apply_patch_call_output: { output: text },
    mcp_list_tools: { error: text, tools: [{ name: 'f', description: text }] },
    mcp_approval_request: { arguments: json },
    mcp_approval_response: { reason: text },
    mcp_call: { arguments: json, output: text, error: text },
    compaction: { encrypted_content: 'PERSON_1' },
    program: { code: text, fingerprint: 'PERSON_1' },
    program_output: { result: text },
  };
}

export function itemList(text: string): object[] {
  return Object.entries(itemsSaying(text)).map(([type, members]) => ({ type, id: 'PERSON_1', ...members }));
}

/** Every type of event, with what it says beside its place. Deltas are tested with their streams. */
export function eventsSaying(text: string): Record<EventType, object> {
  const response = { response: responseOf(itemList(text)) };
  const json = JSON.stringify({ a: text });
  const summary = { part: { type: 'summary_text', text } };
  const part = { part: { type: 'output_text', text, annotations: [{ title: text }] } };
  return {
    'response.created': response,
    'response.queued': response,
    'response.in_progress': response,
    'response.completed': response,
    'response.incomplete': response,
    'response.failed': response,
    'response.output_item.added': { item: itemList(text)[0] },
    'response.output_item.done': { item: itemList(text)[0] },
    'response.content_part.added': part,
    'response.content_part.done': part,
    'response.output_text.delta': { delta: text },
    'response.output_text.done': { text },
    'response.output_text.annotation.added': { annotation: { type: 'url_citation', title: text, url: text } },
    'response.refusal.delta': { delta: text },
    'response.refusal.done': { refusal: text },
    'response.reasoning_text.delta': { delta: text },
    'response.reasoning_text.done': { text },
    'response.reasoning_summary_part.added': summary,
    'response.reasoning_summary_part.done': summary,
    'response.reasoning_summary_text.delta': { delta: text },
    'response.reasoning_summary_text.done': { text },
    'response.function_call_arguments.delta': { delta: json },
    'response.function_call_arguments.done': { name: 'PERSON_1', arguments: json },
    'response.custom_tool_call_input.delta': { delta: text },
    'response.custom_tool_call_input.done': { input: text },
    'response.mcp_call_arguments.delta': { delta: json },
    'response.mcp_call_arguments.done': { arguments: json },
    'response.code_interpreter_call_code.delta': { delta: text },
    'response.code_interpreter_call_code.done': { code: text },
    'response.audio.delta': { delta: 'PERSON_1' },
    'response.audio.done': {},
    'response.audio.transcript.delta': { delta: text },
    'response.audio.transcript.done': {},
    'response.image_generation_call.partial_image': { partial_image_b64: 'PERSON_1' },
    'response.image_generation_call.in_progress': {},
    'response.image_generation_call.generating': {},
    'response.image_generation_call.completed': {},
    'response.code_interpreter_call.in_progress': {},
    'response.code_interpreter_call.interpreting': {},
    'response.code_interpreter_call.completed': {},
    'response.file_search_call.in_progress': {},
    'response.file_search_call.searching': {},
    'response.file_search_call.completed': {},
    'response.web_search_call.in_progress': {},
    'response.web_search_call.searching': {},
    'response.web_search_call.completed': {},
    'response.mcp_call.in_progress': {},
    'response.mcp_call.completed': {},
    'response.mcp_call.failed': {},
    'response.mcp_list_tools.in_progress': {},
    'response.mcp_list_tools.completed': {},
    'response.mcp_list_tools.failed': {},
    error: { code: null, message: text, param: null },
  };
}
