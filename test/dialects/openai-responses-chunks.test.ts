import test from 'ava';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { readSse } from '../../src/runners/sse.ts';
import { RECORDED, type RecordedResponse } from './recorded-responses.ts';
import { recordedRevealer } from './recorded-streams.ts';
import { asked, parsed } from './responses-requests.ts';

const RANDOM_CUTS = 200;

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly delta?: string;
  readonly response?: object;
}

function requestFor({ format }: RecordedResponse) {
  const text = format === 'json' ? { text: { format: { type: 'json_object' } } } : {};
  return parsed(asked({ stream: true, ...text }));
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
  stream: RecordedResponse,
  source: Uint8Array,
  cuts: readonly number[],
): Promise<string[]> {
  const reveal = openaiResponses.createStreamReveal(recordedRevealer(), requestFor(stream));
  const out: string[] = [];
  for await (const { data } of readSse(bodyOf(source, cuts), { maxLineBytes: 100_000 })) {
    out.push(...reveal.push(data));
    if (reveal.done) break;
  }
  return [...out, ...reveal.end(), reveal.terminator];
}

/** What a reader has put together when the event that closes a text arrives: `output_index.kind.index`. */
function assembled(events: readonly Event[]): Record<string, string> {
  const texts: Record<string, string> = {};
  const closed = new Set<string>();
  for (const event of events) {
    const { type, output_index, content_index, summary_index, delta } = event;
    const kind = /^response\.(\w+)\.(delta|done)$/.exec(type);
    if (!kind) continue;
    const place = `${output_index ?? 0}.${kind[1] ?? ''}.${content_index ?? summary_index ?? 0}`;
    if (kind[2] === 'done') closed.add(place);
    else if (closed.has(place)) throw new Error(`a delta after its end: ${place}`);
    else texts[place] = (texts[place] ?? '') + (delta ?? '');
  }
  return texts;
}

/** The full texts that the closing events say, by the same places. */
function closing(events: readonly Event[]): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  for (const event of events) {
    const members: Record<string, unknown> = { ...event };
    const kind = /^response\.(\w+)\.done$/.exec(event.type)?.[1];
    const full = members['text'] ?? members['refusal'] ?? members['arguments'] ?? members['input'];
    if (kind === undefined || full === undefined) continue;
    texts[`${event.output_index ?? 0}.${kind}.${event.content_index ?? event.summary_index ?? 0}`] = full;
  }
  return texts;
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

for (const stream of RECORDED) {
  const source = Buffer.from(stream.source);

  test(`${stream.title}: deltas, closing events and the last event say the same, restored`, async (t) => {
    const events = (await streamed(stream, source, [])).map((data) => JSON.parse(data) as Event);
    t.deepEqual(assembled(events), stream.restored);
    t.deepEqual(closing(events), stream.restored);
    const raw = stream.source.trimEnd().split('data: ').at(-1) ?? '';
    const { response } = JSON.parse(raw) as Event;
    const { body, usage } = openaiResponses.revealBody(
      JSON.stringify(response),
      recordedRevealer(),
      requestFor(stream),
    );
    t.deepEqual(events.at(-1)?.response, JSON.parse(body));
    t.deepEqual(usage, { promptTokens: 12, completionTokens: 34 });
  });

  test(`${stream.title}: events are numbered on, without a gap`, async (t) => {
    const events = (await streamed(stream, source, [])).map((data) => JSON.parse(data) as Event);
    t.deepEqual(
      events.map((event) => event.sequence_number),
      events.map((_, i) => i),
    );
  });

  test(`${stream.title}: every cut into two pieces gives the same events`, async (t) => {
    const whole = await streamed(stream, source, []);
    for (let cut = 1; cut < source.length; cut += 3) {
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
