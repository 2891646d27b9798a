import test from 'ava';
import fc from 'fast-check';
import { type FrameUnit } from '../../../src/detect/ner/frame.ts';
import { createHfEncoder } from '../../../src/detect/ner/hf-encoder.ts';
import { createHuggingFaceTokenizer } from '../../../src/detect/ner/tokenizers.ts';
import { wordPieceTokenizer } from '../../support/ner-folder.ts';
import { byteLevelTokenizer, joinedTokenizer, unigramTokenizer } from '../../support/tokenizer-json.ts';

const FAMILIES: Readonly<Record<string, unknown>> = {
  WordPiece: wordPieceTokenizer(),
  'byte-level BPE': byteLevelTokenizer(false),
  'byte-level BPE with a prefix space': byteLevelTokenizer(true),
  Unigram: unigramTokenizer(),
  'BPE with byte fallback': joinedTokenizer(),
};

/** Words, marks, emoji and spaces people write; ordinary enough that the reference reads them without surprises. */
const fragment = fc.constantFrom(
  ...[
    'Maria',
    'Müller',
    'Mu\u0308ller',
    'lives',
    'in',
    'par',
    'Paris',
    "it's",
    '王小明',
    '在',
    '東京タワー',
    '김철수',
  ],
  ...[
    '👩‍👩‍👧',
    '😀',
    '🇨🇭',
    'é',
    'ﬁn',
    '42',
    ',',
    '.',
    '(',
    '...',
    ' ',
    '  ',
    '\n',
    '\t',
    '\u00a0',
    'Ａ',
    'x'.repeat(30),
  ],
);
const text = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(''));

function pieces(encoder: ReturnType<typeof createHfEncoder>['encoder'], source: string): string[] {
  const { starts, ends } = encoder.encode(source);
  return Array.from(starts, (start, i) => source.slice(start, ends[i]));
}

for (const [family, tokenizer] of Object.entries(FAMILIES)) {
  test(`${family} gives the ids that the library gives for the whole text`, (t) => {
    const { encoder } = createHfEncoder(tokenizer, {}, 0);
    const reference = createHuggingFaceTokenizer(tokenizer, {});
    fc.assert(
      fc.property(text, (source) => {
        const ids = encoder.encode(source).features[0]?.data ?? new Int32Array();
        return Array.from(ids).join() === reference.encode(source, { add_special_tokens: false }).ids.join();
      }),
      { numRuns: 300 },
    );
    t.pass();
  });

  test(`${family} units are in order, inside the text, and leave no visible character out`, (t) => {
    const { encoder } = createHfEncoder(tokenizer, {}, 0);
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (source) => {
        const { starts, ends, features } = encoder.encode(source);
        const covered = new Uint8Array(source.length);
        for (let i = 0; i < starts.length; i++) {
          const start = starts[i] ?? -1;
          const end = ends[i] ?? -1;
          if (start < 0 || end < start || end > source.length || start < (starts[i - 1] ?? 0)) return false;
          covered.fill(1, start, end);
        }
        const isWhole = Array.from(source.matchAll(/[\p{L}\p{N}\p{P}]/gu)).every(
          ({ index }) => covered[index] === 1,
        );
        return isWhole && features.every((feature) => feature.data.length === starts.length);
      }),
      { numRuns: 300 },
    );
    t.pass();
  });
}

test('pieces stand where their characters stand', (t) => {
  const wordPiece = createHfEncoder(wordPieceTokenizer(), {}, 0).encoder;
  t.deepEqual(pieces(wordPiece, ' 😀 Mu\u0308ller, PARIS 王小明'), [
    '😀',
    'Mu\u0308l',
    'ler',
    ',',
    'PAR',
    'IS',
    '王',
    '小',
    '明',
  ]);
  const byteLevel = createHfEncoder(byteLevelTokenizer(false), {}, 0).encoder;
  t.deepEqual(pieces(byteLevel, 'Maria lives 王'), ['Maria', 'liv', 'e', 's', ' ', '王', '王', '王']);
  const unigram = createHfEncoder(unigramTokenizer(), {}, 0).encoder;
  t.deepEqual(pieces(unigram, '  Maria   lives, 王ｘ'), ['Mar', 'ia', 'li', 've', 's', ',', ' ', '王', 'ｘ']);
});

test('the frame is what the post-processor puts around a text', (t) => {
  const framed = (id: number): FrameUnit => ({ input_ids: id, attention_mask: 1, token_type_ids: 0 });
  t.deepEqual(createHfEncoder(wordPieceTokenizer(), {}, 0).frame, {
    before: [framed(2)],
    after: [framed(3)],
  });
  t.deepEqual(createHfEncoder(unigramTokenizer(), {}, 0).frame, {
    before: [framed(0)],
    after: [framed(2)],
  });
});

test('a special token that a caller writes is text', (t) => {
  for (const tokenizer of Object.values(FAMILIES)) {
    const { encoder } = createHfEncoder(tokenizer, {}, 0);
    const ids = Array.from(encoder.encode('a </s> [SEP] <s>[CLS]').features[0]?.data ?? []);
    const special = tokenizer === FAMILIES['WordPiece'] ? [2, 3] : [0, 1, 2];
    t.false(ids.some((id) => special.includes(id)));
  }
});

test('a word of a hundred thousand letters is read in linear time and wholly covered', (t) => {
  for (const tokenizer of Object.values(FAMILIES)) {
    const { starts, ends } = createHfEncoder(tokenizer, {}, 0).encoder.encode('a'.repeat(100_000));
    t.is(starts[0], 0);
    t.is(ends.at(-1), 100_000);
  }
});

test('tokenizers whose words cannot be placed are refused at load', (t) => {
  const spec = {
    ...wordPieceTokenizer(),
    pre_tokenizer: { type: 'Replace', pattern: { String: 'a' }, content: 'b' },
  };
  t.throws(() => createHfEncoder(spec, {}, 0), { code: 'detector_unavailable' });
});
