import { type Dialect } from '../../dialects/dialect.ts';
import {
  openaiChatMessages,
  openaiDeleteChat,
  openaiRetrieveChat,
  openaiUpdateChat,
} from '../../dialects/openai-chat-stored.ts';
import {
  openaiCancelResponse,
  openaiDeleteResponse,
  openaiInputItems,
  openaiRetrieveResponse,
} from '../../dialects/openai-responses-stored.ts';
import { LIST_CHATS, type ListCall } from '../../gateway/stored-chats.ts';
import { createCallSignal } from '../call-signal.ts';
import { readCallHeaders } from '../headers.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { readParameters } from '../read-parameters.ts';
import { type Parameter, type Route } from '../route-table.ts';
import { AS_THE_VENDOR, CALL_REFUSALS, callRoute, type CallRouteOptions, EVENTS } from './completions.ts';

export interface StoredRouteOptions extends CallRouteOptions {
  readonly listChats: (call: ListCall) => Promise<{ readonly body: string; readonly policyHash: string }>;
  readonly createId: () => string;
}

/** What runners store of calls, for who made them. */
export function storedRoutes(options: StoredRouteOptions): readonly Route[] {
  const route = (dialect: Dialect, id: string, summary: string): Route =>
    storedRoute(dialect, id, summary, options);
  return [
    route(openaiRetrieveResponse, 'getResponse', 'A stored response, whole or as a stream from any event'),
    route(openaiDeleteResponse, 'deleteResponse', 'Deletes a stored response'),
    route(openaiCancelResponse, 'cancelResponse', 'Cancels a background response'),
    route(openaiInputItems, 'listInputItems', 'What a stored response was asked with'),
    route(openaiRetrieveChat, 'getChatCompletion', 'A stored chat completion'),
    aboutRoute(options),
    listRoute(options),
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

function aboutRoute(options: CallRouteOptions): Route {
  const { path, operation, requestShape } = openaiUpdateChat;
  return {
    id: 'updateChatCompletion',
    method: 'POST',
    path: `/v1${path.replace(':id', '{id}')}`,
    access: 'token',
    errors: 'openai',
    tag: 'Stored',
    summary: 'Gives a stored chat completion other metadata',
    operation,
    parameters: [ID],
    request: {
      body: { shape: requestShape },
      examples: { ticket: { summary: 'A ticket number', value: { metadata: { ticket: 'T-1' } } } },
    },
    answers: { 200: { description: 'The completion.', content: { 'application/json': AS_THE_VENDOR } } },
    refusals: CALL_REFUSALS,
    handle: callRoute(openaiUpdateChat, options),
  };
}

function listRoute(options: StoredRouteOptions): Route {
  const described = { in: 'query', description: 'As the vendor describes it.' } as const;
  return {
    id: 'listChatCompletions',
    method: 'GET',
    path: '/v1/chat/completions',
    access: 'token',
    errors: 'openai',
    tag: 'Stored',
    summary: 'The stored chat completions of this caller',
    operation: LIST_CHATS,
    parameters: ['after', 'limit', 'order', 'model', 'metadata[KEY]'].map((name) => ({ name, ...described })),
    answers: { 200: { description: 'A page.', content: { 'application/json': AS_THE_VENDOR } } },
    refusals: CALL_REFUSALS,
    handle: async (ctx) => {
      const held = options.bodyBudget();
      try {
        const { body, policyHash } = await options.listChats({
          requestId: ctx.state.requestId,
          principal: principalOf(ctx),
          ...readCallHeaders(ctx.req),
          readSource: () => Promise.resolve(readParameters({}, ctx.URL.searchParams)),
          receivedAtMs: ctx.state.receivedAtMs,
          createId: options.createId,
          hold: (bytes) => {
            held.add(bytes);
          },
          signal: createCallSignal(ctx.res, options),
        });
        ctx.set('Cordon-Policy-Version', policyHash);
        ctx.type = 'application/json';
        ctx.body = body;
      } finally {
        held.release();
      }
    },
  };
}

const ID: Parameter = {
  name: 'id',
  in: 'path',
  description: 'The id, as the runner gave it to this caller.',
  example: 'resp_1',
};

function parametersOf({ requestShape: { object } }: Dialect): readonly Parameter[] {
  if (object === undefined || 'tag' in object) throw new TypeError('parameters are an object of one kind');
  return [...object.keys.keys()].map((name) =>
    name === 'id' ? ID : { name, in: 'query', description: 'As the vendor describes it.' },
  );
}
