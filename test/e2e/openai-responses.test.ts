import test from 'ava';
import { type ServerResponse } from 'node:http';
import { type ResponseInput } from 'openai/resources/responses/responses';
import { CordonError } from '../../src/domain/errors.ts';
import { type Ledger } from '../../src/domain/record.ts';
import { responseOf } from '../dialects/recorded-responses.ts';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import {
  type CapturingUpstream,
  type ReceivedRequest,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
let auditFails = false;

const AUDIT_DOWN = new CordonError('audit_unavailable', 'The record could not be written.');

test.before(async () => {
  upstream = await startUpstream(echo);
  const ledger = (real: Ledger): Ledger => ({
    begin: (record) => real.begin(record),
    note: (record) => real.note(record),
    finish: (record) => (auditFails ? Promise.reject(AUDIT_DOWN) : real.finish(record)),
  });
  cordon = await startTestCordon({ runnerUrl: upstream.url, replace: { ledger } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  auditFails = false;
  upstream.received.length = 0;
  upstream.respond(echo);
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

interface Asked {
  readonly stream?: boolean;
  readonly input:
    string | readonly { readonly type?: string; readonly content?: unknown; readonly output?: unknown }[];
}

function parse(request: ReceivedRequest): Asked {
  return JSON.parse(request.body) as Asked;
}

function lastText({ input }: Asked): string {
  const last = typeof input === 'string' ? input : (input.at(-1)?.content ?? input.at(-1)?.output);
  return typeof last === 'string' ? last : JSON.stringify(last);
}

function messageSaying(text: string): object {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }];
  return { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content };
}

function send(
  response: ServerResponse,
  event: { readonly type: string; readonly [key: string]: unknown },
): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

interface Streamed {
  readonly kind: 'output_text' | 'function_call_arguments';
  readonly item: object;
  readonly opened: object;
  readonly text: string;
  readonly size?: number;
}

/** The events of an answer of one item, its text in pieces of `size`. */
function stream(response: ServerResponse, { kind, item, opened, text, size = 3 }: Streamed): void {
  startStream(response);
  let sequence = 0;
  const emit = (type: string, members: object): void => {
    send(response, { type, sequence_number: sequence++, ...members });
  };
  const at = {
    output_index: 0,
    item_id: 'msg_1',
    ...(kind === 'output_text' ? { content_index: 0, logprobs: [] } : {}),
  };
  emit('response.created', { response: responseOf([], { status: 'in_progress' }) });
  emit('response.output_item.added', { output_index: 0, item: opened });
  if (kind === 'output_text') {
    emit('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
  }
  const characters = Array.from(text);
  for (let i = 0; i < characters.length; i += size) {
    emit(`response.${kind}.delta`, { ...at, delta: characters.slice(i, i + size).join('') });
  }
  emit(`response.${kind}.done`, { ...at, [kind === 'output_text' ? 'text' : 'arguments']: text });
  emit('response.output_item.done', { output_index: 0, item });
  emit('response.completed', { response: responseOf([item]) });
  response.end();
}

/** Says back what the last item said. */
function echo(request: ReceivedRequest, response: ServerResponse, size = 3): void {
  const asked = parse(request);
  const text = lastText(asked);
  if (asked.stream !== true) {
    sendJson(response, responseOf([messageSaying(text)]));
    return;
  }
  const opened = { ...messageSaying(''), status: 'in_progress', content: [] };
  stream(response, { kind: 'output_text', item: messageSaying(text), opened, text, size });
}

const TOOLS = [
  {
    type: 'function' as const,
    name: 'send_mail',
    description: 'Sends a mail',
    strict: false,
    parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
  },
];

test.serial(
  'responses: the runner sees no planted value and the client gets each back, byte-exact',
  async (t) => {
    for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
      t.true(plantedIn(prompt).length >= 3);
      const answer = await cordon.client(token).responses.create({ model: 'demo', input: prompt });
      t.is(answer.output_text, prompt);
      t.is(answer.usage?.input_tokens, 12);
    }
    t.deepEqual(plantedIn(upstream.bytes()), []);
    t.regex(upstream.bytes(), /<EMAIL_ADDRESS_[0-9a-f]{12}>/);
  },
);

test.serial(
  'streamed responses: the same in pieces of any size, in snapshots, events and the last event',
  async (t) => {
    for (const size of [1, 2, 7, 1000]) {
      upstream.respond((request, response) => {
        echo(request, response, size);
      });
      for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
        const events = cordon.client(token).responses.stream({ model: 'demo', input: prompt });
        let text = '';
        let snapshot = '';
        events.on('response.output_text.delta', (delta) => (snapshot = delta.snapshot));
        const numbers: number[] = [];
        for await (const event of events) {
          numbers.push(event.sequence_number);
          if (event.type === 'response.output_text.delta') text += event.delta;
        }
        const final = await events.finalResponse();
        t.deepEqual([text, snapshot, final.output_text], [prompt, prompt, prompt]);
        t.deepEqual(
          numbers,
          numbers.map((_, i) => i),
        );
      }
    }
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('each event keeps its name', async (t) => {
  const response = await postChat(
    cordon,
    token,
    { model: 'demo', stream: true, input: ENGLISH_PROMPT },
    { path: '/v1/responses' },
  );
  t.is(response.status, 200);
  const events = (await response.text()).trimEnd().split('\n\n');
  for (const event of events) {
    const [name = '', data = ''] = event.split('\n');
    t.is(name, `event: ${(JSON.parse(data.slice('data: '.length)) as { type: string }).type}`);
  }
  t.regex(events.at(-1) ?? '', /^event: response\.completed\n/);
});

test.serial(
  'a function-call round trip: arguments come back restored, results go out protected',
  async (t) => {
    const call = (to: string, rest: object = {}) => ({
      type: 'function_call',
      id: 'msg_1',
      call_id: 'call_1',
      name: 'send_mail',
      arguments: JSON.stringify({ to }),
      ...rest,
    });
    upstream.respond((request, response) => {
      const asked = parse(request);
      if (typeof asked.input !== 'string' && asked.input.at(-1)?.type === 'function_call_output') {
        echo(request, response);
        return;
      }
      const email = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(request.body)?.[0] ?? 'none';
      const item = call(email, { status: 'completed' });
      if (asked.stream === true) {
        const opened = call('', { arguments: '', status: 'in_progress' });
        stream(response, { kind: 'function_call_arguments', item, opened, text: item.arguments });
      } else sendJson(response, responseOf([item]));
    });
    const client = cordon.client(token);
    for (const streamed of [false, true]) {
      const input: ResponseInput = [{ role: 'user', content: ENGLISH_PROMPT }];
      const params = { model: 'demo', input, tools: TOOLS };
      const first = streamed
        ? await client.responses.stream(params).finalResponse()
        : await client.responses.create(params);
      const [item] = first.output;
      if (item?.type !== 'function_call') return t.fail('no call came back');
      t.deepEqual(JSON.parse(item.arguments), { to: PLANTED.email });
      const result = JSON.stringify({ sent_to: PLANTED.email, card: PLANTED.card });
      // The whole answer goes back as it came, with what the vendor's client added to it.
      input.push(...(first.output as ResponseInput));
      input.push({ type: 'function_call_output', call_id: item.call_id, output: result });
      const second = await client.responses.create({ model: 'demo', input, tools: TOOLS });
      t.is(second.output_text, result);
    }
    t.is(upstream.received.length, 4);
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('structured output is parsed to the caller’s own values', async (t) => {
  upstream.respond((request, response) => {
    const email = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(request.body)?.[0] ?? 'none';
    sendJson(response, responseOf([messageSaying(JSON.stringify({ email }))]));
  });
  const schema = { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] };
  const answer = await cordon.client(token).responses.parse({
    model: 'demo',
    input: ENGLISH_PROMPT,
    text: { format: { type: 'json_schema', name: 'mail', schema, strict: true } },
  });
  t.deepEqual(answer.output_parsed, { email: PLANTED.email });
});

test.serial('a placeholder of an earlier turn means the person it meant there', async (t) => {
  const client = cordon.client(token);
  await client.responses.create({ model: 'demo', input: `Write to ${PLANTED.email}.` });
  const earlier = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(upstream.bytes())?.[0] ?? t.fail();
  upstream.respond((request, response) => {
    sendJson(response, responseOf([messageSaying(`${earlier} and ${lastText(parse(request))}`)]));
  });
  const ask = (input: string) =>
    client.responses.create({ model: 'demo', previous_response_id: 'resp_1', store: false, input });
  t.is((await ask('Now bob@example.org!')).output_text, `${PLANTED.email} and Now bob@example.org!`);
  t.is((await ask(PLANTED.email)).output_text, `${PLANTED.email} and ${PLANTED.email}`);
});

test.serial('a call that nobody remembers has numbered placeholders', async (t) => {
  await cordon.client(token).responses.create({ model: 'demo', store: false, input: ENGLISH_PROMPT });
  t.regex(upstream.bytes(), /<EMAIL_ADDRESS_1>/);
});

test.serial('a stream that ends without its last event is an error to the vendor’s client', async (t) => {
  upstream.respond((_, response) => {
    startStream(response);
    send(response, { type: 'response.created', sequence_number: 0, response: responseOf([]) });
    response.end();
  });
  const events = await cordon.client(token).responses.create({ model: 'demo', stream: true, input: 'Hi' });
  await t.throwsAsync(
    async () => {
      for await (const event of events) t.is(event.type, 'response.created');
    },
    { message: /ended the stream early/ },
  );
});

test.serial('images are refused before anything leaves', async (t) => {
  const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
  const body = { model: 'demo', input: [{ role: 'user', content: [image] }] };
  const refused = await postChat(cordon, token, body, { path: '/v1/responses' });
  t.is((await errorOf(refused)).code, 'content_opaque');
  t.is(upstream.received.length, 0);
});
