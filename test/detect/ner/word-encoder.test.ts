import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { type Encoding } from '../../../src/detect/ner/encoding.ts';
import { createWordEncoder } from '../../../src/detect/ner/word-encoder.ts';

interface Case {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly features: Readonly<Record<string, readonly number[]>>;
}

interface Fixture {
  readonly made: { readonly config: Readonly<Record<string, unknown>>; readonly vocab: string };
  readonly cases: readonly Case[];
}

// Tests run from build/test/detect/ner; the fixture stays in the source tree.
const file = new URL('../../../../test/fixtures/word-encoder-parity.json', import.meta.url);
const { made, cases } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
const encoder = createWordEncoder(made.config, { vocab: made.vocab });

const plain = (e: Encoding): Omit<Case, 'text'> => ({
  starts: [...e.starts],
  ends: [...e.ends],
  features: Object.fromEntries(e.features.map((f) => [f.name, [...f.data]])),
});

const isBlank = (text: string): boolean =>
  Array.from(text).every((c) => c <= ' ' || (c >= '\u007f' && c <= '\u00a0') || c.trim() === '');

const shape = (e: Encoding): readonly number[] =>
  e.features.map((f) => f.data.length / Math.max(1, f.width * e.starts.length));

test('features equal those the model was trained on', (t) => {
  for (const { text, ...expected } of cases) t.deepEqual(plain(encoder.encode(text)), expected, text);
});

test('units are disjoint, in order and hold every character that is not whitespace', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { starts, ends } = encoder.encode(text);
      let last = 0;
      for (let i = 0; i < starts.length; i++) {
        const start = starts[i] ?? -1;
        const end = ends[i] ?? -1;
        if (start < last || end <= start) return false;
        if (!isBlank(text.slice(last, start))) return false;
        last = end;
      }
      return last <= text.length;
    }),
  );
  t.pass();
});

test('every feature has its width for every unit', (t) => {
  for (const { text } of cases)
    t.true(shape(encoder.encode(text)).every((ratio) => ratio === 1 || text.trim() === ''));
});

test('a megabyte of one word is one unit', (t) => {
  const { starts, ends } = encoder.encode('x'.repeat(1_000_000));
  t.deepEqual([[...starts], [...ends]], [[0], [1_000_000]]);
});

test('a megabyte of combining marks is one unit', (t) => {
  t.is(encoder.encode('\u0301'.repeat(1_000_000)).starts.length, 1);
});

test('a megabyte of lone surrogates is a unit each', (t) => {
  t.is(encoder.encode('\ud83d'.repeat(1_000_000)).starts.length, 1_000_000);
});

test('a word with a surrogate pair at the cut keeps whole characters', (t) => {
  const { ends, features } = encoder.encode('𝒜'.repeat(50));
  const chars = features.find((f) => f.name === 'chars');
  t.deepEqual([...ends], [100]);
  t.is(new Set(chars?.data).size, 1);
});

test('a configuration of another model is refused', (t) => {
  for (const config of [null, 7, {}, { ...made.config, model_type: 'bert' }, { ...made.config, chars: 3 }]) {
    t.throws(() => createWordEncoder(config, { vocab: '' }), { instanceOf: TypeError });
  }
});

test('sizes outside their range are refused', (t) => {
  for (const bad of [
    { char_head: 6 },
    { char_width: 0 },
    { max_word: 1e9 },
    { char_width: '6' },
    { char_width: 99 },
  ]) {
    t.throws(() => createWordEncoder({ ...made.config, ...bad }, { vocab: '' }), { instanceOf: TypeError });
  }
});
