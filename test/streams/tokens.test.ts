import test from 'ava';
import { type StreamReveal } from '../../src/dialects/dialect.ts';
import { assemble, type Texts } from './assemble.ts';
import { withDeltaCut } from './deltas.ts';
import { CHECKSUMMED, protectedCall, requestTo } from './marks.ts';
import { RANDOM_CUTS } from './properties.ts';
import { DIALECTS, recorded, type Recorded } from './recorded.ts';
import { createRandom, cutAt, dataOf, restored } from './through.ts';

const STREAMS = recorded(['chat', 'completions', 'messages', 'responses']);
const RUNS = 60;

/** What a caller ends with when the model's tokens are these. */
function heard({ name, dialect, revealer, request }: Recorded, events: readonly string[]): Texts {
  const reveal = dialect.createStreamReveal(revealer, request);
  const out: string[] = [];
  for (const data of events) out.push(...reveal.push(data));
  out.push(...reveal.end());
  return assemble(name, reveal.done ? [...out, reveal.terminator] : out);
}

test('there are streams enough: 40 over all dialects, and ten thousand random cuts of them', (t) => {
  t.true(STREAMS.length >= 40, `${STREAMS.length}`);
  t.true(STREAMS.length * RANDOM_CUTS >= 10_000);
  t.log(`${STREAMS.length} recorded streams`);
});

for (const stream of STREAMS.filter(({ end }) => !end.startsWith('upstream'))) {
  test(`${stream.title}: whatever tokens the model makes of its text, the caller ends with the same`, async (t) => {
    const raw = await dataOf(stream.source);
    t.deepEqual(
      heard(
        stream,
        raw.flatMap((data) => withDeltaCut(data, (text) => text.split(''))),
      ),
      stream.texts,
    );
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = createRandom(seed * 7919 + stream.source.length);
      const cut = (text: string): readonly string[] => {
        const cuts = Array.from({ length: random(6) }, () => random(text.length + 1)).sort((a, b) => a - b);
        return [...cuts, text.length].map((end, i) => text.slice(cuts[i - 1] ?? 0, end));
      };
      t.deepEqual(
        heard(
          stream,
          raw.flatMap((data) => withDeltaCut(data, cut)),
        ),
        stream.texts,
        `seed ${seed}`,
      );
    }
  });
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
  test(`${name}: no value with a checksum is in what the runner receives, in any print`, (t) => {
    const request = requestTo(dialect, 'text');
    const body = request.build(protectedCall(request).texts);
    const compact = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
    t.deepEqual(
      CHECKSUMMED.filter((value) => compact(body).includes(compact(value))),
      [],
    );
    t.regex(body, /<CREDIT_CARD_1>.*<IBAN_CODE_1>.*<US_SSN_1>.*<CN_RESIDENT_ID_1>/);
  });

  test(`${name}: nothing but a piece of a mark is ever held back, however long the stream`, (t) => {
    const request = requestTo(dialect, 'text');
    const reveal = dialect.createStreamReveal(protectedCall(request).revealer, request);
    const random = createRandom(42);
    const pieces = [
      '<PERSON',
      '_',
      'PERSON_',
      '&lt;CREDIT_CARD',
      '<',
      ' ',
      '\\u003',
      'cCN_RESIDENT_ID_',
      'a',
      '&',
    ];
    // The longest spelling: both brackets escaped, the longest name, eight digits.
    const longest = '\\u003cCN_RESIDENT_ID_12345678\\u003e'.length;
    let said = 0;
    let out = 0;
    let most = 0;
    for (let i = 0; i < 5_000; i++) {
      const piece = pieces[random(pieces.length)] ?? '';
      said += piece.length;
      out += textLength(reveal, name, deltaOf(name, piece));
      most = Math.max(most, said - out);
    }
    t.true(most > 0);
    t.true(most < longest, `${most} units`);
    t.is(said, out + Object.values(assemble(nameOf(name), reveal.end())).join('').length);
  });

  test(`${name}: what was said first leaves before the runner has said the last`, async (t) => {
    const request = requestTo(dialect, 'text');
    const call = { dialect, request, revealer: protectedCall(request).revealer };
    const source = Buffer.from(
      [1, 2, 3, 4].map((n) => `data: ${deltaOf(name, `${n} <PERSON_1> `)}\n\n`).join(''),
    );
    let read = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const piece of cutAt(source, [
        source.length / 4,
        source.length / 2,
        (3 * source.length) / 4,
      ])) {
        read += 1;
        yield piece;
      }
    }
    const readAt: number[] = [];
    for await (const data of restored(call, body())) if (data !== '"early"') readAt.push(read);
    t.deepEqual(readAt, [1, 2, 3, 4]);
  });
}

function nameOf(name: string): keyof typeof DIALECTS {
  return name === 'chat' || name === 'completions' || name === 'messages' ? name : 'responses';
}

function textLength(reveal: StreamReveal, name: string, data: string): number {
  return Object.values(assemble(nameOf(name), reveal.push(data))).join('').length;
}

function deltaOf(name: string, text: string): string {
  const events: Readonly<Record<string, object>> = {
    chat: { id: 'c', choices: [{ index: 0, delta: { content: text }, finish_reason: null }] },
    completions: { id: 'c', choices: [{ index: 0, text, finish_reason: null }] },
    messages: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    responses: {
      type: 'response.output_text.delta',
      output_index: 0,
      content_index: 0,
      item_id: 'm',
      delta: text,
    },
  };
  return JSON.stringify(events[name]);
}
