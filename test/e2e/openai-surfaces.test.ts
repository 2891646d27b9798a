import test from 'ava';
import { startTestCordon, type TestCordon } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import { type CapturingUpstream, sendJson, startStream, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

interface Received {
  readonly prompt: string | readonly string[];
  readonly input: string | readonly string[];
  readonly stream?: boolean;
  readonly suffix?: string;
  readonly user?: string;
}

function completion(index: number, text: string, finish: string | null): object {
  return {
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1,
    model: 'demo',
    choices: [{ index, text, logprobs: null, finish_reason: finish }],
  };
}

test.before(async () => {
  upstream = await startUpstream((request, response) => {
    const body = JSON.parse(request.body) as Received;
    if (request.path === '/v1/embeddings') {
      const data = [body.input]
        .flat()
        .map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5] }));
      sendJson(response, {
        object: 'list',
        data,
        model: 'demo',
        usage: { prompt_tokens: 3, total_tokens: 3 },
      });
      return;
    }
    const texts = [body.prompt].flat().map((text) => `${text}${body.suffix ?? ''}`);
    if (body.stream !== true) {
      const choices = texts.map((text, index) => ({ index, text, logprobs: null, finish_reason: 'stop' }));
      sendJson(response, { ...completion(0, '', 'stop'), choices });
      return;
    }
    startStream(response);
    const write = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    for (const [index, text] of texts.entries()) {
      const characters = Array.from(text);
      for (let i = 0; i < characters.length; i += 3)
        write(completion(index, characters.slice(i, i + 3).join(''), null));
      write(completion(index, '', 'stop'));
    }
    response.end('data: [DONE]\n\n');
  });
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

test.serial(
  'completions: the runner sees no planted value and the client gets each back, byte-exact',
  async (t) => {
    const answer = await cordon.client(token).completions.create({
      model: 'demo',
      prompt: [ENGLISH_PROMPT, CHINESE_PROMPT],
      suffix: ` Yours, ${PLANTED.email}`,
      user: PLANTED.email,
    });
    t.deepEqual(
      answer.choices.map((choice) => choice.text),
      [ENGLISH_PROMPT, CHINESE_PROMPT].map((prompt) => `${prompt} Yours, ${PLANTED.email}`),
    );
    t.is(upstream.received[0]?.path, '/v1/completions');
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('streaming completions: the same, choice by choice', async (t) => {
  const stream = await cordon
    .client(token)
    .completions.create({ model: 'demo', prompt: [ENGLISH_PROMPT, CHINESE_PROMPT], stream: true });
  const texts = ['', ''];
  for await (const { choices } of stream) {
    for (const { index, text } of choices) texts[index] = (texts[index] ?? '') + text;
  }
  t.deepEqual(texts, [ENGLISH_PROMPT, CHINESE_PROMPT]);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('embeddings: vectors are of the protected texts and come back as they are', async (t) => {
  const answer = await cordon
    .client(token)
    .embeddings.create({ model: 'demo', input: [ENGLISH_PROMPT, CHINESE_PROMPT], encoding_format: 'float' });
  const received = JSON.parse(upstream.received[0]?.body ?? '') as { input: string[] };
  t.deepEqual(
    answer.data.map(({ embedding }) => embedding),
    received.input.map((text) => [text.length, 0.5]),
  );
  t.is(answer.usage.prompt_tokens, 3);
  t.deepEqual(plantedIn(upstream.bytes()), []);
  t.regex(received.input[0] ?? '', /<EMAIL_ADDRESS_#[0-9a-f]{16}>/);
});

test.serial(
  'embeddings of one value are of one text in each call, whoever asks and however it is printed',
  async (t) => {
    const bob = await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' });
    const other = await cordon.issueDevToken({ subject: 'bob', tenant: 'globex' });
    const sent = async (as: string, input: string): Promise<string> => {
      upstream.received.length = 0;
      await cordon.client(as).embeddings.create({ model: 'demo', input, encoding_format: 'float' });
      return (JSON.parse(upstream.received[0]?.body ?? '') as { input: string }).input;
    };
    const said = `Mail ${PLANTED.email} or pay with card ${PLANTED.card}.`;
    const first = await sent(token, said);
    t.is(await sent(token, said), first);
    t.is(await sent(bob, said), first);
    t.is(await sent(token, said.replace(PLANTED.email, PLANTED.email.toUpperCase())), first);
    t.is(await sent(token, said.replace(PLANTED.card, PLANTED.card.replaceAll(' ', '-'))), first);
    t.not(await sent(token, said.replace('maria', 'mario')), first);
    t.not(await sent(other, said), first);
  },
);

test.serial('tokens in place of text are refused with their place', async (t) => {
  const client = cordon.client(token);
  await t.throwsAsync(client.completions.create({ model: 'demo', prompt: [1, 2] }), {
    message: /cannot be read/,
  });
  await t.throwsAsync(client.embeddings.create({ model: 'demo', input: [[1, 2]] }), {
    message: /cannot be read/,
  });
  t.is(upstream.received.length, 0);
});
