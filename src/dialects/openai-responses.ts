import { checkTokenCount } from './anthropic-body.ts';
import { type Dialect } from './dialect.ts';
import { spliced } from './json-document.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';
import { openaiErrorEvent } from './openai-error.ts';
import { eventType, readResponse } from './openai-responses-answer.ts';
import { parseReferring } from './openai-responses-references.ts';
import { COMPACT_REQUEST, INPUT_TOKENS_REQUEST, RESPONSES_REQUEST } from './openai-responses-request.ts';
import { ResponsesStreamReveal } from './openai-responses-stream.ts';

/** OpenAI's Responses API, as vendors and self-hosted runners speak it. */
export const openaiResponses: Dialect = {
  operation: 'responses',
  path: '/responses',
  requestShape: RESPONSES_REQUEST,
  parseRequest: (source) => parseReferring(source, RESPONSES_REQUEST, true),
  revealBody(source, revealer, { answer }) {
    const reveal = readResponse(source, (value, rule) => revealer.reveal(value, escapeFor(rule, answer)));
    const splices = reveal.splices.sort((a, b) => a.start - b.start);
    return { body: spliced(source, splices), usage: reveal.usage ?? NO_USAGE, names: reveal.names };
  },
  createStreamReveal: (revealer, { answer }) => new ResponsesStreamReveal(revealer, answer),
  eventName: eventType,
  errorEvent(error, requestId) {
    // Readers of the type look at the members; the vendor's client throws when there is an `error`.
    const { error: described } = JSON.parse(openaiErrorEvent(error, requestId)) as { error: object };
    const { message, code, param = null } = error;
    return JSON.stringify({ type: 'error', code, message, param, error: described });
  },
};

/** How many tokens a request would have; protected like the request itself, or the count would be its leak. */
export const openaiInputTokens: Dialect = {
  ...openaiResponses,
  path: '/responses/input_tokens',
  requestShape: INPUT_TOKENS_REQUEST,
  parseRequest: (source) => parseReferring(source, INPUT_TOKENS_REQUEST, false),
  revealBody: (source) => checkTokenCount(source),
  createStreamReveal() {
    throw new TypeError('token counts are not streamed');
  },
};

/**
 * A conversation made shorter. What the runner seals of it comes back later under the id of its item, with the
 * placeholders of this call: hence it is kept, whatever the runner does.
 */
export const openaiCompact: Dialect = {
  ...openaiResponses,
  path: '/responses/compact',
  requestShape: COMPACT_REQUEST,
  parseRequest: (source) => parseReferring(source, COMPACT_REQUEST, true),
  revealBody(source, revealer, request) {
    // Nothing can be asked for under the id of the compaction itself.
    const { names = [], ...revealed } = openaiResponses.revealBody(source, revealer, request);
    return { ...revealed, names: names.filter(({ kind }) => kind === 'item') };
  },
  createStreamReveal() {
    throw new TypeError('compacted responses are not streamed');
  },
};
