import { type ServerResponse } from 'node:http';
import { echoMessage } from '../support/anthropic-upstream.ts';
import { postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { OWN_CONTAINER } from './least-value.ts';
import {
  type CapturingUpstream,
  completion,
  type ReceivedRequest,
  sendJson,
  startUpstream,
} from '../support/upstream.ts';

export interface Outcome {
  readonly status: number;
  /** All that the caller got. */
  readonly heard: string;
  /** All that the upstream got of this call; empty when nothing left. */
  readonly left: string;
  readonly code: string | undefined;
  readonly param: string | undefined;
}

export interface Product {
  readonly upstream: CapturingUpstream;
  /** One call at a time: what the upstream got is this call's. */
  send(surface: string, body: unknown): Promise<Outcome>;
  stop(): Promise<void>;
}

/** The whole product in front of an upstream that says back the request it got. */
export async function startProduct(): Promise<Product> {
  const upstream = await startUpstream(sayBack);
  const cordon: TestCordon = await startTestCordon({ runnerUrl: upstream.url });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  await giveContainer(upstream, cordon, token);
  return {
    upstream,
    async send(surface, body): Promise<Outcome> {
      upstream.received.length = 0;
      const response = await postChat(cordon, token, body, { path: `/v1/${surface}` });
      const heard = await response.text();
      const error = response.ok ? undefined : errorIn(heard);
      return {
        status: response.status,
        heard,
        left: upstream.received.length === 0 ? '' : upstream.bytes(),
        code: error?.code,
        param: error?.param ?? undefined,
      };
    },
    async stop(): Promise<void> {
      await cordon.dispose();
      await upstream.close();
    },
  };
}

/** An answer that ran code, so that what it ran in is the caller's from then on. */
async function giveContainer(upstream: CapturingUpstream, cordon: TestCordon, token: string): Promise<void> {
  upstream.respond((_, response) => {
    const call = { type: 'code_interpreter_call', id: 'ci_1', status: 'completed', code: '1', outputs: [] };
    const output = [{ ...call, container_id: OWN_CONTAINER }];
    sendJson(response, { id: 'resp_0', object: 'response', status: 'completed', output });
  });
  await postChat(cordon, token, { model: 'demo', input: 'hello' }, { path: '/v1/responses' });
  upstream.respond(sayBack);
}

function errorIn(body: string): { readonly code?: string; readonly param?: string | null } | undefined {
  const { error } = JSON.parse(body) as {
    readonly error?: { readonly code?: string; readonly param?: string | null };
  };
  return error;
}

function sayBack(request: ReceivedRequest, response: ServerResponse): void {
  switch (request.path) {
    case '/v1/messages':
    case '/v1/messages/count_tokens':
      echoMessage(request, response, { said: ({ body }) => body });
      break;
    case '/v1/embeddings':
      sendJson(response, { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1] }] });
      break;
    case '/v1/completions':
      sendJson(response, { id: 'x', object: 'text_completion', choices: [{ index: 0, text: request.body }] });
      break;
    case '/v1/responses/input_tokens':
      sendJson(response, { object: 'response.input_tokens', input_tokens: 3 });
      break;
    case '/v1/responses/compact':
    case '/v1/responses':
      sendJson(response, {
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        output: [
          {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: request.body, annotations: [] }],
          },
        ],
      });
      break;
    default:
      sendJson(response, completion({ content: request.body }));
  }
}
