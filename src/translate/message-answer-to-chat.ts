import { upstreamInvalid } from '../dialects/answer-source.ts';
import { array, type Json, member, type Node, object, string, textOf } from './json-tree.ts';
import { finishReasonOf } from './reasons.ts';
import { readAnswerTree } from './untranslatable.ts';
import { chatUsage, messageTokens, NO_TOKENS } from './usage.ts';

/** Anthropic's message as a chat completion. Throws `upstream_invalid`. */
export function chatAnswer(source: string, nowS: number): string {
  const answer = readAnswerTree(source);
  const content = member(answer, 'content');
  if (content?.kind !== 'array') throw upstreamInvalid('the answer has no content');
  const texts: string[] = [];
  const thoughts: string[] = [];
  const calls: Json[] = [];
  for (const block of content.items) {
    const type = textOf(member(block, 'type'));
    if (type === 'text') texts.push(textIn(block, 'text'));
    else if (type === 'thinking') thoughts.push(textIn(block, 'thinking'));
    else if (type === 'tool_use') calls.push(callOf(block));
    // What a vendor sealed for itself says nothing to a client of another.
    else if (type !== 'redacted_thinking') throw upstreamInvalid('a block of an unknown type');
  }
  const message = object({
    role: string('assistant'),
    content: texts.length === 0 ? 'null' : string(texts.join('')),
    refusal: 'null',
    reasoning_content: thoughts.length === 0 ? undefined : string(thoughts.join('')),
    tool_calls: calls.length === 0 ? undefined : array(calls),
  });
  const choice = object({
    index: '0',
    message,
    logprobs: 'null',
    finish_reason: string(finishReasonOf(textOf(member(answer, 'stop_reason')))),
  });
  return object({
    id: string(textIn(answer, 'id')),
    object: string('chat.completion'),
    created: String(nowS),
    model: string(textIn(answer, 'model')),
    choices: array([choice]),
    usage: chatUsage(messageTokens(member(answer, 'usage'), NO_TOKENS)),
  });
}

export function textIn(node: Node | undefined, name: string): string {
  const text = textOf(member(node, name));
  if (text === undefined) throw upstreamInvalid('a text is missing');
  return text;
}

function callOf(block: Node): Json {
  const called = object({
    name: string(textIn(block, 'name')),
    arguments: string(inputText(member(block, 'input'))),
  });
  return object({ id: string(textIn(block, 'id')), type: string('function'), function: called });
}

/** The input as it was written; some runners give the JSON text that the model wrote. */
export function inputText(input: Node | undefined): string {
  if (input === undefined) return '{}';
  if (input.kind === 'object') return input.source;
  if (input.kind === 'string') return input.value;
  throw upstreamInvalid('the input of a tool is no object');
}
