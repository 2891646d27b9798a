import { messageAnswer } from './chat-answer-to-message.ts';
import { createEventWriter } from './chat-stream-to-message.ts';
import { array, type Json, member, type Node, object, type ObjectNode, string, textOf } from './json-tree.ts';
import { chatMessagesOf } from './message-conversation.ts';
import { type Translated, type TranslationContext } from './translated.ts';
import { checkMembers, itemsOf, readRequest, untranslatable } from './untranslatable.ts';

const TRANSLATED = [
  ...['model', 'messages', 'system', 'tools', 'tool_choice', 'max_tokens', 'temperature', 'top_p', 'top_k'],
  ...['stop_sequences', 'stream', 'metadata', 'output_config', 'output_format', 'thinking', 'service_tier'],
];
/** Caching changes what an answer costs, not what it says. */
const HINTS = ['cache_control'];
const KNOWN: ReadonlySet<string> = new Set([...TRANSLATED, ...HINTS, 'speed']);
const TOOL: ReadonlySet<string> = new Set([
  ...['type', 'name', 'description', 'input_schema', 'strict', 'cache_control', 'eager_input_streaming'],
]);

/**
 * A request for Anthropic's messages as an OpenAI chat completion request. `max_completion_tokens` is OpenAI's own name
 * for the limit; it deprecates `max_tokens`. Throws `untranslatable`.
 */
export function messagesToChat(source: string, { model }: TranslationContext): Translated {
  const request = readRequest(source);
  checkMembers(request, KNOWN, '');
  if ((textOf(member(request, 'speed')) ?? 'standard') !== 'standard') {
    throw untranslatable('/speed', 'this speed');
  }
  checkThinking(member(request, 'thinking'));
  const stream = member(request, 'stream');
  const streams = stream?.kind === 'boolean' && stream.value;
  const tools = toolsOf(member(request, 'tools'));
  const body = object({
    model: string(model),
    messages: array(
      chatMessagesOf(member(request, 'system'), itemsOf(member(request, 'messages'), '/messages')),
    ),
    max_completion_tokens: member(request, 'max_tokens')?.source,
    tools,
    ...toolChoiceOf(member(request, 'tool_choice')),
    temperature: member(request, 'temperature')?.source,
    top_p: member(request, 'top_p')?.source,
    top_k: member(request, 'top_k')?.source,
    stop: member(request, 'stop_sequences')?.source,
    stream: stream?.source,
    stream_options: streams ? object({ include_usage: 'true' }) : undefined,
    user: userOf(member(request, 'metadata')),
    ...outputOf(request),
    service_tier: textOf(member(request, 'service_tier')) === 'standard_only' ? string('default') : undefined,
  });
  return { path: '/chat/completions', body, answer: messageAnswer, stream: createEventWriter };
}

/** Adaptive thinking is the model's to choose; a budget of tokens has no counterpart. */
function checkThinking(thinking: Node | undefined): void {
  const type = textOf(member(thinking, 'type'));
  if (thinking === undefined || type === 'disabled' || type === 'adaptive') return;
  throw untranslatable('/thinking', 'a budget of tokens for thinking');
}

function toolsOf(tools: Node | undefined): Json | undefined {
  const items = itemsOf(tools, '/tools');
  if (items.length === 0) return undefined;
  return array(
    items.map((tool, i) => {
      const at = `/tools/${i}`;
      if ((textOf(member(tool, 'type')) ?? 'custom') !== 'custom') {
        throw untranslatable(`${at}/type`, "a tool of the vendor's own");
      }
      checkMembers(tool, TOOL, at);
      const called = object({
        name: member(tool, 'name')?.source,
        description: member(tool, 'description')?.source,
        parameters: member(tool, 'input_schema')?.source,
        strict: member(tool, 'strict')?.source,
      });
      return object({ type: string('function'), function: called });
    }),
  );
}

function toolChoiceOf(choice: Node | undefined): Readonly<Record<string, Json | undefined>> {
  if (choice === undefined) return {};
  const one = member(choice, 'disable_parallel_tool_use');
  const parallel = one?.kind === 'boolean' && one.value ? 'false' : undefined;
  switch (textOf(member(choice, 'type'))) {
    case 'auto':
      return { tool_choice: string('auto'), parallel_tool_calls: parallel };
    case 'any':
      return { tool_choice: string('required'), parallel_tool_calls: parallel };
    case 'none':
      return { tool_choice: string('none') };
    case 'tool': {
      const called = object({ name: member(choice, 'name')?.source });
      return {
        tool_choice: object({ type: string('function'), function: called }),
        parallel_tool_calls: parallel,
      };
    }
    default:
      throw untranslatable('/tool_choice', 'this choice of tools');
  }
}

function userOf(metadata: Node | undefined): Json | undefined {
  if (metadata === undefined) return undefined;
  checkMembers(metadata, new Set(['user_id']), '/metadata');
  return member(metadata, 'user_id')?.source;
}

function outputOf(request: ObjectNode): Readonly<Record<string, Json | undefined>> {
  const config = member(request, 'output_config');
  const format = member(config, 'format') ?? member(request, 'output_format');
  return {
    reasoning_effort: member(config, 'effort')?.source,
    response_format:
      format === undefined
        ? undefined
        : object({
            type: string('json_schema'),
            // OpenAI wants a name; this vendor has none.
            json_schema: object({
              name: string('answer'),
              schema: member(format, 'schema')?.source,
              strict: 'true',
            }),
          }),
  };
}
