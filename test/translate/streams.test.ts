import test from 'ava';
import fc from 'fast-check';
import { readSse } from '../../src/runners/sse.ts';
import { messageAnswer } from '../../src/translate/chat-answer-to-message.ts';
import { createEventWriter } from '../../src/translate/chat-stream-to-message.ts';
import { chatAnswer } from '../../src/translate/message-answer-to-chat.ts';
import { createChunkWriter } from '../../src/translate/message-stream-to-chat.ts';
import { assembledChat, assembledMessage, type Said, wholeChat, wholeMessage } from './assembled.ts';
import { type StreamTranslation } from '../../src/translate/translated.ts';

const TEXT = fc.string({ unit: 'grapheme', maxLength: 24 });
/** Objects as text, with numbers that a double does not hold. */
const INPUT = fc
  .tuple(TEXT, fc.bigInt({ min: 0n, max: 10n ** 30n }))
  .map(([text, number]) => `{"a":${JSON.stringify(text)},"b":[${number}.0,{"c":null}]}`);
const SAID: fc.Arbitrary<Said> = fc.record({
  thought: TEXT,
  text: TEXT,
  calls: fc.array(fc.record({ name: fc.constantFrom('send', 'wait'), input: INPUT }), { maxLength: 3 }),
});
const SAMPLE: Said = {
  thought: 'Hm 王😀',
  text: 'Señor "x"\\n 王小明 😀',
  calls: [
    { name: 'send', input: '{"to":"é😀","n":12345678901234567890.10}' },
    { name: 'wait', input: '{}' },
  ],
};
const USAGE = {
  input_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 0,
  output_tokens: 5,
};

/** Five characters a piece. */
function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,5}/gu) ?? [];
}

function messageSource({ thought, text, calls }: Said): string {
  const blocks = [
    ...(thought === '' ? [] : [JSON.stringify({ type: 'thinking', thinking: thought, signature: 'c2ln' })]),
    ...(text === '' ? [] : [JSON.stringify({ type: 'text', text })]),
    ...calls.map(
      ({ name, input }, i) => `{"type":"tool_use","id":"t${i}","name":"${name}","input":${input}}`,
    ),
  ];
  const stop = calls.length > 0 ? 'tool_use' : 'end_turn';
  return `{"id":"m","type":"message","role":"assistant","model":"c","content":[${blocks.join(',')}],"stop_reason":"${stop}","usage":${JSON.stringify(USAGE)}}`;
}

function messageEvents({ thought, text, calls }: Said): readonly object[] {
  const events: object[] = [
    { type: 'message_start', message: { id: 'm', model: 'c', usage: { ...USAGE, output_tokens: 1 } } },
    { type: 'ping' },
  ];
  let index = 0;
  const block = (begin: object, deltas: readonly object[]): void => {
    events.push({ type: 'content_block_start', index, content_block: begin });
    for (const delta of deltas) events.push({ type: 'content_block_delta', index, delta });
    events.push({ type: 'content_block_stop', index: index++ });
  };
  if (thought !== '') {
    block({ type: 'thinking', thinking: '', signature: '' }, [
      ...pieces(thought).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: 'c2ln' },
    ]);
  }
  if (text !== '')
    block(
      { type: 'text', text: '' },
      pieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
    );
  for (const [i, { name, input }] of calls.entries()) {
    const said = input === '{}' ? [] : pieces(input);
    block(
      { type: 'tool_use', id: `t${i}`, name, input: {} },
      said.map((json) => ({ type: 'input_json_delta', partial_json: json })),
    );
  }
  const stop = calls.length > 0 ? 'tool_use' : 'end_turn';
  events.push({ type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: 5 } });
  events.push({ type: 'message_stop' });
  return events;
}

function bytesOf(data: readonly string[]): Buffer {
  return Buffer.from(data.map((line) => `data: ${line}\n\n`).join(''));
}

async function translated(
  bytes: Buffer,
  cuts: readonly number[],
  translation: StreamTranslation,
): Promise<readonly string[]> {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const parts = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const part of parts) if (part.length > 0) yield await Promise.resolve(part);
  }
  const out: string[] = [];
  for await (const { data } of readSse(body(), { maxLineBytes: 1 << 20 }))
    out.push(...translation.push(data));
  return out;
}

const CHUNKS = { nowS: 7, includeUsage: true };

test('chunks made of a message add up to the message translated whole, at every cut of the bytes', async (t) => {
  const bytes = bytesOf(messageEvents(SAMPLE).map((event) => JSON.stringify(event)));
  const whole = wholeChat(chatAnswer(messageSource(SAMPLE), 7));
  for (let cut = 0; cut <= bytes.length; cut++) {
    const out = await translated(bytes, [cut], createChunkWriter(CHUNKS));
    t.is(out.at(-1), '[DONE]');
    if (cut % 97 === 0) t.deepEqual(assembledChat(out), whole);
    else if (JSON.stringify(assembledChat(out)) !== JSON.stringify(whole)) t.fail(`cut at ${cut}`);
  }
});

test('chunks made of any message add up to it', async (t) => {
  await fc.assert(
    fc.asyncProperty(SAID, fc.array(fc.nat(4_000), { maxLength: 8 }), async (said, cuts) => {
      const bytes = bytesOf(messageEvents(said).map((event) => JSON.stringify(event)));
      const within = cuts.map((cut) => cut % (bytes.length + 1));
      const out = await translated(bytes, within, createChunkWriter(CHUNKS));
      t.deepEqual(assembledChat(out), wholeChat(chatAnswer(messageSource(said), 7)));
    }),
    { numRuns: 150 },
  );
});

function chatSource({ thought, text, calls }: Said): string {
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(thought === '' ? {} : { reasoning_content: thought }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ name, input }, i) => ({
            id: `t${i}`,
            type: 'function',
            function: { name, arguments: input },
          })),
        }),
  };
  const usage = { prompt_tokens: 7, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
  const finish = calls.length > 0 ? 'tool_calls' : 'stop';
  return JSON.stringify({
    id: 'c',
    model: 'g',
    choices: [{ index: 0, message, finish_reason: finish }],
    usage,
  });
}

function chatChunks({ thought, text, calls }: Said): readonly string[] {
  const of = (delta: object, finish: string | null = null): string =>
    JSON.stringify({ id: 'c', model: 'g', choices: [{ index: 0, delta, finish_reason: finish }] });
  return [
    of({ role: 'assistant', content: '' }),
    ...pieces(thought).map((piece) => of({ reasoning_content: piece })),
    ...pieces(text).map((piece) => of({ content: piece })),
    ...calls.flatMap(({ name, input }, index) => [
      of({ tool_calls: [{ index, id: `t${index}`, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(input).map((piece) => of({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    of({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    JSON.stringify({
      id: 'c',
      model: 'g',
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } },
    }),
    '[DONE]',
  ];
}

test('events made of a chat stream add up to the answer translated whole, at every cut of the bytes', async (t) => {
  const bytes = bytesOf(chatChunks(SAMPLE));
  const source = messageAnswer(chatSource(SAMPLE));
  t.true(source.includes('"input":{"to":"é😀","n":12345678901234567890.10}'), 'as it was written');
  const whole = wholeMessage(source, SAMPLE);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const out = await translated(bytes, [cut], createEventWriter());
    if (cut % 97 === 0) t.deepEqual(assembledMessage(out), whole);
    else if (JSON.stringify(assembledMessage(out)) !== JSON.stringify(whole)) t.fail(`cut at ${cut}`);
  }
});

test('events made of any chat stream add up to its answer', async (t) => {
  await fc.assert(
    fc.asyncProperty(SAID, fc.array(fc.nat(4_000), { maxLength: 8 }), async (said, cuts) => {
      const bytes = bytesOf(chatChunks(said));
      const out = await translated(
        bytes,
        cuts.map((cut) => cut % (bytes.length + 1)),
        createEventWriter(),
      );
      t.deepEqual(assembledMessage(out), wholeMessage(messageAnswer(chatSource(said)), said));
    }),
    { numRuns: 150 },
  );
});
