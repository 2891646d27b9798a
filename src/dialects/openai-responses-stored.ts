import { type Dialect, type StreamReveal } from './dialect.ts';
import { spliced } from './json-document.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';
import { openaiResponses } from './openai-responses.ts';
import { readItems, sequenceOf } from './openai-responses-answer.ts';
import { INCLUDE } from './openai-responses-request.ts';
import {
  deletedBody,
  FLAG,
  PAGE,
  parseStored,
  storedShape,
  STARTING_AFTER,
  type StoredCall,
} from './stored.ts';

const RETRIEVE: StoredCall = {
  method: 'GET',
  path: '/responses/:id',
  kind: 'response',
  parameters: {
    include: INCLUDE,
    stream: FLAG,
    include_obfuscation: FLAG,
    starting_after: STARTING_AFTER,
  },
  own: new Set(['starting_after']),
  remembered: true,
};
const DELETE: StoredCall = {
  method: 'DELETE',
  path: '/responses/:id',
  kind: 'response',
  parameters: {},
  remembered: true,
  forgets: true,
};
const CANCEL: StoredCall = { ...DELETE, method: 'POST', path: '/responses/:id/cancel', forgets: false };
const INPUT_ITEMS: StoredCall = {
  ...RETRIEVE,
  path: '/responses/:id/input_items',
  parameters: { ...PAGE, include: INCLUDE },
};

function notStreamed(): never {
  throw new TypeError('this is not streamed');
}

/**
 * A response that the runner stored, with the caller's own values.
 *
 * Numbers of events are Cordon's: an event of ours that says what was held back moves the later ones on. So a stream
 * that is to go on after a number is read from its first event, revealed as it was before, and what the caller has is
 * left out. That also keeps whole a placeholder that the cut would have gone through.
 */
export const openaiRetrieveResponse: Dialect = {
  ...openaiResponses,
  operation: 'responses.retrieve',
  path: RETRIEVE.path,
  requestShape: storedShape(RETRIEVE),
  bodiless: 'GET',
  parseRequest: (source) => parseStored(source, RETRIEVE),
  createStreamReveal(revealer, request) {
    const stream = openaiResponses.createStreamReveal(revealer, request);
    return 'skip' in request && typeof request.skip === 'number' ? goingOn(stream, request.skip) : stream;
  },
};

export const openaiDeleteResponse: Dialect = {
  ...openaiResponses,
  operation: 'responses.delete',
  path: DELETE.path,
  requestShape: storedShape(DELETE),
  bodiless: 'DELETE',
  parseRequest: (source) => parseStored(source, DELETE),
  revealBody: (_source, _revealer, request) => deletedBody('response', request),
  createStreamReveal: notStreamed,
};

export const openaiCancelResponse: Dialect = {
  ...openaiResponses,
  operation: 'responses.cancel',
  path: CANCEL.path,
  requestShape: storedShape(CANCEL),
  bodiless: 'POST',
  parseRequest: (source) => parseStored(source, CANCEL),
  createStreamReveal: notStreamed,
};

/** What a response was asked with; to the policy it is part of the response. */
export const openaiInputItems: Dialect = {
  ...openaiResponses,
  operation: 'responses.retrieve',
  path: INPUT_ITEMS.path,
  requestShape: storedShape(INPUT_ITEMS),
  bodiless: 'GET',
  parseRequest: (source) => parseStored(source, INPUT_ITEMS),
  revealBody(source, revealer, { answer }) {
    const reveal = readItems(source, (value, rule) => revealer.reveal(value, escapeFor(rule, answer)));
    const splices = reveal.splices.sort((a, b) => a.start - b.start);
    return { body: spliced(source, splices), usage: NO_USAGE, names: reveal.names };
  },
  createStreamReveal: notStreamed,
};

/** Only the events with a greater number than `after`; the last one always, for it ends the stream. */
function goingOn(stream: StreamReveal, after: number): StreamReveal {
  const isNew = (event: string): boolean => (sequenceOf(event) ?? Number.POSITIVE_INFINITY) > after;
  return {
    push: (data) => stream.push(data).filter(isNew),
    end: () => stream.end().filter(isNew),
    get done() {
      return stream.done;
    },
    get terminator() {
      return stream.terminator;
    },
    get usage() {
      return stream.usage;
    },
    get names() {
      return stream.names ?? [];
    },
  };
}
