import { randomBytes } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { responseOf } from '../dialects/recorded-responses.ts';
import {
  type CapturingUpstream,
  completion,
  type ReceivedRequest,
  sendJson,
  startStream,
  startUpstream,
} from './upstream.ts';

interface Asked {
  readonly stream?: boolean;
  readonly background?: boolean;
  readonly store?: boolean;
  readonly previous_response_id?: string;
  readonly input?: string | readonly { readonly content?: unknown; readonly output?: unknown }[];
  readonly messages?: readonly object[];
  readonly instructions?: string;
}

interface Stored {
  readonly asked: Asked;
  readonly response: { readonly id: string; status: string };
  readonly events: readonly object[];
}

/** A model runner that stores what it is told to, as OpenAI does; every answer says back all it was ever told. */
export interface StoringUpstream extends CapturingUpstream {
  readonly stored: Map<string, Stored>;
  /** Characters in a delta. */
  pieces: number;
  /** What the next answer says, instead. */
  says: string | undefined;
  /** What a chat completion says of what it was told last, instead of that itself. */
  saysOfChat: (heard: string) => string;
  /** Ends a stream behind this many events, without the last one. */
  breakAfter: number;
}

export async function startStoringUpstream(): Promise<StoringUpstream> {
  const stored = new Map<string, Stored>();
  const chats = new Map<string, StoredChat>();
  const upstream = await startUpstream();
  const state = Object.assign(upstream, {
    stored,
    pieces: 3,
    says: undefined as string | undefined,
    saysOfChat: (heard: string) => heard,
    breakAfter: Number.POSITIVE_INFINITY,
  });
  upstream.respond((request, response) => {
    const url = new URL(request.path, 'http://x');
    const [, , first, second, third] = url.pathname.split('/');
    if (first === 'chat') handleChat(chats, state.saysOfChat, request, response, third);
    else if (second === undefined) create(state, request, response);
    else if (second === 'input_tokens')
      sendJson(response, { object: 'response.input_tokens', input_tokens: request.body.length });
    else if (second === 'compact') compact(request, response);
    else handleStored(stored, request, response, url);
  });
  return state;
}

const newId = (kind: string): string => `${kind}_${randomBytes(16).toString('hex')}`;

function textOf({ input }: Asked): string {
  if (typeof input === 'string') return input;
  return (input ?? [])
    .map(({ content, output }) => content ?? output ?? '')
    .map((said) => (typeof said === 'string' ? said : JSON.stringify(said)))
    .join('\n');
}

function create(state: StoringUpstream, request: ReceivedRequest, response: ServerResponse): void {
  const asked = JSON.parse(request.body) as Asked;
  const former = state.stored.get(asked.previous_response_id ?? '');
  if (asked.previous_response_id !== undefined && former === undefined) {
    sendJson(response, { error: { code: 'previous_response_not_found' } }, 404);
    return;
  }
  const heard = former === undefined ? [] : [textOf(former.asked)];
  const text = state.says ?? [...heard, textOf(asked)].join(' | ');
  const id = newId('resp');
  const item = {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
  const whole = responseOf([item], { id, instructions: asked.instructions ?? null });
  const begun = responseOf([], { id, status: 'in_progress' });
  const events: object[] = [];
  const emit = (type: string, members: object): void =>
    void events.push({ type, sequence_number: events.length, ...members });
  const at = { output_index: 0, item_id: item.id, content_index: 0, logprobs: [] };
  emit('response.created', { response: begun });
  emit('response.output_item.added', { output_index: 0, item: { ...item, content: [] } });
  emit('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
  const characters = Array.from(text);
  for (let i = 0; i < characters.length; i += state.pieces) {
    emit('response.output_text.delta', { ...at, delta: characters.slice(i, i + state.pieces).join('') });
  }
  emit('response.output_text.done', { ...at, text });
  emit('response.output_item.done', { output_index: 0, item });
  emit('response.completed', { response: whole });
  if (asked.store !== false) state.stored.set(id, { asked, response: whole as Stored['response'], events });
  if (asked.stream === true) sendEvents(response, events.slice(0, state.breakAfter));
  else sendJson(response, asked.background === true ? responseOf([], { id, status: 'queued' }) : whole);
}

function sendEvents(response: ServerResponse, events: readonly object[]): void {
  startStream(response);
  for (const event of events) {
    response.write(`event: ${(event as { readonly type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

function compact(request: ReceivedRequest, response: ServerResponse): void {
  const asked = JSON.parse(request.body) as Asked;
  const sealed = Buffer.from(textOf(asked)).toString('base64').padEnd(64, 'A').replaceAll(/\d{6}/g, 'x');
  const item = { id: newId('cmp'), type: 'compaction', encrypted_content: sealed };
  sendJson(response, { ...responseOf([item]), id: newId('resp'), object: 'response.compaction' });
}

function handleStored(
  stored: Map<string, Stored>,
  request: ReceivedRequest,
  response: ServerResponse,
  url: URL,
): void {
  const [, , , id = '', action] = url.pathname.split('/');
  const found = stored.get(id);
  if (found === undefined) sendJson(response, { error: { message: `no ${id}` } }, 404);
  else if (request.method === 'DELETE') {
    stored.delete(id);
    sendJson(response, { id, object: 'response', deleted: true });
  } else if (action === 'cancel') sendJson(response, { ...found.response, status: 'cancelled' });
  else if (action === 'input_items') {
    const all = [textOf(found.asked)].map((text) => ({
      id: newId('msg'),
      type: 'message',
      role: 'user',
      status: 'completed',
      content: [{ type: 'input_text', text }],
    }));
    const data = url.searchParams.has('after') ? [] : all;
    sendJson(response, { object: 'list', data, first_id: 'a', last_id: 'b', has_more: false });
  } else if (url.searchParams.get('stream') === 'true') sendEvents(response, found.events);
  else sendJson(response, found.response);
}

interface StoredChat {
  readonly body: { readonly id: string; readonly metadata: Readonly<Record<string, string>> | null };
  readonly messages: readonly object[];
}

/** Pages of at most three. */
function listChats(
  chats: ReadonlyMap<string, StoredChat>,
  response: ServerResponse,
  query: URLSearchParams,
): void {
  const filters = [...query].flatMap(([name, value]) => {
    const key = /^metadata\[(.*)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value] as const];
  });
  const all = [...chats.values()]
    .map(({ body }) => body)
    .filter(({ metadata }) => filters.every(([key, value]) => metadata?.[key] === value));
  if (query.get('order') === 'desc') all.reverse();
  const from = all.findIndex(({ id }) => id === query.get('after')) + 1;
  const data = all.slice(from, from + 3);
  const [first, last] = [data[0]?.id, data.at(-1)?.id];
  sendJson(response, {
    ...{ object: 'list', data, first_id: first, last_id: last },
    has_more: from + 3 < all.length,
  });
}

function handleChat(
  chats: Map<string, StoredChat>,
  says: (heard: string) => string,
  request: ReceivedRequest,
  response: ServerResponse,
  id = '',
): void {
  if (id === '' && request.method === 'GET') {
    listChats(chats, response, new URL(request.path, 'http://x').searchParams);
    return;
  }
  if (id === '') {
    const asked = JSON.parse(request.body) as {
      readonly messages: readonly { readonly content: string }[];
      readonly metadata?: StoredChat['body']['metadata'];
    };
    const made = newId('chatcmpl');
    const said = completion({ content: says(asked.messages.at(-1)?.content ?? '') });
    const body = { ...said, id: made, metadata: asked.metadata ?? null };
    chats.set(made, { body, messages: asked.messages.map((message) => ({ ...message, id: newId('msg') })) });
    sendJson(response, body);
    return;
  }
  const found = chats.get(id);
  if (found === undefined) sendJson(response, { error: {} }, 404);
  else if (request.method === 'DELETE') {
    chats.delete(id);
    sendJson(response, { id, object: 'chat.completion.deleted', deleted: true });
  } else if (request.method === 'POST') {
    Object.assign(found.body, JSON.parse(request.body));
    sendJson(response, found.body);
  } else if (request.path.split('?')[0]?.endsWith('/messages') === true) {
    sendJson(response, {
      object: 'list',
      data: found.messages,
      first_id: 'a',
      last_id: 'b',
      has_more: false,
    });
  } else sendJson(response, found.body);
}
