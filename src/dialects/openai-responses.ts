import { CordonError } from '../domain/errors.ts';
import { type Dialect, type ParsedRequest } from './dialect.ts';
import { spliced } from './json-document.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';
import { openaiErrorEvent } from './openai-error.ts';
import { eventType, readResponse } from './openai-responses-answer.ts';
import { RESPONSES_REQUEST } from './openai-responses-request.ts';
import { ResponsesStreamReveal } from './openai-responses-stream.ts';
import { parseAlong } from './parsed-request.ts';

/** OpenAI's Responses API, as vendors and self-hosted runners speak it. */
export const openaiResponses: Dialect = {
  operation: 'responses',
  path: '/responses',
  requestShape: RESPONSES_REQUEST,
  parseRequest,
  revealBody(source, revealer, { answer }) {
    const reveal = readResponse(source, (value, rule) => revealer.reveal(value, escapeFor(rule, answer)));
    const splices = reveal.splices.sort((a, b) => a.start - b.start);
    return { body: spliced(source, splices), usage: reveal.usage ?? NO_USAGE };
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

function parseRequest(source: string): ParsedRequest {
  const seen = { stored: true, background: false, refers: false };
  const ids = new Set<string>();
  const types = new Set<string>();
  const parsed = parseAlong(source, RESPONSES_REQUEST, (pointer, value) => {
    const [, top = '', item = '', member = ''] = pointer.split('/');
    if (pointer === '/store') seen.stored = value === true;
    else if (pointer === '/background') seen.background = value === true;
    else if (refersBack(top, member, value)) seen.refers = true;
    else if (top === 'input' && member === 'id') ids.add(item);
    else if (top === 'input' && member === 'type') types.add(item);
    return pointer === '/text/format/type' && value !== 'text';
  });
  if (seen.background && !parsed.stream) {
    throw new CordonError(
      'endpoint_not_inspected',
      'Cordon does not fetch stored responses yet, so nobody could read a background response.',
      { param: '/background' },
    );
  }
  // An item with an id and without a type is a reference.
  const refers = seen.refers || [...ids].some((item) => !types.has(item));
  return { ...parsed, remembered: seen.stored || refers };
}

/** True at a place that brings in what an earlier call said, or hands something out for a later one. */
function refersBack(top: string, member: string, value: string | boolean): boolean {
  if (top === 'previous_response_id' || top === 'conversation') return true;
  if (top === 'include') return value === 'reasoning.encrypted_content';
  return top === 'input' && (member === 'encrypted_content' || value === 'item_reference');
}
