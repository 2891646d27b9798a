import { type TextSlot } from '../domain/call.ts';
import { readSource } from './answer-source.ts';
import { MODEL } from './openai-chat-request.ts';
import { parseAlong } from './parsed-request.ts';
import { matching, type Shape } from './shape.ts';
import { PAGE } from './stored.ts';

const FILTER = /^metadata\[[^\][]{1,64}\]$/;

/** The parameters of a list of stored chat completions, as a JSON object. `metadata[KEY]` filters by metadata. */
const CHAT_LIST: Shape = {
  object: {
    keys: new Map(Object.entries({ ...PAGE, model: MODEL })),
    rest: { key: matching(FILTER), value: { string: 'identifier' } },
  },
};

export interface ChatListRequest {
  /** `*` for any. */
  readonly model: string;
  readonly after: string | undefined;
  readonly limit: number;
  readonly slots: readonly TextSlot[];
  readonly structural: number;
  /** What the runner is asked with, but for the page: the texts are those of the slots, protected. */
  readonly filters: (texts: readonly string[]) => URLSearchParams;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** Throws like any dialect's `parseRequest`. */
export function parseChatList(source: string): ChatListRequest {
  const page = new Map<string, string>();
  const request = parseAlong(source, CHAT_LIST, (pointer, value) => {
    page.set(pointer.slice(1), String(value));
    return false;
  });
  const limit = Number(page.get('limit') ?? DEFAULT_LIMIT);
  return {
    model: request.model === '' ? '*' : request.model,
    after: page.get('after'),
    limit: Math.min(Math.max(1, limit), MAX_LIMIT),
    slots: request.slots,
    structural: request.structural,
    filters(texts) {
      const filters = new URLSearchParams();
      for (const [name, value] of Object.entries(
        JSON.parse(request.build(texts)) as Record<string, string>,
      )) {
        if (name !== 'after' && name !== 'limit') filters.set(name, value);
      }
      return filters;
    },
  };
}

/** The ids on a page of a runner's list, and whether another follows. Throws `upstream_invalid`. */
export function readChatPage(source: string): { readonly ids: readonly string[]; readonly more: boolean } {
  return readSource(source, (reader) => {
    const ids: string[] = [];
    let more = false;
    reader.object(({ value: key }) => {
      if (key === 'has_more' && reader.kind() === 'boolean') more = reader.boolean();
      else if (key === 'data' && reader.kind() === 'array') {
        reader.array(() => {
          const id = reader.kind() === 'object' ? reader.peekString('id') : undefined;
          if (id !== undefined) ids.push(id);
          reader.skip();
        });
      } else reader.skip();
    });
    return { ids, more };
  });
}
