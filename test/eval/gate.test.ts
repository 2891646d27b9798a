import test from 'ava';
import { type Detector } from '../../src/domain/span.ts';
import { breaches, floorsBelow, readFloors } from './floors.ts';
import { SAMPLE_FILLS, measureClean, measurePart } from './measure.ts';
import { openShippedDetector } from './open.ts';

test('the shipped detector is no worse than its committed floors on the sample', async (t) => {
  const { detector, close } = await openShippedDetector();
  try {
    const { figures } = await measurePart(detector, 'test', SAMPLE_FILLS);
    t.deepEqual(breaches(readFloors().sample, figures, await measureClean(detector)), []);
  } finally {
    await close();
  }
});

test('a detector that finds nothing is below every floor that asks for protection', async (t) => {
  const blind: Detector = { version: 'blind', detect: (texts) => Promise.resolve(texts.map(() => [])) };
  const { figures } = await measurePart(blind, 'test', SAMPLE_FILLS);
  const found = breaches(readFloors().sample, figures, await measureClean(blind));
  const asked = Object.values(readFloors().sample.protected).filter((floor) => floor > 0).length;
  t.true(asked > 20);
  t.true(found.length >= asked);
});

test('a detector that marks everything is above the ceiling for clean prompts', async (t) => {
  const greedy: Detector = {
    version: 'greedy',
    detect: (texts) =>
      Promise.resolve(
        texts.map(({ text }) => [
          { start: 0, end: text.length, entity: 'PERSON', score: 1, recognizer: 'greedy', validated: false },
        ]),
      ),
  };
  const found = breaches(readFloors().sample, new Map(), await measureClean(greedy));
  t.true(found.some((line) => line.startsWith('clean/test/all ')));
});

test('a figure that is gone is a breach', (t) => {
  const figures = new Map([['test/en/PERSON', { gold: 20, covered: 18, frames: 2, protected: 90 }]] as const);
  const full = new Map(
    [...figures].map(([name, one]) => [
      name,
      {
        ...one,
        exactP: 1,
        exactR: 1,
        exactF1: 1,
        overlapP: 80,
        overlapR: 1,
        overlapF1: 1,
      },
    ]),
  );
  const floors = floorsBelow(full, new Map(), 1);
  t.deepEqual(floors.protected, { 'test/en/PERSON': 89 });
  t.deepEqual(floors.precision, { 'test/en/PERSON': 79 });
  t.is(breaches({ ...floors, overRedaction: {} }, full, new Map()).length, 0);
  t.is(breaches({ ...floors, overRedaction: {} }, new Map(), new Map()).length, 2);
});
