import test from 'ava';
import { openaiCompletions } from '../../src/dialects/openai-completions.ts';
import { openaiEmbeddings } from '../../src/dialects/openai-embeddings.ts';
import { codeOf, refusalBy } from './anthropic-requests.ts';
import { FULL_COMPLETION, FULL_EMBEDDING, WHO } from './openai-surface-requests.ts';
import { MAIL, recordedRevealer, ZOE } from './recorded-streams.ts';

for (const [dialect, full] of [
  [openaiCompletions, FULL_COMPLETION],
  [openaiEmbeddings, FULL_EMBEDDING],
] as const) {
  const source = JSON.stringify(full);

  test(`${dialect.operation}: every mention of a person is in a text, and the caller's id is an identifier`, (t) => {
    const request = dialect.parseRequest(source);
    const { slots } = request;
    t.is(
      slots.reduce((sum, slot) => sum + (slot.kind === 'text' ? slot.text.split(WHO).length - 1 : 0), 0),
      source.split(WHO).length - 1,
    );
    t.is(slots.find((slot) => slot.pointer === '/user')?.kind, 'identifier');
    t.is(request.build(slots.map((slot) => slot.text)), source);
    t.false(
      /Ada|ada@/.test(request.build(slots.map((slot) => (slot.kind === 'fixed' ? slot.text : '<X_1>')))),
    );
  });

  test(`${dialect.operation}: tokens are refused because nobody can read them`, (t) => {
    const key = 'prompt' in full ? 'prompt' : 'input';
    const withText = (value: unknown) => JSON.stringify({ ...full, [key]: value });
    t.is(refusalBy(dialect, withText([1, 2])), `content_opaque /${key}/0`);
    t.is(refusalBy(dialect, withText([[1], [2]])), `content_opaque /${key}/0/0`);
    t.is(refusalBy(dialect, withText(['x', 3])), `content_opaque /${key}/1`);
    t.is(refusalBy(dialect, withText({ text: 'x' })), `shape_unknown /${key}`);
    t.is(refusalBy(dialect, withText([['x']])), `shape_unknown /${key}/0/0`);
    t.is(refusalBy(dialect, withText('x')), undefined);
  });

  test(`${dialect.operation}: an unknown parameter is refused`, (t) => {
    t.is(refusalBy(dialect, JSON.stringify({ ...full, note: WHO })), 'shape_unknown /note');
    t.is(refusalBy(dialect, '{"model":"m"}'), `shape_unknown /${'prompt' in full ? 'prompt' : 'input'}`);
  });
}

test('embeddings are never streamed', (t) => {
  t.is(
    refusalBy(openaiEmbeddings, JSON.stringify({ ...FULL_EMBEDDING, stream: true })),
    'shape_unknown /stream',
  );
});

const COMPLETION = openaiCompletions.parseRequest(JSON.stringify(FULL_COMPLETION));
const HEAD = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm' };

function completion(text: string, index = 0, finish: string | null = null): string {
  const logprobs = { tokens: [text], token_logprobs: [-1.0], text_offset: [0] };
  return JSON.stringify({ ...HEAD, choices: [{ text, index, logprobs, finish_reason: finish }] });
}

test('completions: a text comes back restored and without the log probabilities of another text', (t) => {
  const source = completion('Dear <PERSON_1>, mail EMAIL_ADDRESS_1', 0, 'stop');
  const { body } = openaiCompletions.revealBody(source, recordedRevealer(), COMPLETION);
  t.deepEqual(JSON.parse(body), {
    ...HEAD,
    choices: [{ text: `Dear ${ZOE}, mail ${MAIL}`, index: 0, logprobs: null, finish_reason: 'stop' }],
  });
  const plain = completion('Dear you', 0, 'stop');
  t.is(openaiCompletions.revealBody(plain, recordedRevealer(), COMPLETION).body, plain);
});

test('completions: an answer without text is not taken for one', (t) => {
  for (const source of ['{}', '{"choices":[{"index":0}]}', '{"choices":[{"index":0,"text":5}]}', 'x']) {
    t.is(
      codeOf(() => openaiCompletions.revealBody(source, recordedRevealer(), COMPLETION)),
      'upstream_invalid',
    );
  }
});

test('completions: however the answer is cut, the stream says what the whole answer says', (t) => {
  const text = 'Dear <PERSON_1>, 你好 😀 mail EMAIL_ADDRESS_1 or <PERSON_2> about &lt;PERSON_1&gt; PERSON_1';
  const whole = recordedRevealer().reveal(text, 'none');
  for (let cut = 0; cut <= text.length; cut++) {
    const reveal = openaiCompletions.createStreamReveal(recordedRevealer(), COMPLETION);
    const events = [
      ...reveal.push(completion(text.slice(0, cut))),
      ...reveal.push(completion(`other ${cut}`, 1)),
      ...reveal.push(completion(text.slice(cut))),
      ...reveal.push(completion('', 0, 'stop')),
      ...reveal.push(
        JSON.stringify({ ...HEAD, choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
      ),
      ...reveal.push('[DONE]'),
    ];
    const said = events
      .flatMap((data) => (JSON.parse(data) as { choices: { index: number; text: string }[] }).choices)
      .filter(({ index }) => index === 0)
      .map((choice) => choice.text);
    t.is(said.join(''), whole);
    t.true(reveal.done);
    t.deepEqual(reveal.usage, { promptTokens: 3, completionTokens: 4 });
  }
});

const EMBEDDING = openaiEmbeddings.parseRequest(JSON.stringify(FULL_EMBEDDING));

test('embeddings: vectors pass as they came, with their usage', (t) => {
  for (const embedding of ['[0.10, -1e-3]', '"AAAAPw=="', '[]']) {
    const source = `{"object":"list", "data":[{"object":"embedding","index":0,"embedding":${embedding}}],"usage":{"prompt_tokens":5,"total_tokens":5}}`;
    t.deepEqual(openaiEmbeddings.revealBody(source, recordedRevealer(), EMBEDDING), {
      body: source,
      usage: { promptTokens: 5, completionTokens: undefined },
    });
  }
});

test('embeddings: what is no list of vectors is refused', (t) => {
  for (const source of [
    '{}',
    '[]',
    '{"data":{}}',
    '{"data":[1]}',
    '{"data":[{"index":0}]}',
    '{"data":[{"embedding":["Ada"]}]}',
    '{"data":[{"embedding":{"a":1}}]}',
    '{"data":[{"embedding":[1]}]',
    '{"data":[],"data":[]}',
  ]) {
    t.is(
      codeOf(() => openaiEmbeddings.revealBody(source, recordedRevealer(), EMBEDDING)),
      'upstream_invalid',
      source,
    );
  }
});
