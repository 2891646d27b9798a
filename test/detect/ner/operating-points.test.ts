import test from 'ava';
import fc from 'fast-check';
import { looksEnglish } from '../../../src/detect/ner/language.ts';
import { parseOperatingPoints, pointsFor, scoreAgainst } from '../../../src/detect/ner/operating-points.ts';

const POINTS = { outside: 2, english: 0.1, chinese: 0.2, whole: 0.3, other: 0.4 };

test('the point goes by script, language and shape', (t) => {
  const english = pointsFor('Please ask Ada what the report says.', POINTS);
  t.is(english('Ada'), 0.1);
  t.is(english('陈思远'), 0.2);
  const german = pointsFor('Bitte frag Ada Lovelace, was im Bericht steht.', POINTS);
  t.is(german('Ada Lovelace'), 0.3);
  t.is(german('Ada'), 0.4);
  t.is(german('ada lovelace'), 0.4);
});

for (const [text, expected] of [
  ['can you send it to ada', true],
  ['ada: ok', true],
  ['kannst du das an ada schicken', false],
  ['tu peux le dire à ada', false],
  ['dile a ada que no voy', false],
  ['puoi dirlo ad ada per favore', false],
  ['kun je het aan ada vragen', false],
  ['você pode avisar a ada', false],
] as const) {
  test(`small words tell the language: ${text}`, (t) => {
    t.is(looksEnglish(text), expected);
  });
}

test('a score keeps the order of probabilities, and 0.5 is the point', (t) => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const point = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(point, share, share, (at, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const [below, above] = [scoreAgainst(at, low), scoreAgainst(at, high)];
      t.true(below <= above && below >= 0 && above <= 1);
      t.is(high >= at, above >= 0.5);
    }),
  );
});

test('a folder without points has none, and a wrong table is refused', (t) => {
  t.is(parseOperatingPoints(undefined), undefined);
  t.deepEqual(parseOperatingPoints(POINTS), POINTS);
  for (const wrong of [
    {},
    { ...POINTS, english: 1.2 },
    { ...POINTS, outside: -1 },
    { ...POINTS, other: '1' },
    [],
  ])
    t.throws(() => parseOperatingPoints(wrong), { code: 'detector_unavailable' });
});
