import test from 'ava';
import {
  type ErrorBody,
  type TestCordon,
  errorOf,
  postChat,
  startTestCordon,
  userMessage,
} from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import {
  type CapturingUpstream,
  type UpstreamHandler,
  chunk,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

const PROMPT = `write to ${PLANTED.email}`;

/** The outcome and error in the COMPLETION of the call. */
async function completionOf(requestId: string | null): Promise<{ outcome: unknown; error: unknown }> {
  const shown = await cordon.audit.show(requestId ?? '');
  return { outcome: shown?.completion?.data['outcome'] ?? 'none', error: shown?.completion?.data['error'] };
}

const STREAMS: Readonly<Record<string, readonly [UpstreamHandler, string]>> = {
  'is not JSON': [
    (_, response) => {
      startStream(response);
      response.end('data: {nonsense\n\ndata: [DONE]\n\n');
    },
    'upstream_invalid',
  ],
  'ends early': [
    (_, response) => {
      startStream(response);
      response.end(chunk({ content: 'a' }));
    },
    'upstream_error',
  ],
  'is reset': [
    (_, response) => {
      startStream(response);
      response.write(chunk({ content: 'a' }), () => response.destroy());
    },
    'upstream_error',
  ],
  'has a line of 10 MB': [
    (_, response) => {
      startStream(response);
      response.end(`data: "${'x'.repeat(10 * 1024 * 1024)}"\n\n`);
    },
    'upstream_invalid',
  ],
  'is not UTF-8': [
    (_, response) => {
      startStream(response);
      response.end(
        Buffer.concat([Buffer.from('data: {"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n\n')]),
      );
    },
    'upstream_invalid',
  ],
};

for (const [title, [handler, code]] of Object.entries(STREAMS)) {
  test.serial(`a stream that ${title} ends in a well-formed error event and a COMPLETION`, async (t) => {
    upstream.respond(handler);
    const response = await postChat(cordon, token, userMessage(PROMPT, { stream: true }));
    t.is(response.status, 200);
    const events = (await response.text()).split('\n\n').filter(Boolean);
    const last = JSON.parse((events.at(-1) ?? '').replace(/^data: /, '')) as ErrorBody;
    t.is(last.error.code, code);
    t.is(last.error.request_id, response.headers.get('cordon-request-id') ?? '');
    t.false(events.includes('data: [DONE]'));
    t.deepEqual(await completionOf(response.headers.get('cordon-request-id')), {
      outcome: 'upstream_error',
      error: code,
    });
  });
}

const ANSWERS: Readonly<Record<string, readonly [UpstreamHandler, number, string]>> = {
  'is not JSON': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{nonsense');
    },
    502,
    'upstream_invalid',
  ],
  'is not a completion': [
    (_, response) => {
      sendJson(response, { hello: 'world' });
    },
    502,
    'upstream_invalid',
  ],
  'has the wrong type': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>');
    },
    502,
    'upstream_invalid',
  ],
  'is too long': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"a":"${'x'.repeat(33 * 1024 * 1024)}"}`);
    },
    502,
    'upstream_invalid',
  ],
  'is reset': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' });
      response.write('{', () => response.destroy());
    },
    502,
    'upstream_error',
  ],
  'is an error that quotes the prompt': [
    (request, response) => {
      sendJson(response, { error: { message: request.body, code: 'context_length_exceeded' } }, 400);
    },
    400,
    'upstream_rejected',
  ],
  'is a rate limit': [
    (_, response) => {
      sendJson(response, { error: { message: 'slow down' } }, 429);
    },
    429,
    'too_many_requests',
  ],
  'is a refusal of our credential': [
    (_, response) => {
      sendJson(response, { error: { message: 'bad key sk-ours' } }, 401);
    },
    502,
    'upstream_error',
  ],
};

for (const [title, [handler, status, code]] of Object.entries(ANSWERS)) {
  test.serial(`an answer that ${title} is a clear error and a COMPLETION`, async (t) => {
    upstream.respond(handler);
    const response = await postChat(cordon, token, userMessage(PROMPT));
    t.is(response.status, status);
    const error = await errorOf(response);
    t.is(error.code, code);
    t.notRegex(JSON.stringify(error), /write to|sk-ours/);
    t.deepEqual(await completionOf(response.headers.get('cordon-request-id')), {
      outcome: 'upstream_error',
      error: code,
    });
  });
}

test.serial('a caller that leaves at any event leaves a COMPLETION, and the runner is told', async (t) => {
  for (let leaveAt = 1; leaveAt <= 6; leaveAt++) {
    const before = upstream.aborted();
    upstream.respond((_, response) => {
      startStream(response);
      for (let i = 0; i < leaveAt; i++) response.write(chunk({ content: `piece ${i} ` }));
    });
    const controller = new AbortController();
    const response = await postChat(cordon, token, userMessage(PROMPT, { stream: true }), {
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    let text = '';
    while ((text.match(/\n\n/g) ?? []).length < leaveAt) {
      const next = await reader?.read();
      if (next === undefined || next.done) break;
      text += new TextDecoder().decode(next.value as Uint8Array);
    }
    controller.abort();
    const id = response.headers.get('cordon-request-id');
    let outcome = await completionOf(id);
    for (let i = 0; i < 200 && outcome.outcome === 'none'; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      outcome = await completionOf(id);
    }
    t.deepEqual(outcome, { outcome: 'client_abort', error: 'client_closed_request' });
    for (let i = 0; i < 200 && upstream.aborted() === before; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    t.is(upstream.aborted(), before + 1);
  }
});
