import test from 'ava';
import fc from 'fast-check';
import { createDecoder, type DecoderOptions } from '../../../src/detect/ner/decode.ts';
import { createEntityNames } from '../../../src/detect/ner/entities.ts';
import { type Encoding } from '../../../src/detect/ner/encoding.ts';
import {
  type LabelSet,
  parseLabels,
  parseThresholds,
  parseTransitions,
} from '../../../src/detect/ner/labels.ts';
import { STRAY, viterbi } from '../../../src/detect/ner/viterbi.ts';

const BIO = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];
const BIOES = ['O', 'B-PER', 'I-PER', 'E-PER', 'S-PER', 'S-LOC'];

function labelSet(labels: readonly string[]): LabelSet {
  return parseLabels(Object.fromEntries(labels.map((label, i) => [i, label])));
}

/** Words at single spaces are units; `tags` says what the model thinks of each. */
function decode(
  text: string,
  labels: readonly string[],
  tags: readonly string[],
  options: Partial<DecoderOptions> = {},
) {
  const matches = [...text.matchAll(/\S+/g)];
  const encoding: Encoding = {
    starts: Int32Array.from(matches, ({ index }) => index),
    ends: Int32Array.from(matches, ({ index, 0: word }) => index + word.length),
    features: [],
  };
  const logits = Float32Array.from(tags.flatMap((tag) => labels.map((label) => (label === tag ? 6 : 0))));
  const decoder = createDecoder({
    set: labelSet(labels),
    transitions: undefined,
    thresholds: new Map(),
    entityOf: createEntityNames(undefined),
    wholeWords: false,
    recognizer: 'ner:test',
    ...options,
  });
  return decoder(text, encoding, logits).map((span) => [text.slice(span.start, span.end), span.entity]);
}

test('BIO and BIOES spans are what their labels say', (t) => {
  t.deepEqual(decode('Ann Lee met Bob', BIO, ['B-PER', 'I-PER', 'O', 'B-PER']), [
    ['Ann Lee', 'PERSON'],
    ['Bob', 'PERSON'],
  ]);
  t.deepEqual(decode('Ann Lee Bob Rome', BIOES, ['B-PER', 'E-PER', 'S-PER', 'S-LOC']), [
    ['Ann Lee', 'PERSON'],
    ['Bob', 'PERSON'],
    ['Rome', 'LOCATION'],
  ]);
});

test('a sure I- without its B- is an entity, an unsure one is not', (t) => {
  t.deepEqual(decode('in Rome today', BIO, ['O', 'I-LOC', 'O']), [['Rome', 'LOCATION']]);
  t.deepEqual(decode('Ann Rome', BIO, ['B-PER', 'I-LOC']), [
    ['Ann', 'PERSON'],
    ['Rome', 'LOCATION'],
  ]);
  const set = labelSet(BIO);
  const unsure = Float32Array.of(0, -9, -9, -9, -9, -2, -9, -9, -9, -0.2);
  t.deepEqual([...viterbi(unsure, set, undefined)], [0, 0]);
  t.deepEqual(decode('in Rome today', BIOES, ['O', 'I-PER', 'O']), []);
});

test('labels that only know inside need no beginning', (t) => {
  const labels = ['O', 'I-GIVENNAME', 'I-SURNAME', 'I-CITY'];
  t.deepEqual(decode('Ann Lee in Rome', labels, ['I-GIVENNAME', 'I-SURNAME', 'O', 'I-CITY']), [
    ['Ann Lee', 'PERSON'],
    ['Rome', 'LOCATION'],
  ]);
  t.deepEqual(decode('a@example.com', ['O', 'E-MAIL', 'PHONE'], ['E-MAIL']), [['a@example.com', 'E_MAIL']]);
});

test('BILOU and BMES are BIOES in other letters', (t) => {
  t.deepEqual(
    labelSet(['O', 'B-X', 'I-X', 'L-X', 'U-X']).labels.map((label) => label.position),
    ['O', 'B', 'I', 'E', 'S'],
  );
});

test('MISC is ignored and an unknown type keeps its name in capitals', (t) => {
  t.deepEqual(decode('Opera Foo', ['O', 'B-MISC', 'B-pet name'], ['B-MISC', 'B-pet name']), [
    ['Foo', 'PET_NAME'],
  ]);
});

test('prototype names are ordinary types', (t) => {
  t.is(createEntityNames(undefined)('constructor'), 'CONSTRUCTOR');
  t.is(createEntityNames(JSON.parse('{"__proto__": null}'))('__proto__'), undefined);
});

test('punctuation at the edges goes, what belongs to the name stays', (t) => {
  const one = (text: string): string | undefined => decode(text, BIO, ['B-PER'])[0]?.[0];
  t.is(one('Lee,'), 'Lee');
  t.is(one('"Lee"'), 'Lee');
  t.is(one('(Lee)'), 'Lee');
  t.is(one('(Lee'), 'Lee');
  t.is(one('《王明》，'), '王明');
  t.is(one('Inc.'), 'Inc.');
  t.is(one('Lee(Ann)'), 'Lee(Ann)');
  t.is(one(',;'), undefined);
});

test('a span of a subword model takes in its whole word, but no more, and no Chinese neighbour', (t) => {
  const whole = (text: string, start: number, end: number): unknown => {
    const encoding = { starts: Int32Array.of(start), ends: Int32Array.of(end), features: [] };
    const set = labelSet(BIO);
    const options = { transitions: undefined, thresholds: new Map<string, number>(), recognizer: 'ner:test' };
    const decoder = createDecoder({
      ...options,
      set,
      entityOf: createEntityNames(undefined),
      wholeWords: true,
    });
    const [span] = decoder(text, encoding, Float32Array.of(0, 9, 0, 0, 0));
    return span && text.slice(span.start, span.end);
  };
  t.is(whole('to Washington, D.C.', 3, 7), 'Washington');
  t.is(whole('to Washington, D.C.', 7, 13), 'Washington');
  t.is(whole('我是王小明先生', 2, 5), '王小明');
  t.is(whole('Zoe\u0308!', 0, 3), 'Zoe\u0308');
});

test('transitions that were learned can outvote the units', (t) => {
  const set = labelSet(BIO);
  const scores = Float32Array.of(-9, 0, -9, -9, -9, -9, -1, -1.2, -9, -9);
  t.deepEqual([...viterbi(scores, set, undefined)], [1, 1]);
  const learned = new Float32Array(25);
  learned[1 * 5 + 1] = -2;
  t.deepEqual([...viterbi(scores, set, learned)], [1, 2]);
});

test('Viterbi finds the best of all sequences the labels allow', (t) => {
  const number = fc.float({ min: -5, max: 5, noNaN: true });
  for (const labels of [BIO, BIOES]) {
    const set = labelSet(labels);
    const count = labels.length;
    const rows = fc.array(fc.array(number, { minLength: count, maxLength: count }), {
      minLength: 1,
      maxLength: 4,
    });
    const learned = fc.option(fc.array(number, { minLength: count * count, maxLength: count * count }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(rows, learned, (scores, transitions) => {
        const flat = Float32Array.from(scores.flat());
        const matrix = transitions && Float32Array.from(transitions);
        const path = [...viterbi(flat, set, matrix)];
        const found = scoreOf(path, flat, set, matrix);
        return Math.abs(found - bestScore(flat, set, matrix)) < 1e-3;
      }),
      { numRuns: 60 },
    );
  }
  t.pass();
});

function scoreOf(
  path: readonly number[],
  scores: Float32Array,
  set: LabelSet,
  learned: Float32Array | undefined,
): number {
  const count = set.labels.length;
  let sum = 0;
  for (const [unit, to] of path.entries()) {
    const from = path[unit - 1];
    const continues = set.continues[to];
    const isAllowed =
      from === undefined ? continues === undefined : (continues ?? set.closing).includes(from);
    const isStray =
      learned === undefined && set.mayStray[to] === true && set.closing.includes(from ?? set.outside);
    if (!isAllowed && !isStray) return -Infinity;
    const price = isAllowed ? 0 : STRAY;
    sum +=
      (scores[unit * count + to] ?? 0) +
      price +
      (from === undefined ? 0 : (learned?.[from * count + to] ?? 0));
  }
  return set.closing.includes(path.at(-1) ?? 0) ? sum : -Infinity;
}

function bestScore(scores: Float32Array, set: LabelSet, learned: Float32Array | undefined): number {
  const count = set.labels.length;
  const units = scores.length / count;
  let best = -Infinity;
  for (let code = 0; code < count ** units; code++) {
    const path = Array.from({ length: units }, (_, unit) => Math.floor(code / count ** unit) % count);
    best = Math.max(best, scoreOf(path, scores, set, learned));
  }
  return best;
}

test('label sets, transitions and thresholds that are not whole are refused', (t) => {
  const refused = { code: 'detector_unavailable' };
  t.throws(() => parseLabels({ 0: 'O', 2: 'B-PER' }), refused);
  t.throws(() => parseLabels({ 0: 'B-PER', 1: 'I-PER' }), refused);
  t.throws(() => parseLabels(['O', 'B-PER']), refused);
  t.throws(() => parseTransitions([[0, 1], [0]], 2), refused);
  t.throws(
    () =>
      parseTransitions(
        [
          [0, 1],
          [0, Infinity],
        ],
        2,
      ),
    refused,
  );
  t.throws(() => parseThresholds({ PERSON: 2 }), refused);
  t.throws(() => createEntityNames({ PER: 'a person' }), refused);
});
