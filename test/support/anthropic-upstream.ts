import { type ServerResponse } from 'node:http';
import { type ReceivedRequest, sendJson, startStream } from './upstream.ts';

export interface MessageRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export function parseMessages(request: ReceivedRequest): MessageRequest {
  return JSON.parse(request.body) as MessageRequest;
}

const HEAD = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test', stop_sequence: null };

export function messageOf(content: readonly object[], stopReason = 'end_turn'): object {
  return { ...HEAD, content, stop_reason: stopReason, usage: { input_tokens: 10, output_tokens: 20 } };
}

export function writeEvent(
  response: ServerResponse,
  data: { readonly type: string; readonly [key: string]: unknown },
): void {
  response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
}

interface StreamedBlock {
  readonly begin: object;
  /** The delta that carries one piece. */
  readonly delta: (piece: string) => object;
  readonly text: string;
  /** A last delta. */
  readonly last?: object;
}

/** A message as the vendor streams it, each text in pieces of `size` characters. */
export function streamMessage(
  response: ServerResponse,
  blocks: readonly StreamedBlock[],
  size: number,
): void {
  startStream(response);
  writeEvent(response, {
    type: 'message_start',
    message: { ...HEAD, content: [], stop_reason: null, usage: { input_tokens: 10, output_tokens: 1 } },
  });
  writeEvent(response, { type: 'ping' });
  for (const [index, { begin, delta, text, last }] of blocks.entries()) {
    writeEvent(response, { type: 'content_block_start', index, content_block: begin });
    const characters = Array.from(text);
    for (let i = 0; i < characters.length; i += size) {
      const piece = characters.slice(i, i + size).join('');
      writeEvent(response, { type: 'content_block_delta', index, delta: delta(piece) });
    }
    if (last !== undefined) writeEvent(response, { type: 'content_block_delta', index, delta: last });
    writeEvent(response, { type: 'content_block_stop', index });
  }
  writeEvent(response, {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 20 },
  });
  writeEvent(response, { type: 'message_stop' });
  response.end();
}

export function textBlock(text: string): StreamedBlock {
  return { begin: { type: 'text', text: '' }, delta: (piece) => ({ type: 'text_delta', text: piece }), text };
}

/** Says back `said` (by default what the last message said), as JSON or as a stream; counts tokens by the character. */
export function echoMessage(
  request: ReceivedRequest,
  response: ServerResponse,
  options: { readonly size?: number; readonly said?: (request: ReceivedRequest) => string } = {},
): void {
  const body = parseMessages(request);
  if (request.path.endsWith('/count_tokens')) {
    sendJson(response, { input_tokens: request.body.length });
    return;
  }
  const last = body.messages.at(-1)?.content;
  const text = options.said?.(request) ?? (typeof last === 'string' ? last : JSON.stringify(last));
  if (body.stream === true) streamMessage(response, [textBlock(text)], options.size ?? 3);
  else sendJson(response, messageOf([{ type: 'text', text }]));
}
