import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { echoMessage } from './anthropic-upstream.ts';
import { PLANTED } from './planted.ts';
import { startRouted } from './routed.ts';
import { startStoringUpstream } from './storing-upstream.ts';
import { echoHandler, type ReceivedRequest, sendJson, startStream, startUpstream } from './upstream.ts';

/** What is said in each trial; it has to come back. */
export const SAID_TO_MODEL = `Mail ${PLANTED.email}.`;

/** Both vendors' clients before runners that say back what they hear: `demo`, `kept` (which stores) and `claude-test`. */
export interface SdkScene {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  /** Everything that runners received since. */
  bytes(): string;
  forget(): void;
  dispose(): Promise<void>;
}

export async function startSdkScene(): Promise<SdkScene> {
  const upstreams = [
    await startUpstream(answer),
    await startStoringUpstream(),
    await startUpstream(answerMessage),
  ];
  const [demo, kept, claude] = upstreams;
  const cordon = await startRouted(`runners:
  - { id: claude, kind: anthropic, base_url: '${claude?.url}', models: ['claude-*'] }
  - { id: demo, base_url: '${demo?.url}', models: [demo] }
  - { id: kept, base_url: '${kept?.url}', models: [kept] }
`);
  const apiKey = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  return {
    openai: new OpenAI({ baseURL: `${cordon.url}/v1`, apiKey, maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: cordon.url, apiKey, authToken: null, maxRetries: 0 }),
    bytes: () => upstreams.map((upstream) => upstream.bytes()).join(''),
    forget(): void {
      for (const upstream of upstreams) upstream.received.length = 0;
    },
    async dispose(): Promise<void> {
      await cordon.dispose();
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}

interface Asked {
  readonly stream?: boolean;
  readonly prompt?: string;
  readonly response_format?: unknown;
  readonly tools?: unknown;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
}

function answer(request: ReceivedRequest, response: Parameters<typeof sendJson>[0]): void | Promise<void> {
  if (request.path === '/v1/models') return echoHandler(request, response);
  if (request.method === 'GET') {
    sendJson(response, { object: 'list', data: [], has_more: false });
    return;
  }
  const asked = JSON.parse(request.body) as Asked;
  if (request.path === '/v1/embeddings') {
    const data = [{ object: 'embedding', index: 0, embedding: [0.5] }];
    sendJson(response, { object: 'list', data, model: 'demo', usage: { prompt_tokens: 3, total_tokens: 3 } });
    return;
  }
  if (request.path === '/v1/completions') {
    const choices = [{ index: 0, text: asked.prompt, logprobs: null, finish_reason: 'stop' }];
    const body = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'demo', choices };
    if (asked.stream !== true) sendJson(response, body);
    else {
      startStream(response);
      response.end(`data: ${JSON.stringify(body)}\n\ndata: [DONE]\n\n`);
    }
    return;
  }
  const last = asked.messages?.at(-1);
  if (asked.tools !== undefined && last?.role === 'user') {
    const called = { name: 'say', arguments: JSON.stringify({ text: last.content }) };
    const calls = [{ id: 'call_1', type: 'function', function: called }];
    sendJson(response, {
      ...{ id: 'c', object: 'chat.completion', created: 1, model: 'demo' },
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: null, tool_calls: calls },
          finish_reason: 'tool_calls',
        },
      ],
    });
    return;
  }
  if (asked.response_format === undefined) return echoHandler(request, response);
  const said = { ...asked, messages: [{ role: 'user', content: JSON.stringify({ text: last?.content }) }] };
  return echoHandler({ ...request, body: JSON.stringify(said) }, response);
}

function answerMessage(request: ReceivedRequest, response: Parameters<typeof sendJson>[0]): void {
  if (request.path.startsWith('/v1/models')) {
    sendJson(response, { data: [{ type: 'model', id: 'claude-test' }] });
    return;
  }
  const asked = JSON.parse(request.body) as Asked & { readonly output_config?: unknown };
  const last = asked.messages?.at(-1);
  const content = typeof last?.content === 'string' ? last.content : '';
  if (asked.tools !== undefined && content !== '') {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'say', input: { text: content } };
    sendJson(response, {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test', stop_reason: 'tool_use' },
      ...{ content: [block], usage: { input_tokens: 1, output_tokens: 1 } },
    });
    return;
  }
  const said = asked.output_config === undefined ? undefined : () => JSON.stringify({ text: content });
  echoMessage(request, response, said === undefined ? {} : { said });
}
