import test from 'ava';
import fc from 'fast-check';
import { countCodePoints } from '../../src/guardrails/code-points.ts';

test('emoji and astral Chinese characters count as one, as in Python', (t) => {
  const text = '😀𠀀王a🇩🇪';
  const points = countCodePoints(text);
  t.is(points.length, 6);
  t.deepEqual(
    [0, 2, 4, 5, 6, 8, 10].map((at) => points.fromUnits(at)),
    [0, 1, 2, 3, 4, 5, 6],
  );
  t.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].map((at) => points.toUnits(at)),
    [0, 2, 4, 5, 6, 8, 10],
  );
});

test('both ways are each other’s inverse, and agree with cutting by code points', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(), (text, a, b) => {
      const characters = Array.from(text);
      const points = countCodePoints(text);
      t.is(points.length, characters.length);
      const [start, end] = [a % (characters.length + 1), b % (characters.length + 1)].sort((x, y) => x - y);
      if (start === undefined || end === undefined) return;
      t.is(text.slice(points.toUnits(start), points.toUnits(end)), characters.slice(start, end).join(''));
      t.is(points.fromUnits(points.toUnits(start)), start);
    }),
  );
});
