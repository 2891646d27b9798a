import { type Dialect } from './dialect.ts';
import { CHAT_REQUEST } from './openai-chat-request.ts';
import { revealChatBody } from './openai-chat-body.ts';
import { createChatStreamReveal } from './openai-chat-stream.ts';
import { openaiErrorEvent } from './openai-error.ts';
import { parseAlong } from './parsed-request.ts';

/** OpenAI's chat completions, as vendors and self-hosted runners speak it. */
export const openaiChat: Dialect = {
  operation: 'chat',
  path: '/chat/completions',
  requestShape: CHAT_REQUEST,
  parseRequest(source) {
    let keeps = false;
    const parsed = parseAlong(source, CHAT_REQUEST, (pointer, value) => {
      if (pointer === '/store') keeps = value === true;
      return asksForJson(pointer, value);
    });
    return { ...parsed, keeps };
  },
  revealBody: (source, revealer, request) => revealChatBody(source, revealer, request.answer),
  createStreamReveal: (revealer, request) => createChatStreamReveal(revealer, request.answer),
  errorEvent: openaiErrorEvent,
};

/** Where runners are told that the answer is to be JSON, beside OpenAI's response_format. */
const JSON_ANSWER_AT = new Set(['/format', '/format/type', '/guided_json/type', '/json_schema/type']);

/** OpenAI's way of asking for JSON, and the ways of self-hosted runners. */
export function asksForJson(pointer: string, value: string | boolean): boolean {
  if (pointer === '/response_format/type') return value === 'json_object' || value === 'json_schema';
  return JSON_ANSWER_AT.has(pointer);
}
