import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A deterministic runner: the same small completion for every call, as fast as Node answers. */
const ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'demo',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Dear <PERSON_1>, thank you. We wrote to <EMAIL_ADDRESS_1> about the order.',
        },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 80, completion_tokens: 20, total_tokens: 100 },
  }),
);

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
});
