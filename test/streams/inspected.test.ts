import test from 'ava';
import { createInspection, type Inspection } from '../../src/gateway/inspection/inspection.ts';
import { inputOf, snapshotOf } from '../policy/sets.ts';
import { structuredDetector } from '../support/output-reading.ts';
import { assemble, type Texts } from './assemble.ts';
import { withDeltaCut } from './deltas.ts';
import { bodyOf, textsOfBody } from './equivalent.ts';
import { requestTo, protectedCall } from './marks.ts';
import { recorded, type Recorded } from './recorded.ts';
import { insertedInto, misaligned } from './shape.ts';
import { createRandom, dataOf } from './through.ts';

/** Streams of marks alone: what surrogates stand for is not in the request here, so it counts as the model's. */
const STREAMS = recorded(['chat', 'completions', 'messages', 'responses']).filter(
  ({ title, end }) => !title.includes('surrogate') && !end.startsWith('upstream'),
);
const RUNS = 8;
const detector = structuredDetector();

const OUTPUT = {
  numbers: [
    { id: 'names', entities: ['*'], handling: 'disclose' },
    { id: 'numbers', entities: ['financial', 'identifiers', 'secrets'], handling: 'mask' },
  ],
  structure: [
    { id: 'names', entities: ['*'], handling: 'disclose' },
    { id: 'mail', entities: ['financial', 'identifiers', 'secrets', 'EMAIL_ADDRESS'], handling: 'mask' },
  ],
} as const;

async function inspectionOf({ dialect, title }: Recorded, reading: keyof typeof OUTPUT): Promise<Inspection> {
  const request = requestTo(dialect, title.endsWith('structured') ? 'json' : 'text');
  return createInspection(
    {
      detector,
      pseudonym: (_tenant, _scope, value) => Buffer.from(value).toString('hex').slice(0, 16),
      outputWindowChars: 200,
      outputEveryWord: false,
    },
    {
      snapshot: await snapshotOf({ output: OUTPUT[reading] }),
      input: inputOf(),
      said: { slots: request.slots, recalled: [] },
      safe: protectedCall(request),
      signal: new AbortController().signal,
    },
  );
}

async function heard(
  stream: Recorded,
  reading: keyof typeof OUTPUT,
  data: readonly string[],
): Promise<readonly string[]> {
  const inspection = await inspectionOf(stream, reading);
  const { reveal, prepare, prepareEnd } = inspection.ofStream((revealer) =>
    stream.dialect.createStreamReveal(revealer, stream.request),
  );
  const out: string[] = [];
  for (const event of data) {
    await prepare(event);
    out.push(...reveal.push(event));
  }
  await prepareEnd();
  out.push(...reveal.end());
  return reveal.done ? [...out, reveal.terminator] : out;
}

for (const reading of ['numbers', 'structure'] as const) {
  for (const stream of STREAMS) {
    const { title, name, source, dialect, request, texts } = stream;

    test(`${reading}: ${title}: an answer that is read keeps its events and says what it said`, async (t) => {
      const raw = await dataOf(source);
      const events = await heard(stream, reading, raw);
      t.truthy(insertedInto(raw, events), events.join('\n'));
      t.deepEqual(misaligned(events), []);
      t.deepEqual(assemble(name, events), texts);
    });

    test(`${reading}: ${title}: whatever tokens the model makes of its text, it reads the same`, async (t) => {
      const raw = await dataOf(source);
      for (let seed = 1; seed <= RUNS; seed++) {
        const random = createRandom(seed * 104_729 + source.length);
        const cut = (text: string): readonly string[] => {
          const cuts = Array.from({ length: random(6) }, () => random(text.length + 1)).sort((a, b) => a - b);
          return [...cuts, text.length].map((end, i) => text.slice(cuts[i - 1] ?? 0, end));
        };
        const events = await heard(
          stream,
          reading,
          raw.flatMap((data) => withDeltaCut(data, cut)),
        );
        t.deepEqual<Texts, Texts>(assemble(name, events), texts, `seed ${seed}`);
      }
    });

    test(`${reading}: ${title}: without a stream it says the same`, async (t) => {
      const raw = await dataOf(source);
      const body = bodyOf(stream, assemble(name, raw), raw);
      if (body === undefined || name === 'responses') {
        t.pass();
        return;
      }
      const inspection = await inspectionOf(stream, reading);
      const revealer = await inspection.ofWhole((reader) => {
        dialect.revealBody(body, reader, request);
      });
      const said = textsOfBody(stream, dialect.revealBody(body, revealer, request).body);
      for (const [place, text] of Object.entries(said)) {
        if (name === 'messages' && place.endsWith('partial_json'))
          t.deepEqual(JSON.parse(texts[place] ?? ''), JSON.parse(text));
        else t.is<unknown, unknown>(text, texts[place], place);
      }
    });
  }
}
