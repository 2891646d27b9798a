import { type Dialect } from './dialect.ts';
import { asksForJson } from './openai-chat.ts';
import { revealCompletionBody } from './openai-chat-body.ts';
import { createChatStreamReveal } from './openai-chat-stream.ts';
import { COMPLETIONS_REQUEST } from './openai-completions-request.ts';
import { openaiErrorEvent } from './openai-error.ts';
import { parseAlong } from './parsed-request.ts';

/** OpenAI's first API, still the one of base models and of code completion: text in, text out. */
export const openaiCompletions: Dialect = {
  operation: 'completions',
  path: '/completions',
  requestShape: COMPLETIONS_REQUEST,
  parseRequest: (source) => parseAlong(source, COMPLETIONS_REQUEST, asksForJson),
  revealBody: (source, revealer, request) => revealCompletionBody(source, revealer, request.answer),
  createStreamReveal: (revealer, request) => createChatStreamReveal(revealer, request.answer),
  errorEvent: openaiErrorEvent,
};
