import { type Dialect } from '../../dialects/dialect.ts';
import {
  openaiChatMessages,
  openaiDeleteChat,
  openaiRetrieveChat,
} from '../../dialects/openai-chat-stored.ts';
import {
  openaiCancelResponse,
  openaiDeleteResponse,
  openaiInputItems,
  openaiRetrieveResponse,
} from '../../dialects/openai-responses-stored.ts';
import { type Parameter, type Route } from '../route-table.ts';
import { AS_THE_VENDOR, CALL_REFUSALS, callRoute, type CallRouteOptions, EVENTS } from './completions.ts';

/** What runners store of calls, for who made them. */
export function storedRoutes(options: CallRouteOptions): readonly Route[] {
  const route = (dialect: Dialect, id: string, summary: string): Route =>
    storedRoute(dialect, id, summary, options);
  return [
    route(openaiRetrieveResponse, 'getResponse', 'A stored response, whole or as a stream from any event'),
    route(openaiDeleteResponse, 'deleteResponse', 'Deletes a stored response'),
    route(openaiCancelResponse, 'cancelResponse', 'Cancels a background response'),
    route(openaiInputItems, 'listInputItems', 'What a stored response was asked with'),
    route(openaiRetrieveChat, 'getChatCompletion', 'A stored chat completion'),
    route(openaiDeleteChat, 'deleteChatCompletion', 'Deletes a stored chat completion'),
    route(openaiChatMessages, 'listChatMessages', 'What a stored chat completion was asked with'),
  ];
}

function storedRoute(dialect: Dialect, id: string, summary: string, options: CallRouteOptions): Route {
  const parameters = parametersOf(dialect);
  const streams = parameters.some(({ name }) => name === 'stream');
  return {
    id,
    method: dialect.bodiless ?? 'GET',
    path: `/v1${dialect.path.replace(':id', '{id}')}`,
    access: 'token',
    errors: 'openai',
    tag: 'Stored',
    summary,
    operation: dialect.operation,
    parameters,
    answers: {
      200: {
        description: "The runner's answer, with the caller's own values put back.",
        content: { 'application/json': AS_THE_VENDOR, ...(streams ? { 'text/event-stream': EVENTS } : {}) },
      },
    },
    refusals: CALL_REFUSALS,
    handle: callRoute(dialect, options),
  };
}

function parametersOf({ requestShape: { object } }: Dialect): readonly Parameter[] {
  if (object === undefined || 'tag' in object) throw new TypeError('parameters are an object of one kind');
  return [...object.keys.keys()].map((name) =>
    name === 'id'
      ? { name, in: 'path', description: 'The id, as the runner gave it to this caller.', example: 'resp_1' }
      : { name, in: 'query', description: 'As the vendor describes it.' },
  );
}
