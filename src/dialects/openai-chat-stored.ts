import { type Dialect } from './dialect.ts';
import { spliced } from './json-document.ts';
import { openaiChat } from './openai-chat.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';
import { readMessages } from './openai-responses-answer.ts';
import { METADATA } from './openai-chat-request.ts';
import { record } from './shape.ts';
import { deletedBody, PAGE, parseAbout, parseStored, storedShape, type StoredCall } from './stored.ts';

const RETRIEVE: StoredCall = {
  method: 'GET',
  path: '/chat/completions/:id',
  kind: 'completion',
  parameters: {},
  remembered: false,
};
const DELETE: StoredCall = { ...RETRIEVE, method: 'DELETE', forgets: true };
const MESSAGES: StoredCall = { ...RETRIEVE, path: '/chat/completions/:id/messages', parameters: PAGE };

function notStreamed(): never {
  throw new TypeError('this is not streamed');
}

/** A chat completion that the runner stored, with the caller's own values. */
export const openaiRetrieveChat: Dialect = {
  ...openaiChat,
  operation: 'chat.retrieve',
  path: RETRIEVE.path,
  requestShape: storedShape(RETRIEVE),
  bodiless: 'GET',
  parseRequest: (source) => parseStored(source, RETRIEVE),
  createStreamReveal: notStreamed,
};

const UPDATE: StoredCall = { ...RETRIEVE, method: 'POST' };
const CHANGES = record({ metadata: METADATA }, ['metadata']);

/** Gives a stored chat completion other metadata; nothing else of it can change. */
export const openaiUpdateChat: Dialect = {
  ...openaiChat,
  operation: 'chat.update',
  path: UPDATE.path,
  requestShape: CHANGES,
  about: true,
  parseRequest: (source) => parseAbout(source, UPDATE, CHANGES),
  createStreamReveal: notStreamed,
};

export const openaiDeleteChat: Dialect = {
  ...openaiRetrieveChat,
  operation: 'chat.delete',
  bodiless: 'DELETE',
  requestShape: storedShape(DELETE),
  parseRequest: (source) => parseStored(source, DELETE),
  revealBody: (_source, _revealer, request) => deletedBody('chat.completion.deleted', request),
};

/** What a stored chat completion was asked with; to the policy it is part of the completion. */
export const openaiChatMessages: Dialect = {
  ...openaiRetrieveChat,
  path: MESSAGES.path,
  requestShape: storedShape(MESSAGES),
  parseRequest: (source) => parseStored(source, MESSAGES),
  revealBody(source, revealer) {
    const reveal = readMessages(source, (value, rule) => revealer.reveal(value, escapeFor(rule, 'text')));
    return {
      body: spliced(
        source,
        reveal.splices.sort((a, b) => a.start - b.start),
      ),
      usage: NO_USAGE,
    };
  },
};
