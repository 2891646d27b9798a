import { anthropicError } from './anthropic-error.ts';
import { checkTokenCount, revealMessage } from './anthropic-body.ts';
import { COUNT_TOKENS_REQUEST, MESSAGES_REQUEST } from './anthropic-request.ts';
import { createMessageStreamReveal } from './anthropic-stream.ts';
import { type Dialect, type ParsedRequest, type Reference } from './dialect.ts';
import { parseAlong } from './parsed-request.ts';

const FORMAT_AT = new Set(['/output_config/format/type', '/output_format/type']);
const TOOL_TYPE = /^\/tools\/\d+\/type$/;
const TYPE_FIRST = /^\{\s*"type"\s*:\s*"([a-z][a-z_]{0,63})"/;
const EVENT_NAME = /^[a-z][a-z_]{0,63}$/;

/**
 * Anthropic's messages, as the vendor and OpenAI-compatible runners speak them.
 *
 * Thinking is shown to the caller with the caller's own values, and the vendor checks its signature when it is sent
 * back. It gets the bytes it signed as long as the values find their former placeholders again, which holds for a
 * conversation sent whole (numbers follow first appearance) and a model that spelled placeholders as they were given.
 * Otherwise the vendor refuses the block; it never sees the values.
 */
export const anthropicMessages: Dialect = {
  operation: 'messages',
  path: '/messages',
  requestShape: MESSAGES_REQUEST,
  parseRequest: parseMessages,
  revealBody: (source, revealer, request) => revealMessage(source, revealer, request.answer),
  createStreamReveal: (revealer, request) => createMessageStreamReveal(revealer, request.answer),
  eventName,
  errorEvent: (error, requestId) => JSON.stringify(anthropicError(error, requestId)),
};

/** How many tokens a message request would have; protected like the request itself, or the count would be its leak. */
export const anthropicCountTokens: Dialect = {
  ...anthropicMessages,
  path: '/messages/count_tokens',
  requestShape: COUNT_TOKENS_REQUEST,
  parseRequest: (source) => parseAlong(source, COUNT_TOKENS_REQUEST, asksForJson),
  revealBody: (source) => checkTokenCount(source),
  createStreamReveal() {
    throw new TypeError('token counts are not streamed');
  },
};

/** In a container, code of this call meets what earlier calls left there: no placeholder may come to mean two values. */
function parseMessages(source: string): ParsedRequest {
  const references: Reference[] = [];
  const seen = { code: false };
  const request = parseAlong(source, MESSAGES_REQUEST, (pointer, value) => {
    if (pointer === '/container' || pointer === '/container/id') {
      references.push({ kind: 'container', id: String(value), pointer, needed: false });
    } else if (TOOL_TYPE.test(pointer)) seen.code ||= String(value).startsWith('code_execution');
    return asksForJson(pointer, value);
  });
  const mentioned = new Set(references.map(({ id }) => id));
  return { ...request, references, mentioned, remembered: seen.code || references.length > 0 };
}

function asksForJson(pointer: string, value: string | boolean): boolean {
  return FORMAT_AT.has(pointer) && value === 'json_schema';
}

/** Events are named after their type. A runner's own type could hold a line break, which would make other events. */
function eventName(data: string): string | undefined {
  const [, first] = TYPE_FIRST.exec(data) ?? [];
  if (first !== undefined) return first;
  try {
    const { type } = JSON.parse(data) as { readonly type?: unknown };
    return typeof type === 'string' && EVENT_NAME.test(type) ? type : undefined;
  } catch {
    return undefined;
  }
}
