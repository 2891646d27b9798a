import test from 'ava';
import fc from 'fast-check';
import { createAligner, isSpace } from '../../../src/detect/ner/align.ts';

const bert = (text: string): string =>
  text
    .replace(/[\u4e00-\u9fff]/g, ' $& ')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
const tidy = (text: string): string => text.normalize('NFKC').replace(/ {2,}/g, ' ').trim();

test('what a character became points to that character, marks included', (t) => {
  const source = 'É e\u0301 王 ﬁ';
  const { text, starts, ends } = createAligner(bert)(source);
  const place = (char: string): string => source.slice(starts[text.indexOf(char)], ends[text.indexOf(char)]);
  t.is(text, 'e e  王  ﬁ');
  t.is(source.slice(starts[2], ends[2]), 'e\u0301');
  t.is(place('王'), '王');
  t.is(place('ﬁ'), 'ﬁ');
});

test('stripped and collapsed spaces do not move what stands between them', (t) => {
  const source = '  a \u00a0 ｂ  ';
  const { text, starts } = createAligner(tidy)(source);
  t.is(text, 'a b');
  t.is(source[starts[0] ?? 0], 'a');
  t.is(source[starts[2] ?? 0], 'ｂ');
});

test('a word that is not the sum of its characters is pointed to as a whole', (t) => {
  // JavaScript lower-cases a final sigma by its neighbours.
  const { text, starts, ends } = createAligner((s) => s.toLowerCase())('Ο ΟΔΟΣ');
  t.is(text, 'ο οδος');
  t.deepEqual([starts[2], ends[2], starts[5], ends[5]], [2, 6, 2, 6]);
});

test('a normaliser that no word explains is used word by word', (t) => {
  const { text, starts, ends } = createAligner((s) => Array.from(s).reverse().join(''))('ab cd');
  t.is(text, 'ba dc');
  t.deepEqual([starts[0], ends[0], starts[3], ends[3]], [0, 2, 3, 5]);
});

/** Random text, and text rich in characters that a normaliser puts spaces between, or changes with their neighbours. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '一',
      '\u0c82',
      '¨',
      '´',
      'Σ',
      'ς',
      'ﬃ',
      'x',
      ' ',
      '\u0301',
      '\u1fbd',
      '한',
      '\u1100',
    ),
    maxLength: 12,
  }),
);

test('places are in order and inside the text, whatever the text', (t) => {
  for (const normalise of [bert, tidy, (s: string) => s.normalize('NFKD').toUpperCase()]) {
    const align = createAligner(normalise);
    fc.assert(
      fc.property(anyText, (source) => {
        const { text, starts, ends } = align(source);
        return (
          starts.length === text.length &&
          starts.every((start, i) => {
            const end = ends[i] ?? -1;
            return start >= (starts[i - 1] ?? 0) && end >= start && end <= source.length;
          })
        );
      }),
    );
  }
  t.pass();
});

test('isSpace is \\s and the Metaspace mark', (t) => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const expected = /[\s\u2581]/.test(String.fromCharCode(unit));
    if (isSpace(unit) !== expected) t.fail(`U+${unit.toString(16)}`);
  }
  t.pass();
});
