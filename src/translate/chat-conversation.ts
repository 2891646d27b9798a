import { JsonSourceError } from '../dialects/json-source.ts';
import { array, type Json, member, type Node, object, readTree, string, textOf } from './json-tree.ts';
import { checkMembers, itemsOf, REQUEST_JSON, untranslatable } from './untranslatable.ts';

export interface Conversation {
  readonly system: Json | undefined;
  readonly messages: Json;
}

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  /** A string, or blocks. */
  readonly content: Json | readonly Json[];
  /** The same blocks, while more of them may follow. */
  readonly results?: Json[];
}

const KNOWN: Readonly<Record<string, ReadonlySet<string>>> = {
  system: new Set(['role', 'content']),
  developer: new Set(['role', 'content']),
  user: new Set(['role', 'content']),
  tool: new Set(['role', 'content', 'tool_call_id']),
  assistant: new Set(['role', 'content', 'refusal', 'tool_calls', 'annotations']),
};

/**
 * OpenAI's messages as Anthropic's. Instructions at the beginning become the system prompt, later ones stay where they
 * are; results of tools go into the user's turn that follows, where Anthropic looks for them.
 */
export function conversationOf(messages: readonly Node[]): Conversation {
  const system: Json[] = [];
  const turns: Turn[] = [];
  for (const [i, message] of messages.entries()) {
    const at = `/messages/${i}`;
    const role = textOf(member(message, 'role')) ?? '';
    const known = KNOWN[role];
    if (known === undefined) throw untranslatable(`${at}/role`, 'messages of this role');
    checkMembers(message, known, at);
    const content = member(message, 'content');
    if (role === 'system' || role === 'developer') {
      if (turns.length === 0) system.push(...blocksOf(content, at));
      else turns.push({ role: 'system', content: contentOf(content, at) });
    } else if (role === 'assistant') turns.push({ role, content: saidBlocks(message, at) });
    else if (role === 'tool') addToUser(turns, [resultOf(message, at)]);
    else if (openResults(turns) !== undefined) addToUser(turns, blocksOf(content, at));
    else turns.push({ role: 'user', content: contentOf(content, at) });
  }
  if (turns.at(-1)?.role === 'assistant') {
    // One of the two would go on with it, the other answer it.
    throw untranslatable(`/messages/${messages.length - 1}`, 'an assistant message at the end');
  }
  return {
    system: system.length === 0 ? undefined : array(system),
    messages: array(
      turns.map(({ role, content }) =>
        object({ role: string(role), content: typeof content === 'string' ? content : array(content) }),
      ),
    ),
  };
}

/** The last turn, if it is the user's and began with the result of a tool: what follows belongs to it. */
function openResults(turns: readonly Turn[]): Json[] | undefined {
  return turns.at(-1)?.results;
}

function addToUser(turns: Turn[], blocks: readonly Json[]): void {
  const open = openResults(turns);
  if (open !== undefined) open.push(...blocks);
  else {
    const results = [...blocks];
    turns.push({ role: 'user', content: results, results });
  }
}

function contentOf(content: Node | undefined, at: string): Json | Json[] {
  return content?.kind === 'string' ? content.source : blocksOf(content, at);
}

function textBlock(text: Json, cacheControl?: Json): Json {
  return object({ type: string('text'), text, cache_control: cacheControl });
}

function blocksOf(content: Node | undefined, at: string): Json[] {
  if (content?.kind === 'string') return [textBlock(content.source)];
  return itemsOf(content, `${at}/content`).map((part, i) => blockOf(part, `${at}/content/${i}`));
}

function blockOf(part: Node, at: string): Json {
  const type = textOf(member(part, 'type')) ?? '';
  if (type === 'text' || type === 'refusal') {
    checkMembers(part, new Set(['type', type, 'cache_control']), at);
    return textBlock(member(part, type)?.source ?? '""', member(part, 'cache_control')?.source);
  }
  if (type === 'image_url') return imageOf(part, at);
  throw untranslatable(`${at}/type`, 'content of this type');
}

/** Where a policy lets images pass; otherwise their dialect has refused them before. */
function imageOf(part: Node, at: string): Json {
  const image = member(part, 'image_url');
  const url = textOf(image) ?? textOf(member(image, 'url'));
  const detail = textOf(member(image, 'detail')) ?? 'auto';
  if (url === undefined || detail !== 'auto') throw untranslatable(`${at}/image_url`, 'this image');
  const data = /^data:(image\/[a-z]{1,8});base64,([A-Za-z0-9+/=]*)$/.exec(url);
  const source =
    data === null
      ? object({ type: string('url'), url: string(url) })
      : object({ type: string('base64'), media_type: string(data[1] ?? ''), data: string(data[2] ?? '') });
  return object({ type: string('image'), source });
}

function saidBlocks(message: Node, at: string): Json[] {
  const { annotations, refusal, calls } = {
    annotations: member(message, 'annotations'),
    refusal: member(message, 'refusal'),
    calls: itemsOf(member(message, 'tool_calls'), `${at}/tool_calls`),
  };
  if (itemsOf(annotations, `${at}/annotations`).length > 0)
    throw untranslatable(`${at}/annotations`, 'annotations');
  const content = member(message, 'content');
  // Anthropic refuses empty texts, which stand beside tool calls here as a matter of course.
  const said = textOf(content) === '' ? [] : blocksOf(content, at);
  const refused = refusal === undefined ? [] : [textBlock(refusal.source)];
  return [...said, ...refused, ...calls.map((call, i) => toolUseOf(call, `${at}/tool_calls/${i}`))];
}

function toolUseOf(call: Node, at: string): Json {
  checkMembers(call, new Set(['id', 'type', 'index', 'function']), at);
  const called = member(call, 'function');
  if (called === undefined) throw untranslatable(at, 'a call of a tool that is no function');
  checkMembers(called, new Set(['name', 'arguments']), `${at}/function`);
  return object({
    type: string('tool_use'),
    id: member(call, 'id')?.source,
    name: member(called, 'name')?.source,
    input: inputOf(textOf(member(called, 'arguments')) ?? '', `${at}/function/arguments`),
  });
}

/** The arguments as they were written: no digit is rounded, no name lost. */
function inputOf(source: string, at: string): Json {
  if (source.trim() === '') return '{}';
  try {
    const node = readTree(source, REQUEST_JSON);
    if (node.kind === 'object') return node.source;
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
  }
  throw untranslatable(at, 'arguments that are no JSON object');
}

function resultOf(message: Node, at: string): Json {
  const content = member(message, 'content');
  return object({
    type: string('tool_result'),
    tool_use_id: member(message, 'tool_call_id')?.source,
    content: content?.kind === 'string' ? content.source : array(blocksOf(content, at)),
  });
}
