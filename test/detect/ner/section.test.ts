import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../../src/domain/span.ts';
import { sectionsOf, uniteSpans } from '../../../src/detect/ner/section.ts';

function span(start: number, end: number, entity = 'PERSON', score = 0.9): Span {
  return { start, end, entity, score, recognizer: 'ner:test', validated: false };
}

test('an ordinary text is one section', (t) => {
  t.deepEqual([...sectionsOf('Maria')], [{ from: 0, to: 5 }]);
  t.deepEqual([...sectionsOf('')], [{ from: 0, to: 0 }]);
});

test('sections of a long text are bounded, overlap by hundreds of characters and leave nothing out', (t) => {
  const parts = fc.constantFrom('word ', 'line\n', '王', '😀', '\n\n', 'x'.repeat(700));
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 8 }), fc.nat(120_000), (some, length) => {
      const once = some.join('');
      const text = once.repeat(Math.ceil(length / once.length)).slice(0, length);
      let covered = 0;
      for (const { from, to } of sectionsOf(text)) {
        if (to - from > 16_384 || to < from) return false;
        if (from > 0 && covered - from < 500) return false;
        if ((text.charCodeAt(from) & 0xfc00) === 0xdc00 && (text.charCodeAt(from - 1) & 0xfc00) === 0xd800)
          return false;
        covered = to;
      }
      return covered === text.length;
    }),
    { numRuns: 50 },
  );
  t.pass();
});

test('what two sections found of one name becomes one span', (t) => {
  t.deepEqual(uniteSpans([span(10, 14), span(0, 4), span(10, 20, 'LOCATION', 0.95), span(19, 25)]), [
    span(0, 4),
    span(10, 25, 'LOCATION', 0.95),
  ]);
});
