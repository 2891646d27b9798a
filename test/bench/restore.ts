import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Revealer } from '../../src/dialects/dialect.ts';
import { createSseBody } from '../../src/http/sse.ts';
import { createRevealer } from '../../src/redact/revealer.ts';
import { readSse } from '../../src/runners/sse.ts';
import { requestTo } from '../streams/marks.ts';
import { type DialectName, DIALECTS } from '../streams/recorded.ts';
import { type Call, restored } from '../streams/through.ts';
import { median, quantile } from './load.ts';
import { writeSection } from './results.ts';

const ROUNDS = 3;
const DELTAS = 4_000;
const FIRSTS = 300;
const LONG_STREAM_BYTES = 50 * 1024 * 1024;
const GOAL_US = 50;

/** What a call knows when its answer comes: so many placeholders of twenty kinds, so many surrogates. */
const KNOWN = [
  { what: '0 marks', placeholders: 0, surrogates: 0 },
  { what: '10 placeholders', placeholders: 10, surrogates: 0 },
  { what: '1,000 placeholders', placeholders: 1_000, surrogates: 0 },
  { what: '1,000 surrogates', placeholders: 10, surrogates: 1_000 },
] as const;

type Known = (typeof KNOWN)[number];

function revealerOf({ placeholders, surrogates }: Known): Revealer {
  const entities = Array.from({ length: 20 }, (_, i) => `ENTITY_${String.fromCharCode(65 + i)}`);
  const values = new Map<string, string>();
  for (let i = 0; i < placeholders; i++) {
    values.set(`${entities[i % 20] ?? ''}_${Math.floor(i / 20) + 1}`, `value ${i}`);
  }
  const names = Array.from(
    { length: surrogates },
    (_, i) => [`Elvorin${i} Sandoval`, `Maria Gonzalez ${i}`] as const,
  );
  return createRevealer(values, entities, 'number', new Map(names));
}

/** Tokens as models make them: about four characters, a mark in every twenty-fifth word. */
function tokens(count: number): readonly string[] {
  const words = [
    'The ',
    'answer',
    ' to ',
    'what ',
    'you ',
    'ask',
    'ed ',
    'is ',
    'in ',
    'a < b, ',
    'Elvo',
    'rin7 San',
    'doval ',
  ];
  const mark = ['<ENT', 'ITY_A', '_1', '> '];
  return Array.from(
    { length: count },
    (_, i) => (i % 25 < mark.length ? mark[i % 25] : words[i % words.length]) ?? '',
  );
}

const EVENTS: Readonly<Record<DialectName, (text: string) => object>> = {
  chat: (content) => ({
    ...HEAD,
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  }),
  completions: (text) => ({ ...HEAD, choices: [{ index: 0, text, logprobs: null, finish_reason: null }] }),
  messages: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  responses: (delta) => ({
    ...{ type: 'response.output_text.delta', sequence_number: 7, item_id: 'msg_1', output_index: 0 },
    ...{ content_index: 0, delta, logprobs: [] },
  }),
};
const HEAD = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'm',
  service_tier: 'default',
};

async function* bodyOf(events: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const data of events) yield await Promise.resolve(Buffer.from(`data: ${data}\n\n`));
}

async function* direct(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  for await (const { data } of readSse(body, { maxLineBytes: 1_000_000 })) yield data;
}

/** Microseconds until the first `upTo` pieces of the encoded answer were read; it is given up then. */
async function read(events: AsyncGenerator<string, void, void>, upTo = Infinity): Promise<number> {
  const start = performance.now();
  let heard = 0;
  for await (const piece of createSseBody(events)) if (String(piece) !== '' && ++heard >= upTo) break;
  return (performance.now() - start) * 1_000;
}

interface Sample {
  /** Of each delta alone. */
  readonly pushUs: readonly number[];
  /** Of the whole stream, decoded and encoded, a delta. */
  readonly directUs: number;
  readonly restoredUs: number;
}

async function sampleOf(call: Call, events: readonly string[]): Promise<Sample> {
  const reveal = call.dialect.createStreamReveal(call.revealer, call.request);
  const pushUs = events.map((data) => {
    const start = performance.now();
    reveal.push(data);
    return (performance.now() - start) * 1_000;
  });
  const directUs = (await read(direct(bodyOf(events)))) / events.length;
  const restoredUs = (await read(restored(call, bodyOf(events)))) / events.length;
  return { pushUs, directUs, restoredUs };
}

/** What restoring adds to each delta, to the first one, and to memory. */
export async function benchRestore(): Promise<void> {
  const variants = (Object.keys(DIALECTS) as DialectName[]).flatMap((name) =>
    KNOWN.map((known) => {
      const call = {
        dialect: DIALECTS[name],
        request: requestTo(DIALECTS[name], 'text'),
        revealer: revealerOf(known),
      };
      const events = tokens(DELTAS).map((text) => JSON.stringify(EVENTS[name](text)));
      return { name, what: known.what, call, events, samples: new Array<Sample>() };
    }),
  );
  const chat = variants.find(({ name, what }) => name === 'chat' && what === '1,000 placeholders');
  if (chat === undefined) return;
  // First, while this process is still small: what a long stream needs would hide in what the others have left.
  const memory = await memoryRows(chat.call, chat.events);
  for (const { call, events } of variants) await sampleOf(call, events);
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? variants : variants.toReversed();
    for (const { call, events, samples } of order) samples.push(await sampleOf(call, events));
  }
  const rows = variants.map(({ name, what, samples }) => {
    const of = (figure: (sample: Sample) => number): number => median(samples.map(figure));
    const p50 = of(({ pushUs }) => median([...pushUs]));
    const p99 = of(({ pushUs }) => quantile([...pushUs], 0.99));
    const [through, past] = [of(({ restoredUs }) => restoredUs), of(({ directUs }) => directUs)];
    const figures = [p50, p99, past, through].map((us) => us.toFixed(1)).join(' | ');
    return `| ${name} | ${what} | ${figures} | ${(through / past).toFixed(2)} | ${p99 <= GOAL_US ? 'yes' : 'no'} |`;
  });
  writeSection('Restore', [
    `What restoring adds to one delta of a stream (median over ${ROUNDS} rounds of ${DELTAS} deltas, one process): by itself, and beside decoding and encoding the same stream without it.`,
    '',
    `| dialect | the call knows | p50 µs | p99 µs | decode + encode µs | with restore µs | ratio | p99 ≤ ${GOAL_US} µs |`,
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    '| figure | value |',
    '|---|---|',
    ...(await firstTokenRows(chat.call, chat.events.slice(0, 50))),
    ...memory,
  ]);
}

async function firstTokenRows(call: Call, events: readonly string[]): Promise<readonly string[]> {
  const [past, through]: [number[], number[]] = [[], []];
  for (let i = 0; i < FIRSTS; i++) {
    past.push(await read(direct(bodyOf(events)), 1));
    through.push(await read(restored(call, bodyOf(events)), 1));
  }
  const at = (sorted: readonly number[]): string =>
    [0.5, 0.99].map((share) => quantile(sorted, share).toFixed(0)).join(' / ');
  const added = median(through) - median(past);
  return [
    `| time to the first event, direct, p50 / p99 µs | ${at(past)} |`,
    `| with restore, p50 / p99 µs | ${at(through)} |`,
    `| added, p50 µs | ${added.toFixed(0)} |`,
  ];
}

async function memoryRows(call: Call, events: readonly string[]): Promise<readonly string[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let sent = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let i = 0; sent < LONG_STREAM_BYTES; i++) {
      const piece = Buffer.from(`data: ${events[i % events.length] ?? ''}\n\n`);
      sent += piece.length;
      yield await Promise.resolve(piece);
    }
  }
  const heapMiB = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const before = { heap: heapMiB(), rss: process.memoryUsage().rss };
  let [heap, rss, next] = [before.heap, before.rss, LONG_STREAM_BYTES / 10];
  for await (const piece of createSseBody(restored(call, body()))) {
    if (String(piece) === '' || sent < next) continue;
    next += LONG_STREAM_BYTES / 10;
    heap = Math.max(heap, heapMiB());
    rss = Math.max(rss, process.memoryUsage().rss);
  }
  return [
    `| heap growth over a stream of ${(sent / 2 ** 20).toFixed(0)} MiB, MiB (ten looks, garbage collected) | ${(heap - before.heap).toFixed(1)} |`,
    `| peak growth of resident memory, MiB | ${((rss - before.rss) / 2 ** 20).toFixed(1)} |`,
  ];
}
