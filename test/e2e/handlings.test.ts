import test from 'ava';
import { type Dialect } from '../../src/dialects/dialect.ts';
import { anthropicCountTokens, anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions.ts';
import { openaiEmbeddings } from '../../src/dialects/openai-embeddings.ts';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { echoMessage } from '../support/anthropic-upstream.ts';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { createHandlingPolicy, type HandlingPolicy } from '../support/handling-policy.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, plantedIn } from '../support/planted.ts';
import {
  type CapturingUpstream,
  chunk,
  completion,
  type ReceivedRequest,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let policy: HandlingPolicy;
let token: string;

const PROMPT = `${ENGLISH_PROMPT}\n${CHINESE_PROMPT}`;

/** What a request says, in the one place where this test says something. */
function saidTo(request: ReceivedRequest): string {
  const body = JSON.parse(request.body) as Record<string, unknown>;
  const messages = body['messages'] as readonly { readonly content: string }[] | undefined;
  return messages?.at(-1)?.content ?? String(body['prompt'] ?? body['input']);
}

interface Surface {
  readonly dialect: Dialect;
  readonly body: object;
  readonly streams: boolean;
  readonly answers: boolean;
}

const MESSAGES = { messages: [{ role: 'user', content: PROMPT }] };
const SURFACES: readonly Surface[] = [
  { dialect: openaiChat, body: MESSAGES, streams: true, answers: true },
  { dialect: openaiCompletions, body: { prompt: PROMPT }, streams: true, answers: true },
  { dialect: openaiResponses, body: { input: PROMPT, store: false }, streams: true, answers: true },
  { dialect: anthropicMessages, body: { ...MESSAGES, max_tokens: 99 }, streams: true, answers: true },
  { dialect: anthropicCountTokens, body: MESSAGES, streams: false, answers: false },
  { dialect: openaiEmbeddings, body: { input: PROMPT }, streams: false, answers: false },
];

test.before(async () => {
  upstream = await startUpstream((request, response) => {
    const { stream } = JSON.parse(request.body) as { readonly stream?: boolean };
    const said = saidTo(request);
    const pieces = said.match(/[\s\S]{1,3}/gu) ?? [];
    if (request.path.startsWith('/v1/messages')) {
      echoMessage(request, response, { size: 3, said: () => said });
    } else if (request.path === '/v1/embeddings') {
      sendJson(response, { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1] }] });
    } else if (request.path === '/v1/responses') {
      const part = { type: 'output_text', text: said, annotations: [] };
      const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] };
      const whole = { id: 'resp_1', object: 'response', status: 'completed', output: [item], model: 'demo' };
      if (stream !== true) {
        sendJson(response, whole);
        return;
      }
      startStream(response);
      const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
      for (const delta of pieces) {
        const event = { type: 'response.output_text.delta', ...place, delta };
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      const end = { type: 'response.completed', response: whole };
      response.end(`event: ${end.type}\ndata: ${JSON.stringify(end)}\n\n`);
    } else if (request.path === '/v1/completions') {
      const whole = { id: 'x', object: 'text_completion', choices: [{ index: 0, text: said }] };
      if (stream !== true) {
        sendJson(response, whole);
        return;
      }
      startStream(response);
      for (const text of pieces)
        response.write(`data: ${JSON.stringify({ ...whole, choices: [{ index: 0, text }] })}\n\n`);
      response.end('data: [DONE]\n\n');
    } else if (stream === true) {
      startStream(response);
      for (const content of pieces) response.write(chunk({ content }));
      response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
    } else sendJson(response, completion({ content: said }));
  });
  policy = await createHandlingPolicy({ '*': 'surrogate' });
  cordon = await startTestCordon({ runnerUrl: upstream.url, replace: { policy } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

async function call(surface: Surface, stream: boolean, headers: Readonly<Record<string, string>> = {}) {
  upstream.received.length = 0;
  const body = { model: 'demo', ...surface.body, ...(surface.streams ? { stream } : {}) };
  const response = await postChat(cordon, token, body, { path: `/v1${surface.dialect.path}`, headers });
  const [request] = upstream.received;
  return { response, received: request === undefined ? '' : saidTo(request) };
}

/** What the caller's client adds up from an answer, whole or streamed. */
function heardIn(answer: string): string {
  if (answer.startsWith('{')) return textsOf(JSON.parse(answer));
  const events = [...answer.matchAll(/^data: (\{.*\})$/gm)].map(
    ([, data = '']) => JSON.parse(data) as object,
  );
  return events.map((event) => ('response' in event ? '' : textsOf(event))).join('');
}

function textsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, below]) =>
      typeof below === 'string' && ['text', 'content', 'delta'].includes(key) ? below : textsOf(below),
    )
    .join('');
}

const modes = ({ streams }: Surface): readonly boolean[] => (streams ? [false, true] : [false]);

for (const surface of SURFACES) {
  const { path } = surface.dialect;

  test.serial(`${path}, surrogate: look-alikes leave, the caller's own come back`, async (t) => {
    await policy.handle({ '*': 'surrogate' });
    for (const stream of modes(surface)) {
      const { response, received } = await call(surface, stream);
      t.is(response.status, 200);
      t.deepEqual(plantedIn(received), []);
      t.regex(received, /My card is 4000 00\d\d \d{4} \d{4}, my account GB\d\d XXXX/);
      t.regex(received, /Mail me at [a-z]+\.[a-z]+@[a-z]+\.example or call \+1 \d{3}-555-01\d\d/);
      t.regex(received, /身份证号是110000\d{11}[\dX]，手机号1(?:42|43|54)\d{8}，/);
      t.notRegex(received, /[<>[\]]/);
      if (surface.answers) t.is(heardIn(await response.text()), PROMPT);
    }
  });

  test.serial(`${path}, hash: equal in every call of the tenant, and never put back`, async (t) => {
    await policy.handle({ '*': 'hash' });
    const seen = new Set<string>();
    for (const stream of modes(surface)) {
      const { response, received } = await call(surface, stream);
      t.deepEqual(plantedIn(received), []);
      t.regex(received, /<EMAIL_ADDRESS_#[0-9a-f]{16}> or call <PHONE_NUMBER_#[0-9a-f]{16}>/);
      seen.add(received);
      if (surface.answers) t.is(heardIn(await response.text()), received);
    }
    seen.add((await call(surface, false)).received);
    t.is(seen.size, 1);
  });

  test.serial(`${path}, mask: a hint at most leaves, and nothing comes back`, async (t) => {
    await policy.handle({ '*': 'mask' });
    for (const stream of modes(surface)) {
      const { response, received } = await call(surface, stream);
      t.deepEqual(plantedIn(received), []);
      t.regex(received, /My card is \[CREDIT_CARD ending 1111\], my account \[IBAN_CODE ending 5432\]/);
      t.regex(received, /social security number is \[US_SSN\]\./);
      if (surface.answers) t.is(heardIn(await response.text()), received);
    }
  });

  test.serial(`${path}, block: the call is refused and nothing leaves`, async (t) => {
    await policy.handle({ '*': 'disclose', CREDIT_CARD: 'block' });
    for (const stream of modes(surface)) {
      const { response } = await call(surface, stream);
      t.is(response.status, 403);
      const error = await errorOf(response);
      t.is(error.code, 'entity_blocked');
      t.regex(error.message, /CREDIT_CARD at \//);
      t.deepEqual(plantedIn(JSON.stringify(error)), []);
      t.is(upstream.received.length, 0);
    }
  });
}

test.serial('the record names what was done to each span, where there is no surrogate too', async (t) => {
  await policy.handle({ '*': 'surrogate' });
  const content = `I am 34 years old. ${PROMPT}`;
  const surface = {
    ...{ dialect: openaiChat, streams: true, answers: true },
    body: { messages: [{ role: 'user', content }] },
  };
  const { response } = await call(surface, false);
  const id = response.headers.get('cordon-request-id') ?? '';
  const shown = await cordon.audit.show(id);
  if (shown?.findings.state !== 'open') throw new Error('the findings cannot be read');
  const { spans, originals } = shown.findings.value;
  const done = new Map(
    (spans as readonly { readonly entity: string; readonly handling: string }[]).map((span) => [
      span.entity,
      span.handling,
    ]),
  );
  t.is(done.get('AGE'), 'pseudonymise');
  t.is(done.get('CREDIT_CARD'), 'surrogate');
  t.is(done.get('PERSON'), 'surrogate');
  t.true([...originals.values()].includes('4111 1111 1111 1111'));
});
