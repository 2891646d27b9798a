import test from 'ava';
import fc from 'fast-check';
import { merge } from '../../src/detect/merge.ts';
import { type Span } from '../../src/domain/span.ts';

function span(start: number, end: number, entity: string, more: Partial<Span> = {}): Span {
  return { start, end, entity, score: 0.8, recognizer: 'x', validated: false, ...more };
}
const brief = (spans: readonly Span[]): string[] => spans.map((s) => `${s.start}-${s.end} ${s.entity}`);

test('a proven span wins over a longer one, whose rest stays protected on both sides', (t) => {
  t.deepEqual(brief(merge([span(0, 30, 'ADDRESS'), span(10, 20, 'PHONE_NUMBER', { validated: true })])), [
    '0-10 ADDRESS',
    '10-20 PHONE_NUMBER',
    '20-30 ADDRESS',
  ]);
});

test('the longer wins, then the higher score, then the entity', (t) => {
  t.deepEqual(brief(merge([span(0, 5, 'A'), span(0, 9, 'B')])), ['0-9 B']);
  t.deepEqual(brief(merge([span(0, 5, 'A'), span(0, 5, 'B', { score: 0.9 })])), ['0-5 B']);
  t.deepEqual(brief(merge([span(0, 5, 'URL'), span(0, 5, 'SECRET')])), ['0-5 SECRET']);
});

test('a span found twice is one span, and neighbours stay two', (t) => {
  t.deepEqual(brief(merge([span(0, 5, 'A'), span(0, 5, 'A'), span(5, 9, 'A')])), ['0-5 A', '5-9 A']);
});

test('nothing in, nothing out', (t) => {
  t.deepEqual(merge([]), []);
});

const spans = fc.array(
  fc
    .record({
      start: fc.nat(60),
      length: fc.integer({ min: 1, max: 25 }),
      entity: fc.constantFrom('PERSON', 'SECRET', 'URL', 'AGE'),
      score: fc.constantFrom(0.5, 0.7, 0.9),
      validated: fc.boolean(),
    })
    .map(({ start, length, entity, score, validated }) =>
      span(start, start + length, entity, { score, validated }),
    ),
  { maxLength: 14 },
);

function covered(list: readonly Span[]): Set<number> {
  return new Set(list.flatMap((s) => Array.from({ length: s.end - s.start }, (_, i) => s.start + i)));
}

test('the result is sorted, disjoint, and covers exactly what the input covers', (t) => {
  fc.assert(
    fc.property(spans, (input) => {
      const output = merge(input);
      output.forEach((s, i) => {
        t.true(s.start < s.end && s.start >= (output[i - 1]?.end ?? 0));
      });
      t.deepEqual([...covered(output)].sort(), [...covered(input)].sort());
    }),
  );
});

test('the order of the input does not matter, and merging again changes nothing', (t) => {
  fc.assert(
    fc.property(spans, (input) => {
      const output = merge(input);
      t.deepEqual(brief(merge([...input].reverse())), brief(output));
      t.deepEqual(brief(merge(output)), brief(output));
    }),
  );
});

test('a hundred thousand overlapping spans are merged', (t) => {
  const many = Array.from({ length: 100_000 }, (_, i) => span(i, i + 50, 'A'));
  t.is(merge(many).at(-1)?.end, 100_049);
});
