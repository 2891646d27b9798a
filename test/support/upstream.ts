import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type UpstreamHandler = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

/** A model runner that keeps every byte it receives. The handler can be exchanged between calls. */
export interface CapturingUpstream {
  /** Base URL, ending in `/v1`. */
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** Requests whose connection the other side closed before the answer was out. */
  readonly aborted: () => number;
  /** Connections opened so far. */
  readonly opened: () => number;
  respond(handler: UpstreamHandler): void;
  /** Everything received, for searching. */
  bytes(): string;
  close(): Promise<void>;
}

export async function startUpstream(first: UpstreamHandler = echoHandler): Promise<CapturingUpstream> {
  let handler = first;
  let aborted = 0;
  let opened = 0;
  const received: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) aborted += 1;
    });
    void (async (): Promise<void> => {
      const entry = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: await text(request),
      };
      received.push(entry);
      await handler(entry, response);
    })().catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    received,
    aborted: () => aborted,
    opened: () => opened,
    respond(next): void {
      handler = next;
    },
    bytes: () => received.map((entry) => JSON.stringify(entry.headers) + entry.path + entry.body).join('\n'),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export function parseChat(request: ReceivedRequest): ChatRequest {
  return JSON.parse(request.body) as ChatRequest;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function completion(message: object, extra: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'demo',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...message },
        logprobs: null,
        finish_reason: 'stop',
        ...extra,
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
  };
}

export function chunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'demo', choices })}\n\n`;
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** Says back what the last message said, as JSON or, in pieces of `size` characters, as a stream. */
export async function echoHandler(
  request: ReceivedRequest,
  response: ServerResponse,
  size = 3,
): Promise<void> {
  if (request.path === '/v1/models') {
    sendJson(response, {
      object: 'list',
      data: [{ id: 'demo', object: 'model', created: 1, owned_by: 'test' }],
    });
    return;
  }
  const chat = parseChat(request);
  const last = chat.messages.at(-1)?.content;
  const content = typeof last === 'string' ? last : JSON.stringify(last);
  if (chat.stream !== true) {
    sendJson(response, completion({ content }));
    return;
  }
  startStream(response);
  response.write(chunk({ role: 'assistant', content: '' }));
  const characters = Array.from(content);
  for (let i = 0; i < characters.length; i += size) {
    response.write(chunk({ content: characters.slice(i, i + size).join('') }));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.write(chunk({}, 'stop'));
  response.end('data: [DONE]\n\n');
}
