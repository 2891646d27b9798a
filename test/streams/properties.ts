import test from 'ava';
import { assemble, closingTexts } from './assemble.ts';
import { bodyOf, textsOfBody } from './equivalent.ts';
import { MARK, SURROGATES, VALUES } from './marks.ts';
import { type DialectName, recorded, type Recorded } from './recorded.ts';
import { insertedInto, misaligned } from './shape.ts';
import { createRandom, cutAt, dataOf, restored, through } from './through.ts';

/** Of each stream. */
export const RANDOM_CUTS = 200;
const MOST_PIECES = 200;

async function eventsOf(stream: Recorded): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const data of restored(stream, cutAt(stream.source, []))) events.push(data);
  return events;
}

/** What the caller heard, but for the values put back: where marks would be left. */
function withoutValues(texts: readonly string[]): string {
  return Object.values(VALUES).reduce((text, value) => text.replaceAll(value, ''), texts.join('\n'));
}

/** The properties of every recorded stream of some dialects, as tests. */
export function testStreams(names: readonly DialectName[]): void {
  const counted = { streams: 0, bytes: 0, cuts: 0, randomCuts: 0 };
  for (const stream of recorded(names)) {
    const { title, name, source, revealer, end, texts, dialect, request } = stream;
    counted.streams += 1;
    counted.bytes += source.length;

    test(`${title}: every value is put back exactly, and no mark is left`, async (t) => {
      const events = await eventsOf(stream);
      const ending = end === 'whole' ? [] : events.slice(-1);
      if (end !== 'whole') t.deepEqual(ending, [JSON.stringify(end)]);
      const heard = assemble(name, events);
      t.deepEqual(heard, texts);
      const left = withoutValues(Object.values(heard));
      t.notRegex(left, MARK);
      t.deepEqual(
        [...SURROGATES.keys()].filter((surrogate) => /\d|@/.test(surrogate) && left.includes(surrogate)),
        [],
      );
    });

    test(`${title}: the stream says what the same answer says without a stream`, async (t) => {
      const raw = await dataOf(source);
      const body = bodyOf(stream, assemble(name, raw), raw);
      if (body === undefined) {
        t.not(end, 'whole');
        return;
      }
      const whole = dialect.revealBody(body, revealer, request).body;
      const events = await eventsOf(stream);
      if (name === 'responses') {
        const heard = assemble(name, events);
        for (const [place, text] of Object.entries(closingTexts(events)))
          t.is<unknown, unknown>(text, heard[place], place);
        t.deepEqual(JSON.parse(events.at(-1) ?? ''), {
          ...(JSON.parse(events.at(-1) ?? '') as object),
          response: JSON.parse(whole) as unknown,
        });
        return;
      }
      const said = textsOfBody(stream, whole);
      t.true(Object.keys(said).length > 0);
      for (const [place, text] of Object.entries(said)) {
        if (name === 'messages' && place.endsWith('partial_json'))
          t.deepEqual(JSON.parse(texts[place] ?? ''), JSON.parse(text));
        else t.is<unknown, unknown>(text, texts[place], place);
      }
    });

    test(`${title}: every event is there, in its order and of its shape, and none tells of other tokens`, async (t) => {
      const raw = await dataOf(source);
      const events = await eventsOf(stream);
      const ended = end === 'whole' || end === 'early';
      const inserted = insertedInto(
        ended ? raw : raw.slice(0, -1),
        end === 'whole' ? events : events.slice(0, -1),
      );
      t.truthy(inserted, events.join('\n'));
      for (const data of inserted ?? []) t.regex(data, /"delta"|"text":/);
      t.deepEqual(misaligned(events), []);
    });

    test(`${title}: every cut into two pieces, and into single bytes, gives the same bytes`, async (t) => {
      const whole = await through(stream, cutAt(source, []));
      for (let cut = 1; cut < source.length; cut++) {
        const heard = await through(stream, cutAt(source, [cut]));
        counted.cuts += 1;
        if (heard !== whole) t.is(heard, whole, `cut at ${cut}`);
      }
      t.is(await through(stream, cutAt(source, [...source.keys()].slice(1))), whole);
    });

    test(`${title}: random cuts into many pieces give the same bytes`, async (t) => {
      const whole = await through(stream, cutAt(source, []));
      for (let run = 1; run <= RANDOM_CUTS; run++) {
        const seed = source.length * 1_000 + run;
        const random = createRandom(seed);
        const cuts = Array.from({ length: 2 + random(MOST_PIECES) }, () => random(source.length));
        const heard = await through(
          stream,
          cutAt(
            source,
            cuts.sort((a, b) => a - b),
          ),
        );
        counted.randomCuts += 1;
        if (heard !== whole) t.is(heard, whole, `seed ${seed}`);
      }
      t.pass();
    });
  }

  test.after((t) => {
    const { streams, bytes, cuts, randomCuts } = counted;
    t.log(`${streams} streams, ${bytes} bytes, ${cuts} cuts in two, ${randomCuts} random cuts in many`);
  });
}
