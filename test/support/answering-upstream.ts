import { type ServerResponse } from 'node:http';
import { responseOf } from '../dialects/recorded-responses.ts';
import { messageOf, streamMessage, textBlock } from './anthropic-upstream.ts';
import { chunk, completion, type ReceivedRequest, sendJson, startStream } from './upstream.ts';

/** What a runner answers, on whichever surface it is asked. */
export interface Said {
  readonly text: string;
  /** JSON source of the arguments of a tool call. */
  readonly toolArguments?: string;
  readonly thinking?: string;
}

/** Answers on all text surfaces, as JSON or as a stream in pieces of `size` characters. */
export function answer(
  request: ReceivedRequest,
  response: ServerResponse,
  said: Said,
  size = 4,
): void | Promise<void> {
  const { stream = false } = JSON.parse(request.body) as { readonly stream?: boolean };
  if (request.path === '/v1/messages') {
    answerMessages(response, said, stream, size);
    return;
  }
  if (request.path === '/v1/responses') {
    answerResponses(response, said, stream, size);
    return;
  }
  if (request.path === '/v1/completions') {
    answerCompletions(response, said.text, stream, size);
    return;
  }
  return answerChat(response, said, stream, size);
}

function pieces(text: string, size: number): readonly string[] {
  return text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];
}

async function answerChat(
  response: ServerResponse,
  said: Said,
  stream: boolean,
  size: number,
): Promise<void> {
  const call = (text: string): object => ({
    tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'send', arguments: text } }],
  });
  const { text, toolArguments, thinking } = said;
  if (!stream) {
    const extra = { logprobs: { content: [{ token: text, logprob: 0, bytes: null, top_logprobs: [] }] } };
    sendJson(
      response,
      completion(
        {
          content: text,
          ...(thinking === undefined ? {} : { reasoning_content: thinking }),
          ...(toolArguments === undefined ? {} : call(toolArguments)),
        },
        extra,
      ),
    );
    return;
  }
  startStream(response);
  response.write(chunk({ role: 'assistant', content: '' }));
  for (const piece of pieces(thinking ?? '', size)) response.write(chunk({ reasoning_content: piece }));
  for (const piece of pieces(text, size)) {
    response.write(chunk({ content: piece }));
    if (size < 8) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const piece of pieces(toolArguments ?? '', size)) {
    response.write(chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }));
  }
  response.write(chunk({}, 'stop'));
  response.end('data: [DONE]\n\n');
}

function answerCompletions(response: ServerResponse, text: string, stream: boolean, size: number): void {
  const saying = (piece: string, finish: string | null): object => ({
    id: 'x',
    object: 'text_completion',
    choices: [{ index: 0, text: piece, finish_reason: finish }],
  });
  if (!stream) {
    sendJson(response, saying(text, 'stop'));
    return;
  }
  startStream(response);
  for (const piece of pieces(text, size)) response.write(`data: ${JSON.stringify(saying(piece, null))}\n\n`);
  response.end(`data: ${JSON.stringify(saying('', 'stop'))}\n\ndata: [DONE]\n\n`);
}

function answerMessages(response: ServerResponse, said: Said, stream: boolean, size: number): void {
  const { text, toolArguments, thinking } = said;
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'send' };
  if (!stream) {
    const content = [
      ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 'c2ln' }]),
      { type: 'text', text },
      ...(toolArguments === undefined ? [] : [{ ...tool, input: JSON.parse(toolArguments) as object }]),
    ];
    sendJson(response, messageOf(content));
    return;
  }
  const thought = {
    begin: { type: 'thinking', thinking: '', signature: '' },
    delta: (piece: string) => ({ type: 'thinking_delta', thinking: piece }),
    text: thinking ?? '',
    last: { type: 'signature_delta', signature: 'c2ln' },
  };
  const called = {
    begin: { ...tool, input: {} },
    delta: (piece: string) => ({ type: 'input_json_delta', partial_json: piece }),
    text: toolArguments ?? '',
  };
  const blocks = [
    ...(thinking === undefined ? [] : [thought]),
    textBlock(text),
    ...(toolArguments === undefined ? [] : [called]),
  ];
  streamMessage(response, blocks, size);
}

function answerResponses(response: ServerResponse, said: Said, stream: boolean, size: number): void {
  const { text, toolArguments = '{}' } = said;
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] };
  const call = {
    id: 'fc_1',
    type: 'function_call',
    call_id: 'call_1',
    name: 'send',
    arguments: toolArguments,
  };
  const whole = responseOf([message, call]);
  if (!stream) {
    sendJson(response, whole);
    return;
  }
  startStream(response);
  let sequence = 0;
  const emit = (type: string, members: object): void => {
    const data = JSON.stringify({ type, sequence_number: sequence++, ...members });
    response.write(`event: ${type}\ndata: ${data}\n\n`);
  };
  emit('response.created', { response: responseOf([]) });
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  emit('response.output_item.added', { output_index: 0, item: { ...message, content: [] } });
  emit('response.content_part.added', { ...at, part: { ...part, text: '' } });
  for (const piece of pieces(text, size)) {
    emit('response.output_text.delta', { ...at, delta: piece, logprobs: [] });
  }
  emit('response.output_text.done', { ...at, text, logprobs: [] });
  emit('response.content_part.done', { ...at, part });
  emit('response.output_item.done', { output_index: 0, item: message });
  emit('response.output_item.added', { output_index: 1, item: { ...call, arguments: '' } });
  for (const piece of pieces(toolArguments, size)) {
    emit('response.function_call_arguments.delta', { item_id: 'fc_1', output_index: 1, delta: piece });
  }
  emit('response.function_call_arguments.done', {
    item_id: 'fc_1',
    output_index: 1,
    arguments: toolArguments,
  });
  emit('response.output_item.done', { output_index: 1, item: call });
  emit('response.completed', { response: whole });
  response.end();
}
