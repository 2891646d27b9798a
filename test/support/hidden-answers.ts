import { PLANTED } from './output-reading.ts';
import {
  AT,
  block,
  called,
  CARD,
  chat,
  chatWay,
  chunk,
  CHUNK,
  CITATION,
  DIGITS,
  escaped,
  events,
  FINISH,
  type Hidden,
  HIDDEN_JSON,
  MAIL,
  message,
  messageWay,
  pieces,
  response,
  responseWay,
  said,
  SAID,
  streamed,
  tokensOf,
} from './hidden-shapes.ts';

export const HIDDEN: Readonly<Record<string, Hidden>> = {
  'escapes of arguments, and of JSON in them': chatWay(chat(called(HIDDEN_JSON))),
  'the same, in pieces': chatWay(streamed(HIDDEN_JSON, called)),
  'escapes of JSON in a text, in pieces': chatWay(streamed(HIDDEN_JSON, (content) => ({ content }))),
  'an address in escapes of arguments, in pieces': {
    ...chatWay(streamed(`{"to":"${escaped(MAIL)}"}`, called), MAIL),
    everything: true,
  },
  'a number of arguments': chatWay(chat(called(`{"card":${DIGITS}}`))),
  'a number of arguments that are an object': chatWay(chat(called({ list: [{ card: DIGITS }] }))),
  'a name in arguments that are an object': chatWay(chat(called({ [CARD]: true }))),
  'parts of a content, in pieces': chatWay(streamed(CARD, (text) => ({ content: [{ type: 'text', text }] }))),
  'thinking in parts of a content, in pieces': chatWay(
    streamed(CARD, (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] })),
  ),
  'reasoning and its details, in pieces': chatWay(
    streamed(CARD, (text) => ({
      reasoning: text,
      reasoning_content: text,
      reasoning_details: [{ type: 'reasoning.text', format: 'x', index: 0, text }],
    })),
  ),
  'a refusal, in pieces': chatWay(streamed(CARD, (refusal) => ({ refusal }))),
  'a transcript, in pieces': chatWay(streamed(CARD, (transcript) => ({ audio: { id: 'a', transcript } }))),
  'annotations of a chat': chatWay(chat({ annotations: [{ type: 'url_citation', url_citation: CITATION }] })),
  'annotations of a streamed chat': chatWay([
    chunk({ content: SAID }),
    chunk({ annotations: [{ type: 'url_citation', url_citation: CITATION }] }),
    FINISH,
  ]),
  'log probabilities of another text': chatWay(chat({}, { logprobs: { content: tokensOf(CARD) } })),
  'log probabilities of a refusal that there is not': chatWay(
    chat({}, { logprobs: { content: null, refusal: tokensOf(CARD) } }),
  ),
  'log probabilities of streamed texts that are empty': chatWay([
    chunk({ content: SAID }),
    ...tokensOf(CARD).map((token) => chunk({ content: '' }, { logprobs: { content: [token] } })),
    FINISH,
  ]),
  'log probabilities beside held-back pieces': chatWay([
    chunk({ content: SAID }),
    ...pieces(`: ${CARD}`).map((content) => chunk({ content }, { logprobs: { content: tokensOf(content) } })),
    FINISH,
  ]),
  'log probabilities of a legacy completion': {
    path: '/v1/completions',
    answer: {
      ...CHUNK,
      object: 'text_completion',
      choices: [{ index: 0, text: SAID, finish_reason: 'stop', logprobs: { tokens: pieces(CARD) } }],
    },
    value: CARD,
  },
  'plain words behind a label and a colon': chatWay(
    chat({ content: `${SAID}. Your password is: swordfish` }),
    'swordfish',
  ),
  'plain words on the line behind a label, in pieces': chatWay(
    streamed('. Contraseña:\nmariposa\nPassword:\nswordfish', (content) => ({ content })),
    'swordfish',
  ),
  'plain words behind a label that is a name': chatWay(chat(called('{"password":"swordfish"}')), 'swordfish'),
  'spelled digits in full width': chatWay(
    chat({
      content: `${SAID} ${PLANTED.spelled.replace(/[a-z]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0))}`,
    }),
    PLANTED.spelled,
  ),
  'a number of a tool’s input': messageWay(
    message([{ type: 'tool_use', id: 't', name: 'f', input: { card: DIGITS } }]),
  ),
  'a number of the input that a streamed tool call begins with': messageWay(
    block({ type: 'tool_use', id: 't', name: 'f', input: { list: [DIGITS] } }, []),
  ),
  'a number of a tool’s input, in pieces': messageWay(
    block(
      { type: 'tool_use', id: 't', name: 'f', input: {} },
      pieces(`{"card":${DIGITS}}`).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    ),
  ),
  'a name in a tool’s input': messageWay(
    message([{ type: 'tool_use', id: 't', name: 'f', input: { [CARD]: 1 } }]),
  ),
  'plain words behind a label that is a name of a tool’s input': messageWay(
    message([{ type: 'tool_use', id: 't', name: 'f', input: { password: 'swordfish' } }]),
    'swordfish',
  ),
  'thinking, in pieces': messageWay(
    block(
      { type: 'thinking', thinking: '', signature: '' },
      pieces(CARD).map((thinking) => ({ type: 'thinking_delta', thinking })),
    ),
  ),
  'a citation': messageWay(
    block({ type: 'text', text: '' }, [
      { type: 'text_delta', text: SAID },
      {
        type: 'citations_delta',
        citation: { type: 'char_location', cited_text: CARD, document_title: CARD },
      },
      {
        type: 'citations_delta',
        citation: { type: 'web_search_result_location', url: CITATION.url, title: CARD },
      },
    ]),
  ),
  'what a search found': messageWay(
    message([
      {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'web_search_result', title: CARD, url: CITATION.url }],
      },
    ]),
  ),
  'annotations of a response': responseWay(
    response([
      said('See.', {
        annotations: [CITATION, { type: 'file_citation', file_id: 'f', filename: `${CARD}.txt`, index: 0 }],
      }),
    ]),
  ),
  'an annotation of a streamed response': responseWay(
    events({
      ...AT,
      type: 'response.output_text.annotation.added',
      annotation_index: 0,
      annotation: CITATION,
    }),
  ),
  'deltas of which each names another item': responseWay(
    events(
      ...pieces(CARD).map((delta, i) => ({
        ...AT,
        type: 'response.output_text.delta',
        item_id: `m${i}`,
        delta,
        logprobs: [],
      })),
    ),
  ),
  'reasoning and its summary, in pieces': responseWay(
    events(
      ...pieces(CARD).flatMap((delta) => [
        { ...AT, type: 'response.reasoning_text.delta', delta },
        {
          item_id: 'r',
          output_index: 2,
          summary_index: 0,
          type: 'response.reasoning_summary_text.delta',
          delta,
        },
      ]),
    ),
  ),
  'a refusal of a response, in pieces': responseWay(
    events(...pieces(CARD).map((delta) => ({ ...AT, type: 'response.refusal.delta', delta }))),
  ),
  'log probabilities of a response': responseWay(response([said('Fine.', { logprobs: tokensOf(CARD) })])),
  'log probabilities of streamed deltas that are empty': responseWay(
    events(
      ...tokensOf(CARD).map((token) => ({
        ...AT,
        type: 'response.output_text.delta',
        delta: '',
        logprobs: [token],
      })),
      { ...AT, type: 'response.output_text.done', text: 'Fine.', logprobs: tokensOf(CARD) },
    ),
  ),
  'the last event’s copy of a response alone': responseWay([
    { type: 'response.created', sequence_number: 0, response: response([]) },
    { type: 'response.completed', sequence_number: 1, response: response([said(`It is ${CARD}.`)]) },
  ]),
  'arguments of a response that are an object': responseWay(
    response([
      { id: 'ts_1', type: 'tool_search_call', call_id: 'c', arguments: { card: DIGITS, [CARD]: 1 } },
    ]),
  ),
  'arguments of a response in escapes, in pieces': responseWay(
    events(
      ...pieces(HIDDEN_JSON).map((delta) => ({
        item_id: 'fc',
        output_index: 1,
        type: 'response.function_call_arguments.delta',
        delta,
      })),
      {
        item_id: 'fc',
        output_index: 1,
        type: 'response.function_call_arguments.done',
        arguments: HIDDEN_JSON,
      },
    ),
  ),
  'an echo of the instructions and of metadata': responseWay({
    ...response([]),
    instructions: CARD,
    metadata: { note: CARD },
  }),
};
