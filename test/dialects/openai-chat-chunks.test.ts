import test from 'ava';
import { type ParsedRequest } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { readSse } from '../../src/runners/sse.ts';
import { asBody, assembled, textsOfBody } from './assembled.ts';
import { recordedRevealer, type RecordedStream, STREAMS } from './recorded-streams.ts';
import { chat } from './requests.ts';

const RANDOM_CUTS = 500;

function requestFor(stream: RecordedStream): ParsedRequest {
  return openaiChat.parseRequest(
    chat(
      stream.answer === 'json'
        ? { stream: true, response_format: { type: 'json_object' } }
        : { stream: true },
    ),
  );
}

// A runner's body is asynchronous; this one has its pieces ready.
async function* bodyOf(source: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of cuts) {
    yield await Promise.resolve(source.subarray(from, cut));
    from = cut;
  }
  yield source.subarray(from);
}

async function streamed(
  stream: RecordedStream,
  source: Uint8Array,
  cuts: readonly number[],
): Promise<string[]> {
  const reveal = openaiChat.createStreamReveal(recordedRevealer(), requestFor(stream));
  const out: string[] = [];
  for await (const { data } of readSse(bodyOf(source, cuts), { maxLineBytes: 100_000 })) {
    out.push(...reveal.push(data));
    if (reveal.done) break;
  }
  return [...out, ...reveal.end()];
}

/** xorshift32: the cuts are random and every run makes the same ones. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

for (const stream of STREAMS) {
  const source = Buffer.from(stream.source);

  test(`${stream.title}: the stream restores what the whole answer restores, nothing less and nothing else`, async (t) => {
    const raw: string[] = [];
    for await (const { data } of readSse(bodyOf(source, []), { maxLineBytes: 100_000 })) {
      if (data !== '[DONE]') raw.push(data);
    }
    const { body } = openaiChat.revealBody(asBody(assembled(raw)), recordedRevealer(), requestFor(stream));
    const result = assembled(await streamed(stream, source, []));
    t.deepEqual(result, textsOfBody(body));
    for (const [place, text] of Object.entries(stream.restored)) {
      const restored = result[place] ?? '';
      if (place.includes('tool_calls')) t.deepEqual(JSON.parse(restored), JSON.parse(text));
      else t.is(restored, text);
    }
  });

  test(`${stream.title}: every cut into two pieces gives the same events`, async (t) => {
    const whole = await streamed(stream, source, []);
    for (let cut = 1; cut < source.length; cut++) {
      const events = await streamed(stream, source, [cut]);
      if (events.join('\n') !== whole.join('\n')) t.deepEqual(events, whole, `cut at ${cut}`);
    }
    t.pass();
  });

  test(`${stream.title}: random cuts into many pieces give the same events`, async (t) => {
    const random = createRandom(source.length);
    const whole = await streamed(stream, source, []);
    for (let run = 0; run < RANDOM_CUTS; run++) {
      const cuts = Array.from({ length: 1 + random(200) }, () => random(source.length)).sort((a, b) => a - b);
      const events = await streamed(stream, source, cuts);
      if (events.join('\n') !== whole.join('\n')) t.deepEqual(events, whole, cuts.join());
    }
    t.pass();
  });
}
