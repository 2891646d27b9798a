import { createChunkWriter } from './message-stream-to-chat.ts';
import { chatAnswer } from './message-answer-to-chat.ts';
import { toolChoiceOf, toolsOf } from './chat-tools.ts';
import { conversationOf } from './chat-conversation.ts';
import { array, type Json, member, type Node, object, type ObjectNode, string, textOf } from './json-tree.ts';
import { type Translated, type TranslationContext } from './translated.ts';
import { checkMembers, itemsOf, readRequest, untranslatable } from './untranslatable.ts';

/** Anthropic's API wants a limit. An answer that meets it says so (`finish_reason: length`). */
const DEFAULT_MAX_TOKENS = '4096';

const TRANSLATED = [
  ...[
    'model',
    'messages',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'max_tokens',
    'max_completion_tokens',
  ],
  ...['temperature', 'top_p', 'top_k', 'stop', 'stream', 'stream_options', 'user', 'safety_identifier'],
  ...['response_format', 'reasoning_effort', 'service_tier'],
];
/** They change what an answer costs and how it is cut on the wire, not what it says. */
const HINTS = ['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention'];
/** Settings that are fine as long as they ask for nothing: JSON text of the values that do. */
const NEUTRAL: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['n', new Set(['1'])],
  ['store', new Set(['false'])],
  ['logprobs', new Set(['false'])],
  ['top_logprobs', new Set(['0'])],
  ['frequency_penalty', new Set(['0', '0.0'])],
  ['presence_penalty', new Set(['0', '0.0'])],
  ['logit_bias', new Set(['{}'])],
  ['metadata', new Set(['{}'])],
  ['modalities', new Set(['["text"]'])],
  ['verbosity', new Set(['"medium"'])],
]);
const KNOWN: ReadonlySet<string> = new Set([...TRANSLATED, ...HINTS, ...NEUTRAL.keys()]);

/** An OpenAI chat completion request as a request for Anthropic's messages. Throws `untranslatable`. */
export function chatToMessages(source: string, { model, nowS }: TranslationContext): Translated {
  const request = readRequest(source);
  checkMembers(request, KNOWN, '');
  for (const [name, values] of NEUTRAL) checkNeutral(request, name, values);
  const { system, messages } = conversationOf(itemsOf(member(request, 'messages'), '/messages'));
  const tools = toolsOf(member(request, 'tools'));
  const body = object({
    model: string(model),
    max_tokens: maxTokensOf(request),
    system,
    messages,
    tools,
    tool_choice: toolChoiceOf(request, tools !== undefined),
    temperature: temperatureOf(request),
    top_p: member(request, 'top_p')?.source,
    top_k: member(request, 'top_k')?.source,
    stop_sequences: stopOf(member(request, 'stop')),
    stream: member(request, 'stream')?.source,
    metadata: userOf(request),
    ...effortOf(request),
    service_tier: tierOf(member(request, 'service_tier')),
  });
  const includeUsage = readStreamOptions(member(request, 'stream_options'));
  return {
    path: '/messages',
    body,
    answer: (answer) => chatAnswer(answer, nowS),
    stream: () => createChunkWriter({ nowS, includeUsage }),
  };
}

function checkNeutral(request: ObjectNode, name: string, values: ReadonlySet<string>): void {
  const given = member(request, name);
  if (given === undefined || values.has(given.source.replaceAll(/\s/g, ''))) return;
  throw untranslatable(`/${name}`, name === 'n' ? 'more than one answer' : 'this setting');
}

function maxTokensOf(request: ObjectNode): Json {
  const now = member(request, 'max_completion_tokens');
  const before = member(request, 'max_tokens');
  if (now !== undefined && before !== undefined && now.source !== before.source) {
    throw untranslatable('/max_tokens', 'two different limits');
  }
  return (now ?? before)?.source ?? DEFAULT_MAX_TOKENS;
}

function temperatureOf(request: ObjectNode): Json | undefined {
  const given = member(request, 'temperature');
  if (given !== undefined && Number(given.source) > 1) {
    throw untranslatable('/temperature', 'a temperature above 1');
  }
  return given?.source;
}

function stopOf(stop: Node | undefined): Json | undefined {
  return stop?.kind === 'string' ? array([stop.source]) : stop?.source;
}

function readStreamOptions(options: Node | undefined): boolean {
  if (options === undefined) return false;
  // Padding against those who count bytes on the wire is the server's own affair.
  checkMembers(options, new Set(['include_usage', 'include_obfuscation']), '/stream_options');
  const usage = member(options, 'include_usage');
  return usage?.kind === 'boolean' && usage.value;
}

/** Both are keyed pseudonyms by now; the newer name wins. */
function userOf(request: ObjectNode): Json | undefined {
  const user = member(request, 'safety_identifier') ?? member(request, 'user');
  return user === undefined ? undefined : object({ user_id: user.source });
}

function effortOf(request: ObjectNode): Readonly<Record<string, Json | undefined>> {
  const effort = member(request, 'reasoning_effort');
  const format = formatOf(member(request, 'response_format'));
  const level = textOf(effort);
  if (level === 'minimal') throw untranslatable('/reasoning_effort', 'minimal effort');
  const thinks = level !== undefined && level !== 'none';
  return {
    thinking: level === 'none' ? object({ type: string('disabled') }) : undefined,
    output_config:
      thinks || format !== undefined
        ? object({ effort: thinks ? effort?.source : undefined, format })
        : undefined,
  };
}

/** The schema is kept to, as `strict` would have it. Its name is a label that only one of the two vendors has. */
function formatOf(format: Node | undefined): Json | undefined {
  const type = textOf(member(format, 'type'));
  if (format === undefined || type === 'text') return undefined;
  if (type !== 'json_schema') throw untranslatable('/response_format/type', 'JSON without a schema');
  checkMembers(format, new Set(['type', 'json_schema']), '/response_format');
  const asked = member(format, 'json_schema');
  const schema = member(asked, 'schema');
  if (asked === undefined || schema === undefined) {
    throw untranslatable('/response_format/json_schema', 'JSON without a schema');
  }
  checkMembers(asked, new Set(['name', 'schema', 'strict']), '/response_format/json_schema');
  return object({ type: string('json_schema'), schema: schema.source });
}

function tierOf(tier: Node | undefined): Json | undefined {
  const name = textOf(tier);
  if (name === undefined || name === 'auto') return undefined;
  if (name === 'default') return string('standard_only');
  throw untranslatable('/service_tier', 'this tier');
}
