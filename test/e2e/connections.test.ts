import { writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Agent, type Dispatcher, request } from 'undici';
import { type Principal } from '../../src/domain/principal.ts';
import {
  type TestCordon,
  errorOf,
  postChat,
  startTestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import {
  type CapturingUpstream,
  chunk,
  completion,
  echoHandler,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

const ALICE: Principal = {
  issuer: 'test',
  tenant: 'acme',
  subject: 'alice',
  roles: ['user'],
  groups: [],
  client: undefined,
  purposes: [],
  tokenId: undefined,
  expiresAt: 4_000_000_000,
};
const MEGABYTE = 'x'.repeat(1024 * 1024);

let upstream: CapturingUpstream;
let cordon: TestCordon;
let admit: Promise<void> = Promise.resolve();
let arrived = 0;

test.before(async () => {
  upstream = await startUpstream();
  const config = path.join(temporaryDirectory(), 'cordon.yaml');
  writeFileSync(config, 'server: { call_timeout_ms: 1500, drain_timeout_ms: 200 }\n');
  cordon = await startTestCordon({
    runnerUrl: upstream.url,
    env: { CORDON_CONFIG: config },
    replace: {
      authenticate: async () => {
        arrived += 1;
        await admit;
        return ALICE;
      },
    },
  });
});

test.beforeEach(() => {
  upstream.received.length = 0;
  upstream.respond(echoHandler);
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

function open(...bodies: readonly object[]): Socket {
  const socket = connect(Number(new URL(cordon.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  for (const body of bodies) {
    const text = JSON.stringify(body);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  return socket;
}

async function openCalls(): Promise<number> {
  const metrics = await (await fetch(`${cordon.adminUrl}/metrics`)).text();
  return Number(/cordon_calls_in_flight (\d+)/.exec(metrics)?.[1]);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function checkClosed(t: ExecutionContext): Promise<void> {
  t.true(await until(async () => (await openCalls()) === 0), 'no place is held any more');
  // The end of a call that was cut off may be written just after its place is free.
  const openPairs = async (): Promise<number> => (await cordon.audit.verify({ decrypt: true })).pairing.open;
  t.true(await until(async () => (await openPairs()) === 0), 'each call has its end on record');
  t.deepEqual((await cordon.audit.verify({ decrypt: true })).problems, []);
}

test.serial(
  'a caller that leaves while its token is checked: nothing is forwarded, and it is recorded',
  async (t) => {
    for (const stream of [true, false]) {
      let letIn: () => void = () => undefined;
      admit = new Promise((resolve) => (letIn = resolve));
      const before = arrived;
      const socket = open(userMessage('hello', { stream }));
      t.true(await until(() => arrived > before));
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 100));
      letIn();
      await checkClosed(t);
      t.is(upstream.received.length, 0);
    }
    const { items } = await cordon.audit.list({ types: ['COMPLETION'] }, 2);
    t.is(items.length, 2);
    for (const { record } of items) t.is(record.data['error'], 'client_closed_request');
  },
);

test.serial('a caller that leaves just as the runner answers leaves a COMPLETION', async (t) => {
  for (let round = 0; round < 40; round++) {
    const before = upstream.received.length;
    let leave: () => void = () => undefined;
    upstream.respond((_, response) => {
      startStream(response);
      response.write(chunk({ content: 'first' }));
      setTimeout(() => {
        leave();
      }, round % 4);
    });
    const socket = open(userMessage('hello', { stream: true }));
    leave = () => socket.destroy();
    t.true(await until(() => upstream.received.length > before && socket.destroyed));
  }
  await checkClosed(t);
});

test.serial('pipelined calls on a connection that breaks hold no place', async (t) => {
  for (let round = 0; round < 5; round++) {
    const socket = open(...Array.from({ length: 5 }, (_, i) => userMessage(`call ${i}`)));
    t.true(await until(() => upstream.received.length > round));
    socket.destroy();
  }
  await checkClosed(t);
});

test.serial('pipelined calls are answered in their order', async (t) => {
  const socket = open(userMessage('first'), userMessage('second'), userMessage('third'));
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString()));
  t.true(await until(() => text.includes('third')));
  t.deepEqual(text.match(/first|second|third/g), ['first', 'second', 'third']);
  socket.destroy();
});

test.serial('a reader that stalls loses its connection once the time of its call is up', async (t) => {
  upstream.respond((request, response) => {
    if (!request.body.includes('"stream":true')) {
      sendJson(response, completion({ content: MEGABYTE.repeat(20) }));
      return;
    }
    startStream(response);
    for (let i = 0; i < 200; i++) response.write(chunk({ content: MEGABYTE.slice(0, 100_000) }));
  });
  for (const stream of [true, false]) {
    const socket = open(userMessage('hello', { stream }));
    socket.pause();
    t.true(await until(() => upstream.received.length > 0));
    await checkClosed(t);
    socket.destroy();
  }
});

test.serial('a chunked body over the limit is told so', async (t) => {
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 12; i++) controller.enqueue(new TextEncoder().encode(MEGABYTE));
      controller.close();
    },
  });
  const response = await fetch(`${cordon.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  });
  t.is(response.status, 413);
  const shown = await cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
  t.is(shown?.completion?.data['error'], 'payload_too_large');
});

test.serial(
  'what is wrong with a body or a header is told and recorded, and nothing is forwarded',
  async (t) => {
    const refused = [
      { headers: { 'content-type': 'text/plain' }, code: 'unsupported_media_type' },
      { headers: { 'cordon-purpose': 'not a purpose' }, code: 'invalid_request' },
      { headers: { 'cordon-data-subject': 'not a subject' }, code: 'invalid_request' },
    ];
    for (const { headers, code } of refused) {
      const response = await postChat(cordon, undefined, userMessage('hello'), { headers });
      t.is((await errorOf(response)).code, code);
      const shown = await cordon.audit.show(response.headers.get('cordon-request-id') ?? '');
      t.is(shown?.decision?.data['reason'], code);
      t.is(shown?.completion?.data['error'], code);
    }
    t.is(upstream.received.length, 0);
  },
);

test.serial(
  'a connection whose call was refused in the middle of its body serves the next call',
  async (t) => {
    const agent = new Agent({ connections: 1 });
    const send = async (content: string): Promise<Dispatcher.ResponseData> =>
      request(`${cordon.url}/v1/chat/completions`, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(userMessage(content)),
      });
    for (const size of [11, 30]) {
      const refused = await send(MEGABYTE.repeat(size));
      t.is(refused.statusCode, 413);
      await refused.body.dump();
      const next = await send('hello');
      t.is(next.statusCode, 200);
      await next.body.dump();
    }
    await agent.close();
  },
);

test.serial(
  'a stream cut off by a stop ends in an error event, and is recorded as what it was',
  async (t) => {
    upstream.respond((_, response) => {
      startStream(response);
      response.write(chunk({ content: 'first' }));
    });
    const other = await startTestCordon({
      runnerUrl: upstream.url,
      env: { CORDON_CONFIG: path.join(configFolder('server: { drain_timeout_ms: 200 }'), 'cordon.yaml') },
      replace: { authenticate: () => Promise.resolve(ALICE) },
    });
    const response = await postChat(other, undefined, userMessage('hello', { stream: true }));
    const text = response.text();
    await other.stop('test');
    const events = (await text).split('\n\n').filter(Boolean);
    t.regex(events.at(-1) ?? '', /"code":"shutting_down"/);
    const again = await startTestCordon({ dataDirectory: other.dataDirectory, runnerUrl: upstream.url });
    const shown = await again.audit.show(response.headers.get('cordon-request-id') ?? '');
    t.is(shown?.completion?.data['error'], 'shutting_down');
    await again.dispose();
  },
);

test.serial(
  'large bodies that together exceed the budget are refused, and the bytes are given back',
  async (t) => {
    let letRead: () => void = () => undefined;
    let gate = new Promise<void>((resolve) => (letRead = resolve));
    let inspecting = 0;
    const config = path.join(configFolder('server: { max_body_bytes_in_flight: 10485760 }'), 'cordon.yaml');
    upstream.respond((request, response) => {
      if (request.body.includes('"stream":true')) {
        startStream(response);
        response.end(`${chunk({ content: 'read' }, 'stop')}data: [DONE]\n\n`);
      } else sendJson(response, completion({ content: 'read' }));
    });
    const other = await startTestCordon({
      runnerUrl: upstream.url,
      env: { CORDON_CONFIG: config },
      replace: {
        authenticate: () => Promise.resolve(ALICE),
        detector: (real) => ({
          version: real.version,
          async detect(requests) {
            inspecting += 1;
            await gate;
            return requests.map(() => []);
          },
        }),
      },
    });
    for (const stream of [false, true]) {
      gate = new Promise<void>((resolve) => (letRead = resolve));
      inspecting = 0;
      upstream.received.length = 0;
      const body = userMessage(MEGABYTE.repeat(4), { stream });
      const calls = Array.from({ length: 3 }, () => postChat(other, undefined, body));
      const refused = await Promise.race(calls);
      t.is(refused.status, 429);
      t.is(refused.headers.get('retry-after'), '1');
      t.true(await until(() => inspecting === 2));
      letRead();
      const answers = await Promise.all(calls);
      t.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 429]);
      await Promise.all(answers.filter((answer) => answer !== refused).map((answer) => answer.text()));
      t.is(upstream.received.length, 2);
    }
    await other.dispose();
  },
);

function configFolder(text: string): string {
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'cordon.yaml'), text);
  return directory;
}
