import { JsonSourceError } from '../dialects/json-source.ts';
import { ANSWER_JSON, upstreamInvalid } from '../dialects/answer-source.ts';
import { array, type Json, member, type Node, object, readTree, string, textOf } from './json-tree.ts';
import { textIn } from './message-answer-to-chat.ts';
import { stopReasonOf } from './reasons.ts';
import { readAnswerTree } from './untranslatable.ts';
import { chatTokens, messageUsage } from './usage.ts';

/** A chat completion as Anthropic's message. Throws `upstream_invalid`. */
export function messageAnswer(source: string): string {
  const answer = readAnswerTree(source);
  const choices = member(answer, 'choices');
  const [choice, ...others] = choices?.kind === 'array' ? choices.items : [];
  const said = member(choice, 'message');
  if (said?.kind !== 'object' || others.length > 0) throw upstreamInvalid('the answer has not one choice');
  const calls = callsIn(said);
  const refusal = textOf(member(said, 'refusal')) ?? '';
  const thought = thoughtIn(said);
  const blocks = [
    ...(thought === ''
      ? []
      : [object({ type: string('thinking'), thinking: string(thought), signature: '""' })]),
    ...[contentIn(said), refusal]
      .filter((text) => text !== '')
      .map((text) => object({ type: string('text'), text: string(text) })),
    ...calls.map(toolUseOf),
  ];
  const finish = textOf(member(choice, 'finish_reason'));
  return object({
    id: string(textIn(answer, 'id')),
    type: string('message'),
    role: string('assistant'),
    model: string(textIn(answer, 'model')),
    content: array(blocks),
    stop_reason: string(stopReasonOf(finish, { calls: calls.length > 0, refuses: refusal !== '' })),
    stop_sequence: 'null',
    usage: messageUsage(chatTokens(member(answer, 'usage'))),
  });
}

/** A string, or parts of text: there are runners that answer in parts. */
export function contentIn(said: Node): string {
  const content = member(said, 'content');
  if (content === undefined) return '';
  if (content.kind === 'string') return content.value;
  if (content.kind !== 'array') throw upstreamInvalid('the content is no text');
  return content.items.map((part) => textIn(part, 'text')).join('');
}

/** Under the names that runners give it. */
export function thoughtIn(said: Node): string {
  return textOf(member(said, 'reasoning_content') ?? member(said, 'reasoning')) ?? '';
}

export function callsIn(said: Node): readonly Node[] {
  const calls = member(said, 'tool_calls');
  if (calls === undefined) return [];
  if (calls.kind !== 'array') throw upstreamInvalid('the tool calls are no list');
  return calls.items;
}

function toolUseOf(call: Node): Json {
  const called = member(call, 'function');
  return object({
    type: string('tool_use'),
    id: string(textIn(call, 'id')),
    name: string(textIn(called, 'name')),
    input: inputOf(textOf(member(called, 'arguments')) ?? ''),
  });
}

/** The arguments as they were written; a client of this kind cannot be given half an object. */
function inputOf(source: string): Json {
  if (source.trim() === '') return '{}';
  try {
    const node = readTree(source, ANSWER_JSON);
    if (node.kind === 'object') return node.source;
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
  }
  throw upstreamInvalid('the arguments of a tool are no JSON object');
}
