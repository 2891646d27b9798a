import test from 'ava';
import fc from 'fast-check';
import { planWindows, stitch, windowSize } from '../../../src/detect/ner/window.ts';

const size = fc.record({
  maxUnits: fc.integer({ min: 1, max: 60 }),
  share: fc.float({ min: 0, max: 0.5, noNaN: true }),
});

test('windows keep every unit exactly once, in order, and never exceed their size', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), size, (units, { maxUnits, share }) => {
      const overlap = Math.floor(maxUnits * share);
      let kept = 0;
      for (const { from, to, keepFrom, keepTo } of planWindows(units, { maxUnits, overlap })) {
        if (keepFrom !== kept || keepTo <= keepFrom || from > keepFrom || to < keepTo) return false;
        if (to - from > maxUnits || from < 0 || to > units) return false;
        kept = keepTo;
      }
      return kept === units;
    }),
  );
  t.pass();
});

test('a kept unit has half the overlap on either side, unless the text ends there', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), size, (units, { maxUnits, share }) => {
      const overlap = Math.floor(maxUnits * share);
      const least = Math.floor(overlap / 2);
      return planWindows(units, { maxUnits, overlap }).every(
        ({ from, to, keepFrom, keepTo }) =>
          (from === 0 || keepFrom - from >= least) && (to === units || to - keepTo >= least),
      );
    }),
  );
  t.pass();
});

test('a receptive field that leaves no room in a window is refused', (t) => {
  t.deepEqual(windowSize(64, 16), { maxUnits: 64, overlap: 32 });
  t.throws(() => windowSize(64, 17), { code: 'detector_unavailable' });
});

test('a window without its answer fails the text', (t) => {
  const windows = planWindows(10, { maxUnits: 6, overlap: 2 });
  t.throws(() => stitch(windows, [new Float32Array(6)], 10, 1), { code: 'detector_unavailable' });
});
