import { type CordonError } from '../domain/errors.ts';
import { type Dialect, type ParsedRequest } from './dialect.ts';
import { rebuilt } from './json-document.ts';
import { CHAT_REQUEST } from './openai-chat-request.ts';
import { revealChatBody } from './openai-chat-body.ts';
import { createChatStreamReveal } from './openai-chat-stream.ts';
import { collectSlots } from './slot-collector.ts';

const TERMINATOR = '[DONE]';

/** OpenAI's chat completions, as vendors and self-hosted runners speak it. */
export const openaiChat: Dialect = {
  operation: 'chat',
  path: '/chat/completions',
  terminator: TERMINATOR,
  parseRequest,
  revealBody: (source, revealer, request) => revealChatBody(source, revealer, request.answer),
  createStreamReveal: (revealer, request) => createChatStreamReveal(revealer, request.answer, TERMINATOR),
  errorEvent,
};

/** Where runners are told that the answer is to be JSON, beside OpenAI's response_format. */
const JSON_ANSWER_AT = new Set(['/format', '/format/type', '/guided_json/type', '/json_schema/type']);

function parseRequest(source: string): ParsedRequest {
  let model = '';
  let stream = false;
  let answer: ParsedRequest['answer'] = 'text';
  const { document, slots, structural } = collectSlots(source, CHAT_REQUEST, (pointer, value) => {
    if (pointer === '/model') model = String(value);
    else if (pointer === '/stream') stream = value === true;
    else if (pointer === '/response_format/type') {
      if (value === 'json_object' || value === 'json_schema') answer = 'json';
    } else if (JSON_ANSWER_AT.has(pointer)) answer = 'json';
  });
  return {
    model,
    stream,
    answer,
    slots,
    structural,
    build(texts) {
      if (texts.length !== slots.length) throw new TypeError('build needs one text for each slot');
      return rebuilt(document, (index) => {
        const slot = slots[index];
        const text = texts[index];
        if (slot === undefined || text === undefined || text === slot.text) return undefined;
        if (slot.kind === 'fixed') throw new TypeError('a fixed slot cannot change');
        return text;
      });
    },
  };
}

function errorType(status: number): string {
  if (status >= 500) return 'server_error';
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error';
}

function errorEvent(error: CordonError, requestId: string): string {
  const { message, status, code, param = null } = error;
  return JSON.stringify({ error: { message, type: errorType(status), code, param, request_id: requestId } });
}
