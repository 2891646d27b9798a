import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A model runner for trying Cordon out: a real OpenAI-compatible HTTP server whose model answers with what it
 * received, so that a person sees what left. Development only.
 */
export interface DemoRunner {
  /** Base URL, ending in `/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startDemoRunner(options: {
  readonly port?: number;
  readonly clock: () => number;
}): Promise<DemoRunner> {
  const server = createServer((request, response) => {
    answer(request, response, options.clock).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface DemoMessage {
  readonly role?: string;
  readonly content?: unknown;
}
interface DemoRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages?: readonly DemoMessage[];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  clock: () => number,
): Promise<void> {
  const created = Math.floor(clock() / 1000);
  if (request.url === '/v1/models') {
    sendJson(response, 200, {
      object: 'list',
      data: [{ id: 'demo', object: 'model', created, owned_by: 'cordon' }],
    });
    return;
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    sendJson(response, 404, {
      error: { message: 'The demo runner only does chat completions.', type: 'not_found' },
    });
    return;
  }
  const body = JSON.parse(await text(request)) as DemoRequest;
  const heard = lastUserText(body.messages ?? []);
  const content = `I am the demo model. This is what reached me:\n\n${heard}`;
  const id = `chatcmpl-demo-${created}`;
  const usage = {
    prompt_tokens: countTokens(heard),
    completion_tokens: countTokens(content),
    total_tokens: countTokens(heard) + countTokens(content),
  };
  const head = { id, created, model: body.model ?? 'demo' };
  if (body.stream !== true) {
    const message = { role: 'assistant', content, refusal: null };
    sendJson(response, 200, {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage,
    });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (delta: object, finish: string | null): void => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`);
  };
  send({ role: 'assistant', content: '' }, null);
  // Five characters a piece, as a tokeniser would: placeholders arrive split.
  for (const piece of content.match(/[\s\S]{1,5}/gu) ?? []) send({ content: piece }, null);
  send({}, 'stop');
  if (body.stream_options?.include_usage === true) {
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`,
    );
  }
  response.end('data: [DONE]\n\n');
}

function lastUserText(messages: readonly DemoMessage[]): string {
  const content = messages.findLast((message) => message.role === 'user')?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('\n');
}

function countTokens(value: string): number {
  return Math.ceil(value.length / 4);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
