import { array, type Json, member, type Node, object, string, textOf } from './json-tree.ts';
import { checkMembers, itemsOf, untranslatable } from './untranslatable.ts';

/** What stands before the text of a tool that failed: OpenAI has no other place to say so. */
const FAILED = 'Error: ';
const TEXT_MEMBERS = new Set(['type', 'text', 'cache_control']);
const RESULT_MEMBERS = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
const USE_MEMBERS = new Set(['type', 'id', 'name', 'input', 'cache_control']);

/** Anthropic's system prompt and messages as OpenAI's messages. */
export function chatMessagesOf(system: Node | undefined, messages: readonly Node[]): readonly Json[] {
  const all: Json[] = [];
  if (system !== undefined) all.push(messageOf('system', textContent(system, '/system')));
  for (const [i, message] of messages.entries()) {
    const at = `/messages/${i}`;
    checkMembers(message, new Set(['role', 'content']), at);
    const content = member(message, 'content');
    switch (textOf(member(message, 'role'))) {
      case 'system':
        all.push(messageOf('system', textContent(content, `${at}/content`)));
        break;
      case 'user':
        all.push(...userMessages(content, `${at}/content`));
        break;
      case 'assistant':
        if (i === messages.length - 1) {
          // One of the two would go on with it, the other answer it.
          throw untranslatable(at, 'the beginning of an answer');
        }
        all.push(assistantMessage(content, `${at}/content`));
        break;
      default:
        throw untranslatable(`${at}/role`, 'messages of this role');
    }
  }
  return all;
}

function messageOf(role: string, content: Json): Json {
  return object({ role: string(role), content });
}

/** A string where that says it all: simpler runners know nothing else. */
function joined(parts: readonly Node[], at: string): Json {
  const texts = parts.map((part, i) => textOfBlock(part, `${at}/${i}`));
  const [only] = texts;
  if (only !== undefined && texts.length === 1) return only;
  return array(texts.map((text) => object({ type: string('text'), text })));
}

function textContent(content: Node | undefined, at: string): Json {
  if (content?.kind === 'string') return content.source;
  const blocks = itemsOf(content, at);
  return blocks.length === 0 ? '""' : joined(blocks, at);
}

function textOfBlock(block: Node, at: string): Json {
  if (typeOf(block) !== 'text') throw untranslatable(`${at}/type`, 'content of this type');
  const citations = member(block, 'citations');
  if (citations?.kind === 'array' && citations.items.length === 0) checkMembers(block, WITH_CITATIONS, at);
  else checkMembers(block, TEXT_MEMBERS, at);
  return member(block, 'text')?.source ?? '""';
}

const WITH_CITATIONS = new Set([...TEXT_MEMBERS, 'citations']);

function typeOf(block: Node): string {
  return textOf(member(block, 'type')) ?? '';
}

/** Results of tools become messages of their own, before what else the user said. */
function userMessages(content: Node | undefined, at: string): readonly Json[] {
  if (content === undefined || content.kind === 'string') return [messageOf('user', content?.source ?? '""')];
  const results: Json[] = [];
  const rest: Json[] = [];
  let onlyText: Json | undefined;
  for (const [i, block] of itemsOf(content, at).entries()) {
    const place = `${at}/${i}`;
    if (typeOf(block) === 'tool_result') {
      if (rest.length > 0) throw untranslatable(place, 'the result of a tool behind other content');
      results.push(toolMessage(block, place));
    } else if (typeOf(block) === 'image') rest.push(imageOf(block, place));
    else {
      const text = textOfBlock(block, place);
      onlyText = rest.length === 0 ? text : undefined;
      rest.push(object({ type: string('text'), text }));
    }
  }
  if (rest.length === 0 && results.length > 0) return results;
  return [
    ...results,
    messageOf('user', rest.length === 1 && onlyText !== undefined ? onlyText : array(rest)),
  ];
}

function toolMessage(block: Node, at: string): Json {
  checkMembers(block, RESULT_MEMBERS, at);
  const said = textContent(member(block, 'content'), `${at}/content`);
  const failed = member(block, 'is_error');
  return object({
    role: string('tool'),
    tool_call_id: member(block, 'tool_use_id')?.source,
    content: failed?.kind === 'boolean' && failed.value ? marked(said) : said,
  });
}

function marked(content: Json): Json {
  return content.startsWith('"')
    ? `"${FAILED}${content.slice(1)}`
    : `[${object({ type: string('text'), text: string(FAILED) })},${content.slice(1)}`;
}

/** Where a policy lets images pass; otherwise their dialect has refused them before. */
function imageOf(block: Node, at: string): Json {
  checkMembers(block, new Set(['type', 'source', 'cache_control']), at);
  const source = member(block, 'source');
  const url =
    typeOf(source ?? block) === 'base64'
      ? `data:${textOf(member(source, 'media_type')) ?? ''};base64,${textOf(member(source, 'data')) ?? ''}`
      : textOf(member(source, 'url'));
  if (url === undefined) throw untranslatable(`${at}/source`, 'this image');
  return object({ type: string('image_url'), image_url: object({ url: string(url) }) });
}

function assistantMessage(content: Node | undefined, at: string): Json {
  if (content === undefined || content.kind === 'string')
    return messageOf('assistant', content?.source ?? '""');
  const texts: Node[] = [];
  const calls: Json[] = [];
  const thoughts: string[] = [];
  for (const [i, block] of itemsOf(content, at).entries()) {
    const place = `${at}/${i}`;
    const type = typeOf(block);
    if (type === 'tool_use') calls.push(toolCallOf(block, place));
    else if (type === 'thinking') thoughts.push(thoughtOf(block, place));
    else if (calls.length > 0) throw untranslatable(place, 'text behind the call of a tool');
    else {
      textOfBlock(block, place);
      texts.push(block);
    }
  }
  return object({
    role: string('assistant'),
    reasoning_content: thoughts.length === 0 ? undefined : string(thoughts.join('')),
    content: texts.length === 0 ? (calls.length === 0 ? '""' : 'null') : joined(texts, at),
    tool_calls: calls.length === 0 ? undefined : array(calls),
  });
}

/** Thoughts without a signature came from a runner of this kind. A signature is for its vendor alone. */
function thoughtOf(block: Node, at: string): string {
  if ((textOf(member(block, 'signature')) ?? '') !== '')
    throw untranslatable(at, 'thinking that its vendor signed');
  return textOf(member(block, 'thinking')) ?? '';
}

/** The input as it was written, as the string that OpenAI has in its place. */
function toolCallOf(block: Node, at: string): Json {
  checkMembers(block, USE_MEMBERS, at);
  const input = member(block, 'input');
  if (input !== undefined && input.kind !== 'object' && input.kind !== 'string') {
    throw untranslatable(`${at}/input`, 'input that is no object');
  }
  const called = object({
    name: member(block, 'name')?.source,
    arguments: string(textOf(input) ?? input?.source ?? '{}'),
  });
  return object({ id: member(block, 'id')?.source, type: string('function'), function: called });
}
